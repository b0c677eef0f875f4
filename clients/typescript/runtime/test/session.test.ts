import { beforeEach, expect, test } from "vitest";

import { DEFAULT_BACKOFF } from "../src/backoff.ts";
import { type Action, type Input, Session } from "../src/session.ts";
import { CLOSE_CODES } from "./sample.ts";

let session: Session;
let now: number;

beforeEach(() => {
  now = 0;
  session = new Session({
    closeCodes: CLOSE_CODES,
    backoff: DEFAULT_BACKOFF,
    connectTimeoutMs: 15_000,
    random: () => 0.5,
  });
});

function step(input: Input): readonly Action[] {
  return session.step(input, now);
}

/** Connects, for the first time or again, and stays for `uptimeMs`. */
function open(uptimeMs = 0): void {
  if (session.state.status === "idle") step({ type: "start" });
  else elapse();
  step({ type: "authorized", token: "t" });
  step({ type: "opened" });
  now += uptimeMs;
}

function elapse(): readonly Action[] {
  now = session.wakeAt ?? now;
  return step({ type: "elapsed" });
}

function lose(code: number, reason = ""): void {
  step({ type: "lost", code, reason });
}

test("it asks for a token, dials with it, and is open", () => {
  expect(session.state).toEqual({ status: "idle" });
  expect(step({ type: "start" })).toEqual([{ type: "authorize", reason: "connect" }]);
  expect(session.state).toEqual({ status: "connecting", attempt: 0 });
  expect(step({ type: "authorized", token: "t" })).toEqual([{ type: "dial", token: "t" }]);

  step({ type: "opened" });

  expect(session.state).toEqual({ status: "open" });
  expect(session.wakeAt).toBeUndefined();
});

test("a lost connection comes back after a wait, and says so", () => {
  open();
  lose(1006);

  expect(session.state).toEqual({
    status: "reconnecting",
    attempt: 1,
    delayMs: 250,
    closeCode: 1006,
  });
  expect(elapse()).toEqual([{ type: "authorize", reason: "reconnect" }]);
  expect(now).toBe(250);
  expect(session.state).toEqual({ status: "connecting", attempt: 1 });
});

test("a timer that rings early changes nothing", () => {
  open();
  lose(1006);
  now = 249;

  expect(step({ type: "elapsed" })).toEqual([]);
  expect(session.state.status).toBe("reconnecting");
});

test("being let in and thrown out at once is no success: the waits go on growing", () => {
  const waits = [1, 2, 3, 4].map(() => {
    open(DEFAULT_BACKOFF.minimumUptimeMs - 1);
    lose(1001);
    return session.state.status === "reconnecting" && session.state.delayMs;
  });

  expect(waits).toEqual([250, 500, 1000, 2000]);
});

test("after the minimum uptime the waits begin anew", () => {
  open();
  lose(1006);
  open();
  lose(1006);
  open(DEFAULT_BACKOFF.minimumUptimeMs);
  lose(1006);

  expect(session.state).toMatchObject({ status: "reconnecting", attempt: 1 });
});

test("a refused token is refreshed exactly once, then the connection is over", () => {
  open();
  lose(4401);
  expect(elapse()).toEqual([{ type: "authorize", reason: "refresh" }]);
  step({ type: "authorized", token: "t2" });
  step({ type: "opened" });
  lose(4401, "expired");

  expect(session.state).toEqual({
    status: "closed",
    code: 4401,
    reason: "expired",
    terminal: true,
  });
});

test("a network fault on the way does not give the token another chance", () => {
  open();
  lose(4401);
  elapse();
  lose(1006);
  expect(elapse()).toEqual([{ type: "authorize", reason: "refresh" }]);
  lose(4401);

  expect(session.state).toMatchObject({ status: "closed", code: 4401, terminal: true });
});

test("a token that was good for a while may be refreshed again", () => {
  open();
  lose(4401);
  open(DEFAULT_BACKOFF.minimumUptimeMs);
  lose(4401);

  expect(session.state).toMatchObject({ status: "reconnecting", attempt: 1, closeCode: 4401 });
});

test("a close code that the document calls final ends it, with the document's reason if none came", () => {
  open();
  lose(4404);

  expect(session.state).toEqual({
    status: "closed",
    code: 4404,
    reason: "No such room",
    terminal: true,
  });
  expect(session.wakeAt).toBeUndefined();
});

test.each([
  [1000, "closed"],
  [1003, "closed"],
  [1005, "reconnecting"],
  [1009, "closed"],
  [1011, "reconnecting"],
  [1012, "reconnecting"],
  [4403, "closed"],
  [4480, "reconnecting"],
  [4999, "closed"],
])("a code that the document leaves out, %i, means %s", (code, status) => {
  open();
  lose(code);

  expect(session.state.status).toBe(status);
});

test("an attempt that takes too long is given up, and counts", () => {
  step({ type: "start" });

  expect(elapse()).toEqual([{ type: "hangUp" }]);
  expect(now).toBe(15_000);
  expect(session.state).toMatchObject({ status: "reconnecting", attempt: 1, closeCode: 1006 });
});

test("without a token to be had it is over", () => {
  step({ type: "start" });
  step({ type: "unauthorized", reason: "signed out" });

  expect(session.state).toEqual({
    status: "closed",
    code: 4401,
    reason: "signed out",
    terminal: true,
  });
});

test("closed from here, it hangs up and nothing brings it back", () => {
  open();
  expect(step({ type: "close" })).toEqual([{ type: "hangUp" }]);
  const closed = { status: "closed", code: 1000, reason: "", terminal: false };
  expect(session.state).toEqual(closed);

  const later: Input[] = [
    { type: "start" },
    { type: "authorized", token: "t" },
    { type: "opened" },
    { type: "lost", code: 1006, reason: "" },
    { type: "elapsed" },
    { type: "close" },
  ];

  expect(later.flatMap(step)).toEqual([]);
  expect(session.state).toEqual(closed);
});

test("what comes out of turn changes nothing", () => {
  open();
  const state = session.state;

  expect(step({ type: "start" })).toEqual([]);
  expect(step({ type: "authorized", token: "late" })).toEqual([]);
  expect(step({ type: "elapsed" })).toEqual([]);
  expect(session.state).toBe(state);
});
