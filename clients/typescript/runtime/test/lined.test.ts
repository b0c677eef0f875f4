/** A connection that speaks `wirepact.v1`, against a server that says what the test tells it to. */
import { beforeEach, expect, test, vi } from "vitest";

import {
  answers,
  CannotAskError,
  type Channel,
  type ClientOptions,
  Connection,
  ConnectionClosedError,
  ConnectionLostError,
  errorMessage,
  forms,
  type LifeSign,
  NotOpenError,
  QueueFullError,
  type Refusal,
  RefusedError,
  RequestTimeoutError,
  TooLargeError,
  WrongAnswerError,
} from "../src/index.ts";
import { FakeClock, type FakeSocket, fakeNetwork, settle } from "./fakes.ts";
import { ROOM, type RoomIncoming, type RoomOutgoing, type Said } from "./sample.ts";

interface RoomReplies {
  say: Said;
}

type Room = Connection<RoomIncoming, RoomOutgoing, RoomReplies>;

class NotFound extends RefusedError {}

const DESK: Channel<RoomIncoming, RoomOutgoing, RoomReplies> = {
  ...ROOM,
  contract: "c1",
  replies: { say: ["said"] },
  answers,
  refusals: { not_found: NotFound, bad_request: class extends RefusedError {} },
  error: {
    name: "counted",
    content: { type: "counted" },
    code: ["data", "code"],
    text: ["data", "text"],
    texts: { not_found: "There is none" },
  },
  errorMessage,
};

const WELCOME = '!welcome {"connection":"k1","heartbeat":20,"timeout":5,"contract":"c1"}';
const SAY = { type: "say", text: "hi" } as const;

let clock: FakeClock;
let network: ReturnType<typeof fakeNetwork>;
let tell: (sign: LifeSign) => void;

beforeEach(() => {
  clock = new FakeClock();
  network = fakeNetwork();
});

function latest(): FakeSocket {
  return network.sockets.at(-1) ?? expect.fail("nothing was dialled");
}

function room(options: Partial<ClientOptions> = {}, channel = DESK): Room {
  return new Connection(
    channel,
    { id: 3 },
    {
      url: "http://factory.test",
      webSocket: network.Socket,
      clock,
      lifecycle: (told) => {
        tell = told;
        return () => (tell = () => expect.fail("nobody listens any more"));
      },
      ...options,
    },
    "s1",
  );
}

async function greet(...lines: string[]): Promise<void> {
  await settle();
  latest().open("wirepact.v1");
  latest().tell(WELCOME, ...lines);
}

async function welcomed(options: Partial<ClientOptions> = {}, channel = DESK): Promise<Room> {
  const live = room(options, channel);
  await greet();
  return live;
}

async function backAgain(...lines: string[]): Promise<void> {
  clock.pass(20_000);
  await greet(...lines);
}

function said(): unknown[] {
  return latest().frames.filter((each) => !String(each).startsWith("!"));
}

test("hello is the first line, and the connection is open once it is welcome", async () => {
  const live = room();
  const opened: unknown[] = [];
  live.on("$open", (event) => opened.push(event));
  await settle();
  expect(latest().protocols).toEqual(["wirepact.v1"]);
  latest().open("wirepact.v1");
  expect(latest().frames).toEqual([
    '!hello {"session":"s1","client":"wirepact-typescript/0.1.0","contract":"c1"}',
  ]);
  expect(live.state.status).toBe("connecting");
  latest().tell(WELCOME);

  expect(live.state).toEqual({ status: "open" });
  expect(opened).toEqual([
    { reconnected: false, protocol: "wirepact.v1", connection: "k1", isSameContract: true },
  ]);
});

test("what stands in the frame of the welcome is heard after $state and $open, in its order", async () => {
  const live = room();
  const told: unknown[] = [];
  live.on("$state", ({ status }) => told.push(status));
  live.on("$open", () => told.push("$open"));
  live.on("said", ({ text }) => told.push(text));
  await greet('{"type":"said","text":"one"}', '@4 {"type":"said","text":"two"}');

  expect(told).toEqual(["connecting", "open", "$open", "one", "two"]);
});

test("a listener that closes it hears nothing more of the same frame", async () => {
  const live = await welcomed();
  const heard: string[] = [];
  live.on("said", ({ text }) => {
    heard.push(text);
    live.close();
  });
  latest().tell('{"type":"said","text":"one"}', '{"type":"said","text":"two"}');

  expect(heard).toEqual(["one"]);
});

test("a server made from another document is told of, and heard all the same", async () => {
  const live = room();
  const same: boolean[] = [];
  live.on("$open", ({ isSameContract }) => same.push(isSameContract));
  await settle();
  latest().open("wirepact.v1");
  latest().tell('!welcome {"contract":"c2"}');

  expect(same).toEqual([false]);
  expect(live.state.status).toBe("open");
});

test("where the offer keeps it out, the legacy wire is spoken at once", async () => {
  const live = room();
  await settle();
  latest().drop(1006);
  expect(network.sockets.map(({ protocols }) => protocols)).toEqual([["wirepact.v1"], []]);
  latest().open();

  expect(live.state).toEqual({ status: "open" });
  expect(latest().frames).toEqual([]);
});

test("back again it is told what was missed, or that something is missing", async () => {
  const live = await welcomed();
  const told: unknown[] = [];
  live.on("$resumed", ({ audience, recovered }) => told.push([audience, recovered]));
  live.on("said", ({ text }) => told.push(text));
  latest().tell('!position {"audience":"","epoch":"e1","offset":7}');
  latest().tell('!position {"audience":"of=1","epoch":"e1","offset":2}');
  latest().tell('@8 {"type":"said","text":"8"}');
  latest().drop(1001);
  await backAgain(
    '!position {"audience":"","epoch":"e1","offset":8,"recovered":true}',
    '@8 {"type":"said","text":"8"}',
    '@9 {"type":"said","text":"9"}',
    '!position {"audience":"of=1","epoch":"e2","offset":1,"recovered":false}',
    '@2:of=1 {"type":"said","text":"of 2"}',
  );

  expect(latest().frames[0]).toContain('"positions":{"of=1":"e1.2","":"e1.8"}');
  expect(told).toEqual(["8", ["", true], "9", ["of=1", false], "of 2"]);
});

test("on the legacy wire everything may be missing after a reconnect, and that is told", async () => {
  const live = room({}, { ...DESK, hasLines: false });
  const told: unknown[] = [];
  live.on("$resumed", (event) => told.push(event));
  await settle();
  latest().open();
  expect(told).toEqual([]);
  latest().drop(1006);
  clock.pass(500);
  await settle();
  latest().open();

  expect(told).toEqual([{ audience: "", recovered: false }]);
});

test("a request is answered by its id, whatever comes between, and nobody else hears it", async () => {
  const live = await welcomed();
  const heard: unknown[] = [];
  live.on("said", ({ text }) => heard.push(text));
  const first = live.request(SAY);
  const second = live.request(SAY);
  expect(said()).toEqual(['#1 {"type":"say","text":"hi"}', '#2 {"type":"say","text":"hi"}']);
  latest().tell('{"type":"said","text":"news"}', '#2 {"type":"said","text":"two"}');
  latest().tell('#1 {"type":"said","text":"one"}');

  expect((await first).text).toBe("one");
  expect((await second).text).toBe("two");
  expect(heard).toEqual(["news"]);
  expect(clock.pending).toBe(1);
});

test("a refusal is the error of its class, with what the server knows", async () => {
  const live = await welcomed();
  const refused = live.request(SAY);
  latest().tell('!error {"id":"1","code":"not_found","text":"gone","temporary":true,"delay":1.5}');
  const error = await refused.catch((reason: unknown) => reason);

  expect(error).toBeInstanceOf(NotFound);
  expect(error).toMatchObject({ code: "not_found", text: "gone", temporary: true, delayMs: 1500 });
});

test.each(["duplicate_id", "constructor", "__proto__"])(
  "a refusal with a code of no class, %s, has the code all the same",
  async (code) => {
    const live = await welcomed();
    const refused = live.request(SAY);
    latest().tell(`!error {"id":"1","code":"${code}"}`);
    const error = await refused.catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(RefusedError);
    expect((error as Refusal).code).toBe(code);
  },
);

test("what is done without a word is undefined, unless the document promises an answer", async () => {
  const silent = await welcomed({}, { ...DESK, replies: {} as never });
  const done = silent.request(SAY);
  latest().tell('!done {"id":"1"}');
  expect(await done).toBeUndefined();

  const live = await welcomed();
  const wrong = live.request(SAY);
  latest().tell('#1 {"type":"shouted"}');
  await expect(wrong).rejects.toThrow(WrongAnswerError);
});

test("an answer that comes too late is a message like any other", async () => {
  const live = await welcomed();
  const heard: string[] = [];
  live.on("said", ({ text }) => heard.push(text));
  const late = live.request(SAY, { timeoutMs: 300 });
  clock.pass(300);
  await expect(late).rejects.toThrow(new RequestTimeoutError(300));
  latest().tell('#1 {"type":"said","text":"late"}');

  expect(heard).toEqual(["late"]);
});

test("a request ends with its signal, with the signal's reason, and leaves nothing behind", async () => {
  const live = await welcomed();
  const asking = new AbortController();
  const request = live.request(SAY, { signal: asking.signal });
  asking.abort(new Error("changed my mind"));
  await expect(request).rejects.toThrow("changed my mind");
  await expect(live.request(SAY, { signal: AbortSignal.abort("never") })).rejects.toBe("never");

  expect(said()).toHaveLength(1);
  expect(clock.pending).toBe(1);
});

test("a request whose connection is lost is not sent again: nobody knows whether it was heard", async () => {
  const live = await welcomed();
  const lost = live.request(SAY);
  latest().drop(1006);
  await expect(lost).rejects.toThrow(ConnectionLostError);
  await backAgain();

  expect(said()).toEqual([]);
});

test("a request waits for the connection, no longer than for its answer", async () => {
  const live = room();
  const early = live.request(SAY);
  const hasty = live.request(SAY, { timeoutMs: 100 });
  const refused = live.request(SAY, { offline: "fail" });
  await expect(refused).rejects.toThrow(NotOpenError);
  await settle();
  clock.pass(100);
  await expect(hasty).rejects.toThrow(RequestTimeoutError);
  await greet('#1 {"type":"said","text":"hello"}');

  expect((await early).text).toBe("hello");
  expect(said()).toHaveLength(1);
});

test("what waits for the connection ends with it", async () => {
  const live = room();
  const waiting = live.request(SAY);
  live.close();
  await expect(waiting).rejects.toThrow(ConnectionClosedError);

  await expect(live.request(SAY)).rejects.toThrow("the connection is closed");
});

test("bytes can't be a request", async () => {
  const live = await welcomed({}, { ...DESK, outgoing: { ...DESK.outgoing, forms } });

  await expect(live.request(new Uint8Array(2) as never)).rejects.toThrow(CannotAskError);
});

test("what may be said later waits, and goes out after what is said in $open, in its order", async () => {
  const live = room({ offline: { say: "queue" } });
  live.on("$open", () => live.send({ type: "say", text: "first of all" }));
  live.send({ type: "say", text: "one" });
  live.send({ type: "say", text: "two" });
  expect(() => live.send(SAY, { offline: "fail" })).toThrow(NotOpenError);
  await greet();

  expect(latest().sent).toEqual(
    ["first of all", "one", "two"].map((text) => ({ type: "say", text })),
  );
  expect(live.close()).toEqual([]);
});

test("close() hands back what was not sent, in its order, once", async () => {
  const live = await welcomed({ offline: "queue" });
  latest().drop(1006);
  live.send({ type: "say", text: "one" });
  void live.request(SAY).catch(() => {});
  live.send({ type: "say", text: "two" });

  expect(live.close()).toEqual([
    { type: "say", text: "one" },
    { type: "say", text: "two" },
  ]);
  expect(live.close()).toEqual([]);
});

test("what was not sent is there after the server ended it, too", async () => {
  const live = await welcomed();
  latest().readyState = 2;
  live.send(SAY, { offline: "queue" });
  latest().drop(4404);
  expect(live.state.status).toBe("closed");

  expect(live.close()).toEqual([SAY]);
});

test("no more waits than may, and what waits for too long is told", async () => {
  const live = room({ offline: "queue", queue: { messages: 1, ageMs: 5000 } });
  const told: unknown[] = [];
  live.on("$unsent", ({ messages }) => told.push(messages));
  live.send(SAY);
  expect(() => live.send(SAY)).toThrow(QueueFullError);
  await settle();
  clock.pass(30_000);

  expect(told).toEqual([[SAY]]);
  expect(live.close()).toEqual([]);
});

test("a server says how large a message may be, and what waited is held to that, too", async () => {
  const live = room({ offline: "queue" }, { ...DESK, limits: { messageBytes: 60 } });
  const unsent: unknown[] = [];
  live.on("$unsent", ({ messages }) => unsent.push(...messages));
  const long = { type: "say", text: "x".repeat(30) } as const;
  expect(() => live.send({ ...long, text: "x".repeat(60) })).toThrow(TooLargeError);
  live.send(long);
  const asked = live.request(long);
  live.send(SAY);
  await settle();
  latest().open("wirepact.v1");
  latest().tell('!welcome {"message_bytes":40}');

  expect(said()).toEqual([JSON.stringify(SAY)]);
  expect(unsent).toEqual([long]);
  await expect(asked).rejects.toThrow(TooLargeError);
  expect(() => live.send(long)).toThrow("40 are allowed");
});

test("a refusal of what was no request is told, and is the document's error message", async () => {
  const live = await welcomed();
  const heard: unknown[] = [];
  live.on("$refused", ({ code }) => heard.push(code));
  live.on("counted", (message) => heard.push(message));
  latest().tell('!error {"code":"not_found","text":"gone"}');
  latest().tell('!error {"code":"unavailable","text":"later","temporary":true}');
  latest().tell('!error {"code":"duplicate_id","text":"again"}');
  const error = (code: string, text: string): object => ({ type: "counted", data: { code, text } });

  expect(heard).toEqual([
    "not_found",
    error("not_found", "There is none"),
    "unavailable",
    error("internal", "later"),
    "duplicate_id",
    error("bad_request", "again"),
  ]);
});

test("a token that ends is renewed in the open connection; without a new one nothing is said", async () => {
  const reasons: string[] = [];
  const getToken = vi.fn(({ reason }: { reason: string }) => {
    reasons.push(reason);
    if (reasons.length === 3) throw new Error("no network");
    return `t${reasons.length}`;
  });
  await welcomed({ getToken });
  expect(latest().url).toContain("?token=t1");
  latest().tell('!expiring {"in":30}');
  await settle();
  expect(latest().frames.at(-1)).toBe('!token {"token":"t2"}');
  latest().tell('!renewed {"expires":60}', '!expiring {"in":30}');
  await settle();

  expect(reasons).toEqual(["connect", "expiring", "expiring"]);
  expect(latest().frames.at(-1)).toBe('!token {"token":"t2"}');
});

test("a token is in no address once the server is known to hear a hello", async () => {
  await welcomed({ getToken: () => "secret" });
  latest().drop(1006);
  await backAgain();

  expect(latest().url).not.toContain("secret");
  expect(latest().frames[0]).toContain('"token":"secret"');
});

test("a server that is not heard is left without a code, and come back to", async () => {
  const live = await welcomed();
  clock.pass(20_000);
  expect(latest().frames.at(-1)).toBe("!ping");
  latest().tell("!pong");
  clock.pass(24_999);
  expect(live.state.status).toBe("open");
  clock.pass(1);

  expect(live.state.status).toBe("reconnecting");
  expect(latest().closedWith).toBe(1005);
});

test("no timer is longer than a minute, however long the wait", async () => {
  const live = await welcomed();
  const after = vi.spyOn(clock, "after");
  latest().tell('!draining {"delay":86400}');
  latest().drop(1001);
  clock.pass(86_399_000);
  expect(live.state.status).toBe("reconnecting");
  clock.pass(1000);

  expect(live.state.status).toBe("connecting");
  expect(Math.max(...after.mock.calls.map(([delayMs]) => delayMs))).toBeLessThanOrEqual(60_000);
});

test("a page that is put aside has no connection, and one at once when it is shown", async () => {
  const live = await welcomed();
  const socket = latest();
  tell("suspended");
  expect(socket.closedWith).toBe(1000);
  expect(live.state.status).toBe("reconnecting");
  expect(clock.pending).toBe(0);
  tell("shown");
  await greet();

  expect(live.state.status).toBe("open");
  live.close();
  expect(() => tell("online")).toThrow("nobody listens any more");
});

test("bytes are one message, as they are", async () => {
  const channel = {
    ...DESK,
    incoming: { paths: [], types: [{ name: "said", constants: [], encoding: "binary" }], forms },
  } as const;
  const live = await welcomed({}, channel);
  const heard: unknown[] = [];
  live.on("said", (bytes) => heard.push(bytes));
  latest().receive(new Uint8Array([33, 10]).buffer);

  expect(heard).toEqual([new Uint8Array([33, 10])]);
});

test("the version that it says is the package's", async () => {
  const { default: manifest } = await import("../package.json", { with: { type: "json" } });
  room();
  await settle();
  latest().open("wirepact.v1");

  expect(latest().frames[0]).toContain(`"wirepact-typescript/${manifest.version}"`);
});
