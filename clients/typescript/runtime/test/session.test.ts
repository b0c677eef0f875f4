import { beforeEach, expect, test } from "vitest";

import { DEFAULT_BACKOFF } from "../src/backoff.ts";
import { type Action, type Input, Stepped } from "./stepped.ts";

let session: Stepped;
let now: number;

beforeEach(() => {
  now = 0;
  session = new Stepped({ hasLines: false });
});

function step(input: Input): readonly Action[] {
  return session.step(input, now);
}

/** Connects, for the first time or again, and stays for `uptimeMs`. */
function open(uptimeMs = 0): void {
  if (session.state.status === "idle") step(["start"]);
  else elapse();
  step(["authorized", "t"]);
  step(["opened"]);
  now += uptimeMs;
}

function elapse(): readonly Action[] {
  if (session.wakeAt < Infinity) now = session.wakeAt;
  return step(["elapsed"]);
}

function lose(code: number, reason = ""): void {
  step(["lost", code, reason]);
}

test("it asks for a token, dials with it, and is open", () => {
  expect(session.state).toEqual({ status: "idle" });
  expect(step(["start"])).toEqual([["authorize", "connect"]]);
  expect(session.state).toEqual({ status: "connecting", attempt: 0 });
  expect(step(["authorized", "t"])).toEqual([["dial", "t", false]]);

  step(["opened"]);

  expect(session.state).toEqual({ status: "open" });
  expect(session.wakeAt).toBe(Infinity);
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
  expect(elapse()).toEqual([["authorize", "reconnect"]]);
  expect(now).toBe(250);
  expect(session.state).toEqual({ status: "connecting", attempt: 1 });
});

test("a timer that rings early changes nothing", () => {
  open();
  lose(1006);
  now = 249;

  expect(step(["elapsed"])).toEqual([]);
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
  expect(elapse()).toEqual([["authorize", "refresh"]]);
  step(["authorized", "t2"]);
  step(["opened"]);
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
  expect(elapse()).toEqual([["authorize", "refresh"]]);
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
  expect(session.wakeAt).toBe(Infinity);
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
  step(["start"]);

  expect(elapse()).toEqual([["hangUp"]]);
  expect(now).toBe(15_000);
  expect(session.state).toMatchObject({ status: "reconnecting", attempt: 1, closeCode: 1006 });
});

test("without a token to be had it is over", () => {
  step(["start"]);
  step(["unauthorized", "signed out"]);

  expect(session.state).toEqual({
    status: "closed",
    code: 4401,
    reason: "signed out",
    terminal: true,
  });
});

test("closed from here, it hangs up and nothing brings it back", () => {
  open();
  expect(step(["close"])).toEqual([["hangUp", 1000]]);
  const closed = { status: "closed", code: 1000, reason: "", terminal: false };
  expect(session.state).toEqual(closed);

  const later: Input[] = [
    ["start"],
    ["authorized", "t"],
    ["opened"],
    ["lost", 1006, ""],
    ["elapsed"],
    ["close"],
  ];

  expect(later.flatMap(step)).toEqual([]);
  expect(session.state).toEqual(closed);
});

test("what comes out of turn changes nothing", () => {
  open();
  const state = session.state;

  expect(step(["start"])).toEqual([]);
  expect(step(["authorized", "late"])).toEqual([]);
  expect(step(["elapsed"])).toEqual([]);
  expect(session.state).toBe(state);
});

function lined(more: ConstructorParameters<typeof Stepped>[0] = {}): void {
  session = new Stepped(more);
}

const WELCOME = '!welcome {"connection":"k1","heartbeat":20,"timeout":5,"contract":"c1"}';

/** Connects and is welcomed. */
function welcomed(...lines: string[]): readonly Action[] {
  if (session.state.status === "idle") step(["start"]);
  else elapse();
  step(["authorized", "t"]);
  step(["opened", "wirepact.v1"]);
  return step(["heard", [WELCOME, ...lines].join("\n")]);
}

test("it offers wirepact.v1, says hello, and is open once it is welcome", () => {
  lined();
  step(["start"]);
  expect(step(["authorized", "t"])).toEqual([["dial", "t", true]]);
  expect(step(["opened", "wirepact.v1"])).toEqual([
    ["send", '!hello {"session":"s1","client":"wirepact-typescript/0.1.0","contract":"c1"}'],
  ]);
  expect(session.state).toEqual({ status: "connecting", attempt: 0 });
  const opened = {
    reconnected: false,
    protocol: "wirepact.v1",
    connection: "k1",
    isSameContract: true,
  };

  expect(step(["heard", `${WELCOME}\n{"a":1}`])).toEqual([
    ["tell", "$open", opened],
    ["flush"],
    ["deliver", '{"a":1}'],
  ]);
  expect(session.state).toEqual({ status: "open" });
  expect(session.hasLines).toBe(true);
});

test("where what it offers keeps it out, it is tried without at once, and after the second time from then on", () => {
  lined();
  step(["start"]);
  for (const attempt of [0, 1]) {
    expect(step(["authorized", "t"])).toEqual([["dial", "t", true]]);
    expect(step(["lost", 1006, ""])).toEqual([["dial", "t", false]]);
    expect(session.state).toEqual({ status: "connecting", attempt });
    expect(step(["opened", ""])[0]).toMatchObject(["tell", "$open", { protocol: "" }]);
    lose(1006);
    elapse();
  }

  expect(step(["authorized", "t"])).toEqual([["dial", "t", false]]);
});

test("a server that comes up between the two is asked once more what it speaks", () => {
  lined();
  step(["start"]);
  step(["authorized", "t"]);
  lose(1006);
  lose(1006);
  elapse();
  step(["authorized", "t"]);
  expect(step(["lost", 1006, ""])).toEqual([["dial", "t", false]]);

  expect(step(["opened", ""])).toEqual([
    ["hangUp", 1000],
    ["dial", "t", true],
  ]);

  expect(step(["opened", "wirepact.v1"])).toMatchObject([
    ["send", expect.stringMatching("!hello")],
  ]);
});

test("and what it answers then is believed", () => {
  lined();
  step(["start"]);
  step(["authorized", "t"]);
  lose(1006);
  lose(1006);
  elapse();
  step(["authorized", "t"]);
  lose(1006);
  step(["opened", ""]);
  expect(step(["lost", 1006, ""])).toEqual([["dial", "t", false]]);

  expect(step(["opened", ""])[0]).toMatchObject(["tell", "$open", { protocol: "" }]);

  lose(1006);
  elapse();
  expect(step(["authorized", "t"])).toEqual([["dial", "t", false]]);
});

test("a server that is down is offered it again", () => {
  lined();
  step(["start"]);
  step(["authorized", "t"]);
  lose(1006);
  lose(1006);
  expect(session.state).toMatchObject({ status: "reconnecting", attempt: 1 });
  elapse();

  expect(step(["authorized", "t"])).toEqual([["dial", "t", true]]);
});

test("a server that has spoken it once is never met without it", () => {
  lined();
  welcomed();
  lose(1006);
  for (let attempt = 0; attempt < 5; attempt += 1) {
    elapse();
    expect(step(["authorized", "t"])).toEqual([["dial", "", true]]);
    lose(1006);
  }
});

test("a browser that lets in who selects nothing speaks the legacy wire, and offers again", () => {
  lined();
  step(["start"]);
  step(["authorized", "t"]);
  step(["opened", ""]);
  expect(session.state.status).toBe("open");
  expect(session.hasLines).toBe(false);
  lose(1001);
  elapse();

  expect(step(["authorized", "t"])).toEqual([["dial", "t", true]]);
});

test("a token is told in the hello once that is known to be heard, and in the handshake after a refusal", () => {
  lined();
  welcomed();
  lose(1001);
  elapse();
  expect(step(["authorized", "t2"])).toEqual([["dial", "", true]]);
  expect(step(["opened", "wirepact.v1"])[0]?.[1]).toContain('!hello {"token":"t2",');
  lose(4401);
  elapse();

  expect(step(["authorized", "t3"])).toEqual([["dial", "t3", true]]);
  expect(step(["opened", "wirepact.v1"])[0]?.[1]).not.toContain("token");
});

test("a token for which the handshake has no place is told in the first hello", () => {
  lined({ hasPlace: false });
  step(["start"]);

  expect(step(["authorized", "t"])).toEqual([["dial", "", true]]);
  expect(step(["opened", "wirepact.v1"])[0]?.[1]).toContain('"token":"t"');
});

test("who is welcomed may have a token refused again, however short it was", () => {
  lined();
  welcomed();
  lose(4401);
  welcomed();
  lose(4401);

  expect(session.state).toMatchObject({ status: "reconnecting", attempt: 2 });
});

test("who is refused before being welcomed is refused for good", () => {
  lined();
  welcomed();
  lose(4401);
  elapse();
  step(["authorized", "t"]);
  step(["opened", "wirepact.v1"]);
  lose(4401);

  expect(session.state).toMatchObject({ status: "closed", code: 4401, terminal: true });
});

test("it comes back to its positions, hears what became of them, and nothing twice", () => {
  lined();
  welcomed('!position {"audience":"","epoch":"e1","offset":7}', '@8 {"n":8}', '@10 {"n":10}');
  lose(1006);
  elapse();
  step(["authorized", "t"]);
  const hello = step(["opened", "wirepact.v1"])[0]?.[1];
  expect(hello).toContain('"positions":{"":"e1.10"}');
  const heard = step([
    "heard",
    [
      WELCOME,
      '!position {"audience":"","epoch":"e1","offset":10,"recovered":true}',
      '@10 {"n":10}',
      '@11 {"n":11}',
    ].join("\n"),
  ]);

  expect(heard.slice(1)).toEqual([
    ["flush"],
    ["tell", "$resumed", { audience: "", recovered: true }],
    ["deliver", '{"n":11}'],
  ]);
});

test("what can't be recovered is told: by the server, or because there is no position", () => {
  lined();
  const lost = ["tell", "$resumed", { audience: "", recovered: false }];
  expect(welcomed()).not.toContainEqual(lost);
  lose(1006);
  expect(welcomed('!position {"epoch":"e1","offset":7}')).toContainEqual(lost);
  lose(1006);
  expect(welcomed()).not.toContainEqual(lost);

  expect(step(["heard", '!position {"epoch":"e2","offset":1,"recovered":false}'])).toEqual([lost]);
});

test("a draining server says when to come back, and that is when", () => {
  lined();
  welcomed();
  expect(step(["heard", '!draining {"delay":3.25}'])).toEqual([
    ["tell", "$draining", { delayMs: 3250 }],
  ]);
  lose(1001);

  expect(session.state).toMatchObject({ status: "reconnecting", attempt: 1, delayMs: 3250 });
  expect(step(["sign", "online"])).toEqual([]);
  lose(1001);
});

test.each([
  ['{"delay":-4}', 0],
  ['{"delay":"soon"}', 0],
  ["{}", 0],
])("a delay that is none, %s, is no delay", (fields, delayMs) => {
  lined();
  welcomed(`!draining ${fields}`);
  lose(1001);

  expect(session.state).toMatchObject({ delayMs });
});

test("it answers pings, pings who is silent, and gives up who stays so", () => {
  lined();
  welcomed();
  expect(step(["heard", "!ping"])).toEqual([["send", "!pong"]]);
  expect(elapse()).toEqual([["ping"]]);
  expect(now).toBe(20_000);
  now = 24_999;
  expect(step(["elapsed"])).toEqual([]);
  now = 25_000;

  expect(step(["elapsed"])).toEqual([["hangUp"]]);
  expect(session.state).toMatchObject({ status: "reconnecting", closeCode: 1006 });
});

test("who says something need not ping", () => {
  lined();
  welcomed();
  now = 15_000;
  session.spoke(now);
  step(["heard", "!renewed"]);
  now = 20_000;
  expect(step(["elapsed"])).toEqual([]);

  expect(session.wakeAt).toBe(35_000);
});

test("an identity that ends is renewed while it is open", () => {
  lined();
  welcomed();
  expect(step(["heard", '!expiring {"in":30}'])).toEqual([["authorize", "expiring"]]);

  expect(step(["authorized", "t2"])).toEqual([["send", '!token {"token":"t2"}']]);
});

test("answers and refusals are told by their ids, and what has none as news", () => {
  lined();
  welcomed();
  const refusal = { code: "not_found", text: "no", temporary: false, delayMs: undefined };

  expect(step(["heard", '#1 {"a":1}\n!done {"id":"2"}\n!done']).map(([, id]) => id)).toEqual([
    "1",
    "2",
  ]);
  expect(
    step([
      "heard",
      '!error {"code":"not_found","text":"no","id":"3"}\n!error {"code":"not_found","text":"no"}',
    ]),
  ).toEqual([
    ["answer", "3", undefined, refusal],
    ["refused", refusal],
  ]);
  expect(step(["heard", '!error {"delay":2,"temporary":true}'])).toEqual([
    ["refused", { code: "internal", text: "", temporary: true, delayMs: 2000 }],
  ]);
  expect(step(["heard", '!degraded\n!restored\n!dropped {"messages":3}\n!dropped'])).toEqual([
    ["tell", "$degraded", {}],
    ["tell", "$restored", {}],
    ["tell", "$dropped", { messages: 3 }],
    ["tell", "$dropped", { messages: 0 }],
  ]);
});

test("a control line that nobody knows is ignored, and one that is none is a message", () => {
  lined();
  welcomed();

  expect(step(["heard", '!later {"x":1}\n!welcome\n!renewed'])).toEqual([]);
  expect(step(["heard", "!LATER"])).toEqual([["deliver", "!LATER"]]);
  expect(step(["heard", new ArrayBuffer(2)])).toEqual([["deliver", new ArrayBuffer(2)]]);
});

test("a network that is back cuts the wait short; a server's wish is not", () => {
  open();
  expect(step(["sign", "shown"])).toEqual([]);
  lose(1006);
  expect(step(["sign", "offline"])).toEqual([]);
  expect(step(["sign", "online"])).toEqual([["authorize", "reconnect"]]);
  lose(1001);

  expect(step(["sign", "shown"])).toEqual([]);
});

test("a page that is shown again asks whether the server is there, and does not wait for long", () => {
  lined();
  welcomed();
  now = 1000;
  expect(step(["sign", "shown"])).toEqual([["ping"]]);
  expect(session.wakeAt).toBe(6000);
  now = 6000;

  expect(step(["elapsed"])).toEqual([["hangUp"]]);
});

test("a page that is put aside hangs up, and comes back when it is shown", () => {
  lined();
  welcomed();
  expect(step(["sign", "suspended"])).toEqual([["hangUp", 1000]]);
  expect(session.state).toMatchObject({ status: "reconnecting", closeCode: 1001 });
  expect(session.wakeAt).toBe(Infinity);
  now += 3_600_000;
  expect(step(["elapsed"])).toEqual([]);

  expect(step(["sign", "shown"])).toEqual([["authorize", "reconnect"]]);
});

/** Numbers that look random, the same each time. */
function chances(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

const CODES = [1000, 1001, 1006, 1006, 1006, 1011, 4401, 4401, 4404, 4480, 4999];
const LINES = [
  WELCOME,
  "!ping",
  '!draining {"delay":9}',
  "{}",
  "!expiring",
  '@3 {"a":1}',
  "!LATER",
];
const SIGNS = ["online", "offline", "shown", "suspended"] as const;

function anything(chance: (below: number) => number): Input {
  const inputs: readonly (() => Input)[] = [
    () => ["start"],
    () => ["authorized", `t${chance(9)}`],
    () => ["opened", chance(3) ? "wirepact.v1" : ""],
    () => ["heard", LINES[chance(LINES.length)] ?? ""],
    () => ["lost", CODES[chance(CODES.length)] ?? 1006, ""],
    () => ["elapsed"],
    () => ["elapsed"],
    () => ["sign", SIGNS[chance(SIGNS.length)] ?? "online"],
    () => (chance(40) ? ["authorized", "t"] : ["close"]),
  ];
  return inputs[chance(inputs.length)]?.() ?? ["elapsed"];
}

test.each(Array.from({ length: 200 }, (_, seed) => seed + 1))(
  "whatever happens, in whatever order, it keeps to the rules (%i)",
  (seed) => {
    const chance = chances(seed);
    lined({
      hasPlace: chance(2) === 0,
      hasLines: chance(4) > 0,
      random: () => chance(1000) / 1000,
    });
    let refreshes = 0;
    let delay = 0;
    for (let round = 0; round < 120; round += 1) {
      const before = session.state;
      const input = anything(chance);
      now =
        input[0] === "elapsed"
          ? Math.max(now, session.wakeAt < Infinity ? session.wakeAt : now)
          : now + chance(3000);
      if (input[0] === "heard" && before.status !== "connecting" && before.status !== "open")
        continue;
      if (input[0] === "heard" && input[1].toString().includes("9}")) delay = 9000;
      const actions = step(input);
      const { state } = session;

      if (before.status === "closed") {
        expect(state).toBe(before);
        expect(actions).toEqual([]);
      }
      if (state.status === "closed") expect(session.wakeAt).toBe(Infinity);
      if (state.status === "connecting") expect(session.wakeAt).toBeLessThan(Infinity);
      if (state.status === "reconnecting") {
        expect(state.attempt).toBeGreaterThan(0);
        expect(state.delayMs).toBeLessThanOrEqual(
          Math.max(delay, Math.min(20_000, 500 * 2 ** (state.attempt - 1))),
        );
      }
      if (state.status === "open" && before.status !== "open") {
        expect(
          actions.filter(([name, event]) => name === "tell" && event === "$open"),
        ).toHaveLength(1);
      }
      for (const [name, reason] of actions) {
        if (name === "authorize" && reason === "refresh") refreshes += 1;
        if (name === "dial") expect(state.status).toBe("connecting");
      }
      if (state.status === "open") refreshes = 0;
      const isRefusedAgain = input[0] === "lost" && input[1] === 4401 && refreshes > 0;
      if (isRefusedAgain) expect(state.status).toBe("closed");
    }
  },
);
