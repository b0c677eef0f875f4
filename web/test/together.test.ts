import type { ConnectionState } from "@wirepact/client";
import { expect, test } from "vitest";

import { worst } from "../src/together.ts";

const OPEN: ConnectionState = { status: "open" };
const AWAY: ConnectionState = { status: "reconnecting", attempt: 1, delayMs: 10, closeCode: 1006 };
const CLOSED: ConnectionState = { status: "closed", code: 4401, reason: "", terminal: true };

test("several connections are open when all are", () => {
  expect(worst([OPEN, OPEN])).toEqual(OPEN);
  expect(worst([OPEN, AWAY, { status: "connecting", attempt: 0 }])).toEqual(AWAY);
  expect(worst([OPEN, CLOSED, AWAY])).toEqual(CLOSED);
});
