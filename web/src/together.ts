/** Several connections as one: they are as well as the one that is worst. */
import type { ConnectionState } from "@wirepact/client";

const BEST_FIRST: readonly ConnectionState["status"][] = [
  "open",
  "idle",
  "connecting",
  "reconnecting",
  "closed",
];

/** Of states that are equally bad, the first. */
export function worst(states: readonly ConnectionState[]): ConnectionState {
  const badness = ({ status }: ConnectionState): number => BEST_FIRST.indexOf(status);
  return states.reduce((a, b) => (badness(b) > badness(a) ? b : a), { status: "open" });
}
