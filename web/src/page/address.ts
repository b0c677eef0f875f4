/** Where the page is, and who looks at it: both stand behind the `#` of the address. */
import { useSyncExternalStore } from "react";

import { takenToken } from "../token.ts";

export interface Address {
  /** Counts the places that the page has been at. */
  readonly number: number;
  readonly place: URLSearchParams;
  /** The last token that an address brought; empty if none did. */
  readonly token: string;
}

let here: Address | undefined;

/** The address as it is; a new one whenever somebody follows a link, be it to where they are. */
export function useAddress(): Address {
  return useSyncExternalStore(subscribe, address);
}

function address(): Address {
  here ??= arrived({ number: 0, token: "" });
  return here;
}

function subscribe(changed: () => void): () => void {
  const move = (): void => {
    here = arrived(address());
    changed();
  };
  addEventListener("hashchange", move);
  return () => removeEventListener("hashchange", move);
}

function arrived({ number, token }: Pick<Address, "number" | "token">): Address {
  return {
    number: number + 1,
    token: takenToken() || token,
    place: new URLSearchParams(location.hash.slice(1)),
  };
}
