/** What the components of a view need of the page. */
import type { ClientOptions, ConnectionState } from "@wirepact/client";
import { createContext, use, useEffect, useMemo, useSyncExternalStore } from "react";

import type { Site } from "../site.ts";
import { worst } from "../together.ts";
import type { Told, Visit } from "./visit.ts";

export const VisitContext = createContext<Visit | undefined>(undefined);

/** The page around the view. */
export function useSite(): Site {
  return useVisit();
}

/** What the view has told the page. */
export function useTold(): Told {
  const { subscribe, told } = useVisit();
  return useSyncExternalStore(subscribe, told);
}

/** The client of a service, for whoever looks at the page. */
export function useClient<Kind>(Client: new (options: ClientOptions) => Kind): Kind {
  const { token } = useSite();
  return useMemo(
    () => new Client({ url: location.origin, ...(token && { getToken: () => token }) }),
    [Client, token],
  );
}

/** Shows in the bar how the view is connected: as well as the worst of its connections. */
export function useShownConnection(...states: readonly ConnectionState[]): void {
  const site = useSite();
  const shown = worst(states);
  useEffect(() => site.connected(shown), [site, shown]);
}

function useVisit(): Visit {
  const visit = use(VisitContext);
  if (visit === undefined) throw new TypeError("this is not on the page");
  return visit;
}
