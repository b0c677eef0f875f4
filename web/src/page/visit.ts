/** One visit of one view: what the page tells the view, and what the view tells the page until it is left. */
import type { ConnectionState } from "@wirepact/client";

import type { Site } from "../site.ts";
import type { Address } from "./address.ts";

/** What a view has told the page. */
export interface Told {
  readonly connection: ConnectionState;
  /** When the connection came to be as it is, by the clock of `performance`. */
  readonly since: number;
  readonly notice: string;
  readonly announcement: string;
}

const UNAUTHORIZED = 4401;
const SIGN_IN =
  "This needs a token that says who you are, behind the address: #token=…. On a developer's machine “make demo” prints a link that signs you in.";

/** A page shows the visit that it is at, so that nobody hears what comes late from a view that was left. */
export class Visit implements Site {
  readonly token: string;
  readonly place: URLSearchParams;
  readonly #listeners = new Set<() => void>();
  #told: Told = { connection: { status: "idle" }, since: 0, notice: "", announcement: "" };

  constructor({ token, place }: Address) {
    this.token = token;
    this.place = place;
  }

  readonly told = (): Told => this.#told;

  readonly subscribe = (changed: () => void): (() => void) => {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  };

  readonly connected = (connection: ConnectionState): void => {
    if (connection === this.#told.connection) return;
    const isRefused = connection.status === "closed" && connection.code === UNAUTHORIZED;
    this.#tell({ connection, since: performance.now(), ...(isRefused && { notice: SIGN_IN }) });
  };

  readonly notice = (notice: string): void => this.#tell({ notice });

  readonly announce = (announcement: string): void => this.#tell({ announcement });

  #tell(part: Partial<Told>): void {
    this.#told = { ...this.#told, ...part };
    for (const changed of this.#listeners) changed();
  }
}
