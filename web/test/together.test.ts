import type { ConnectionState } from "@wirepact/client";
import { expect, test } from "vitest";

import { together, worst } from "../src/together.ts";

const OPEN: ConnectionState = { status: "open" };
const AWAY: ConnectionState = { status: "reconnecting", attempt: 1, delayMs: 10, closeCode: 1006 };
const CLOSED: ConnectionState = { status: "closed", code: 4401, reason: "", terminal: true };

test("several connections are open when all are", () => {
  expect(worst([OPEN, OPEN])).toEqual(OPEN);
  expect(worst([OPEN, AWAY, { status: "connecting", attempt: 0 }])).toEqual(AWAY);
  expect(worst([OPEN, CLOSED, AWAY])).toEqual(CLOSED);
});

test("each change of one of them is told", () => {
  const listeners: ((state: ConnectionState) => void)[] = [];
  const connection = (state: ConnectionState) => ({
    state,
    on: (_: "$state", listener: (state: ConnectionState) => void) => listeners.push(listener),
  });
  const connections = [connection(OPEN), connection(AWAY)];
  const told: ConnectionState[] = [];

  together(connections, (state) => told.push(state));
  connections[1]!.state = OPEN;
  listeners[1]!(OPEN);

  expect(told).toEqual([AWAY, OPEN]);
});
