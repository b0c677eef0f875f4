/** Several connections as one: they are as well as the one that is worst. */
import type { ConnectionState } from "@wirepact/client";

const BEST_FIRST: readonly ConnectionState["status"][] = [
  "open",
  "idle",
  "connecting",
  "reconnecting",
  "closed",
];

interface Connected {
  readonly state: ConnectionState;
  on(name: "$state", listener: (state: ConnectionState) => void): unknown;
}

/** Tells how the worst of `connections` is, whenever that may have changed. */
export function together(
  connections: readonly Connected[],
  tell: (state: ConnectionState) => void,
): void {
  const tellWorst = (): void => tell(worst(connections.map(({ state }) => state)));
  for (const each of connections) each.on("$state", tellWorst);
  tellWorst();
}

/** Of states that are equally bad, the first. */
export function worst(states: readonly ConnectionState[]): ConnectionState {
  const badness = ({ status }: ConnectionState): number => BEST_FIRST.indexOf(status);
  return states.reduce((a, b) => (badness(b) > badness(a) ? b : a), { status: "open" });
}
