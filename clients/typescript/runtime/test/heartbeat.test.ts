import { expect, test } from "vitest";

import type { Heartbeat } from "../src/channel.ts";
import { Pulse } from "../src/pulse.ts";

const HEARTBEAT: Heartbeat = {
  by: "client",
  ping: { name: "ping", content: { type: "ping" } },
  intervalMs: 20_000,
  timeoutMs: 5_000,
};

test("who slept through the deadline pings, and waits once more", () => {
  const pulse = new Pulse(HEARTBEAT, 0);

  expect(pulse.isSilent(60_000)).toBe(false);
  expect(pulse.pings(60_000)).toBe(true);
  expect(pulse.isSilent(64_999)).toBe(false);
  expect(pulse.isSilent(65_000)).toBe(true);
});

test("what is heard after the sleep counts as ever", () => {
  const pulse = new Pulse(HEARTBEAT, 0);
  pulse.isSilent(60_000);

  pulse.heard(61_000);

  expect(pulse.isSilent(85_999)).toBe(false);
  expect(pulse.isSilent(86_000)).toBe(true);
});

test("it wakes for whatever comes first", () => {
  expect(new Pulse(HEARTBEAT, 0).wakeAt).toBe(20_000);
  expect(new Pulse({ ...HEARTBEAT, by: "server" }, 0).wakeAt).toBe(25_000);
});
