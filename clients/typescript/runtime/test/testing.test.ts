/** The fake server and its time, with a client of the runtime as it is. */
import { beforeEach, expect, test } from "vitest";

import {
  answers,
  beats,
  type Channel,
  Client,
  type Connection,
  type ConnectionOptions,
  ConnectionLostError,
  errorMessage,
  RefusedError,
  type Refusal,
  RequestTimeoutError,
  type TokenRequest,
} from "../src/index.ts";
import { fake, type Faked, type FakeOptions } from "../src/testing.ts";
import { ROOM, type RoomIncoming, type RoomOutgoing, type Said } from "./sample.ts";

interface RoomReplies {
  say: Said;
}

type Room = Connection<RoomIncoming, RoomOutgoing, RoomReplies>;

class RateLimited extends RefusedError {}

const DESK: Channel<RoomIncoming, RoomOutgoing, RoomReplies> = {
  ...ROOM,
  answers,
  errorMessage,
  contract: "c1",
  replies: { say: ["said"] },
  refusals: { rate_limited: RateLimited },
  error: { name: "counted", content: { type: "counted" }, code: ["code"], text: ["text"] },
};

type Heard = Connection<RoomIncoming, RoomOutgoing>;

const HEARTBEAT = {
  ping: { name: "said", content: { type: "said", text: "ping" } },
  pong: { name: "say", content: { type: "say", text: "pong" } },
  intervalMs: 30_000,
  timeoutMs: 10_000,
} as const;

const PINGED: Channel<RoomIncoming, RoomOutgoing> = {
  ...ROOM,
  name: "pinged",
  address: "/pinged/",
  heartbeat: { ...HEARTBEAT, by: "server" },
  beats,
};

const PINGING: Channel<RoomIncoming, RoomOutgoing> = {
  ...PINGED,
  name: "pinging",
  heartbeat: { ...HEARTBEAT, by: "client", ping: HEARTBEAT.pong, pong: HEARTBEAT.ping },
};

const LOBBY: typeof DESK = { ...DESK, name: "lobby", address: "/lobby/" };

class RoomClient extends Client {
  room(parameters: { id: number }, options?: ConnectionOptions): Room {
    return this.connect(DESK, { ...parameters }, options);
  }

  lobby(options?: ConnectionOptions): Room {
    return this.connect(LOBBY, {}, options);
  }

  pinged(options?: ConnectionOptions): Heard {
    return this.connect(PINGED, {}, options);
  }

  pinging(options?: ConnectionOptions): Heard {
    return this.connect(PINGING, {}, options);
  }
}

const ONE = { type: "said", text: "one" } as const;
const TWO = { type: "said", text: "two" } as const;
const SAY = { type: "say", text: "hi" } as const;
const TOO_MANY: Refusal = {
  code: "rate_limited",
  text: "slow down",
  temporary: true,
  delayMs: 3000,
};

let faked: Faked<RoomClient>;
let live: Room;

beforeEach(() => begin());

function begin(options: FakeOptions = {}): void {
  faked = fake(RoomClient, options);
  live = faked.client.room({ id: 3 });
}

function room(): ReturnType<typeof roomOf> {
  return roomOf(faked);
}

function roomOf({ server }: Faked<RoomClient>) {
  return server.channel("room", { id: 3 });
}

function heard(): string[] {
  const told: string[] = [];
  live.on("said", ({ text }) => told.push(text));
  live.on("counted", ({ count }) => told.push(String(count)));
  live.on("$resumed", ({ recovered }) => told.push(recovered ? "recovered" : "lost"));
  return told;
}

const WIRES = ["wirepact.v1", "legacy"] as const;

test.each(WIRES)("a client connects over %s and hears what is pushed", async (wire) => {
  begin({ wire });
  const told = heard();
  const opened: unknown[] = [];
  live.on("$open", ({ protocol, isSameContract }) => opened.push([protocol, isSameContract]));
  await faked.server.connected();
  room().push(ONE, TWO);

  expect(live.state).toEqual({ status: "open" });
  expect(opened).toEqual([[wire === "legacy" ? "" : wire, true]]);
  expect(told).toEqual(["one", "two"]);
});

test("what is pushed before the first connection is open waits for it, behind the greeting", async () => {
  begin();
  const told = heard();
  room().greets(ONE);
  room().push(TWO);
  expect(told).toEqual([]);
  await faked.server.connected();

  expect(told).toEqual(["one", "two"]);
});

test("only those hear it who are connected to that address", async () => {
  const told = heard();
  faked.client.room({ id: 4 });
  faked.client.lobby();
  await faked.server.connected();
  faked.server.channel("room", { id: 4 }).push(ONE);
  faked.server.channel("lobby").push(TWO);

  expect(told).toEqual([]);
});

test("to push where nobody is, or what is no message, is a mistake", () => {
  const none = faked.server.channel("room", { id: 4 });
  expect(() => none.push(ONE)).toThrow('nobody is connected to room {"id":4}');

  // @ts-expect-error the document has no such message
  const push = (): void => room().push({ type: "sung", text: "la" });
  expect(push).toThrow('room {"id":3} has no such message: {"type":"sung","text":"la"}');
});

test("frames that the document does not know can be said all the same", async () => {
  const unknown: unknown[] = [];
  live.on("$unknown", ({ name, raw }) => unknown.push(name ?? raw));
  await faked.server.connected();
  room().raw('{"type":"sung"}');
  room().raw("{");

  expect(unknown).toEqual(["sung", "{"]);
});

test("what the client sends is there to be looked at, and to be waited for", async () => {
  begin();
  const again = { type: "say", text: "again" } as const;
  live.on("$open", () => {
    live.send(SAY);
    live.send(again);
  });
  const received = room().received("say");

  expect(await received).toEqual(SAY);
  expect(await room().received("say")).toEqual(again);
  expect(room().sent).toEqual([SAY, again]);
});

test("what is on its way when the connection is lost is lost", async () => {
  await faked.server.connected();
  live.send(SAY);
  faked.server.drop();
  await faked.server.reconnected();

  expect(room().sent).toEqual([]);
});

test("an answer that comes when the connection is lost is heard by nobody", async () => {
  const told = heard();
  let answer = (_said: Said): void => expect.fail("nothing was asked");
  room().answers("say", () => new Promise((resolve) => (answer = resolve)));
  const outcome = expect(live.request(SAY)).rejects.toBeInstanceOf(ConnectionLostError);
  await room().received("say");
  faked.server.drop();
  await faked.server.reconnected();
  answer(ONE);
  await faked.time.pass(0);

  await outcome;
  expect(told).toEqual(["lost"]);
});

test("to wait for what nobody sends is a mistake", async () => {
  const none = faked.server.channel("lobby").received("say");

  await expect(none).rejects.toThrow("lobby {} was not sent say; what it was sent: nothing");
});

test.each(WIRES)("requests are answered over %s", async (wire) => {
  begin({ wire });
  room().answers("say", async ({ text }) => ({ type: "said", text: `you said ${text}` }));

  expect(await live.request(SAY)).toEqual({ type: "said", text: "you said hi" });
});

test.each(WIRES)("requests are refused over %s", async (wire) => {
  begin({ wire });
  room().answers("say", () => {
    throw new RateLimited(TOO_MANY);
  });
  const refused: unknown = await live.request(SAY).catch((error: unknown) => error);

  expect(refused).toBeInstanceOf(RateLimited);
  expect(refused).toMatchObject(wire === "legacy" ? { text: "slow down" } : TOO_MANY);
});

test("a request that is not answered runs out of time, and of none of the test's", async () => {
  const asked = live.request(SAY, { timeoutMs: 60_000 });
  const outcome = expect(asked).rejects.toBeInstanceOf(RequestTimeoutError);
  await room().received("say");
  await faked.time.pass(60_000);

  await outcome;
});

test("a request is lost with its connection", async () => {
  const outcome = expect(live.request(SAY)).rejects.toBeInstanceOf(ConnectionLostError);
  await room().received("say");
  faked.server.drop();

  await outcome;
});

test("a connection that is dropped comes back, in time that nobody waits for", async () => {
  const states: unknown[] = [];
  await faked.server.connected();
  live.on("$state", (state) => states.push(state));
  faked.server.drop(1011);
  await faked.server.reconnected();

  expect(states).toEqual([
    { status: "reconnecting", attempt: 1, delayMs: 250, closeCode: 1011 },
    { status: "connecting", attempt: 1 },
    { status: "open" },
  ]);
  expect(faked.time.now()).toBe(250);
});

test("to wait for a connection to come back that was not lost is a mistake", async () => {
  await faked.server.connected();
  faked.server.drop();
  await faked.server.reconnected();

  await expect(faked.server.reconnected()).rejects.toThrow("no connection was lost");
});

test("what is recoverable is recovered, in order and once; the rest is missed", async () => {
  begin();
  const told = heard();
  room().recovers("said");
  room().push(ONE);
  await faked.server.connected();
  room().greets({ type: "counted", count: 0 });
  faked.server.drop();
  room().push(TWO, { type: "counted", count: 1 });
  room().push({ type: "said", text: "three" });
  await faked.server.reconnected();
  room().push({ type: "counted", count: 2 });

  expect(told).toEqual(["one", "recovered", "0", "two", "three", "2"]);
});

test.each(["forgetful", "legacy", "never keeping anything"])(
  "a gap is told where the server is %s",
  async (kind) => {
    begin(kind === "legacy" ? { wire: kind } : {});
    const told = heard();
    if (kind !== "never keeping anything") room().recovers("said");
    await faked.server.connected();
    room().push(ONE);
    faked.server.drop();
    if (kind === "forgetful") faked.server.forget();
    room().push(TWO);
    await faked.server.reconnected();

    expect(told).toEqual(["one", "lost"]);
  },
);

test("a server that stops says how long to stay away", async () => {
  await faked.server.connected();
  const draining: unknown[] = [];
  live.on("$draining", (event) => draining.push(event));
  faked.server.drain(5000);

  expect(draining).toEqual([{ delayMs: 5000 }]);
  expect(live.state).toMatchObject({ delayMs: 5000, closeCode: 1001 });
  await faked.server.reconnected();
  expect(faked.time.now()).toBe(5000);
});

test("while the server is out of reach the client tries, and what may wait does", async () => {
  begin({ offline: "queue" });
  await faked.server.connected();
  faked.server.stop();
  live.send(SAY);
  await faked.time.pass(30_000);
  expect(live.state).toMatchObject({ status: "reconnecting" });
  expect(room().sent).toEqual([]);
  faked.server.start();
  await faked.server.reconnected();

  expect(await room().received("say")).toEqual(SAY);
});

test("waiting for a server that is out of reach for ever comes to an end", async () => {
  faked.server.stop();

  await expect(faked.server.connected()).rejects.toThrow(/^not everybody is connected: {"status":/);
});

test("a client notices that the server is frozen, and that it is not any more", async () => {
  const told = heard();
  await faked.server.connected();
  faked.server.freeze();
  room().push(ONE);
  live.send(SAY);
  await faked.time.pass(34_999);
  expect(live.state).toEqual({ status: "open" });
  await faked.time.pass(1);
  expect(live.state).toMatchObject({ status: "reconnecting", closeCode: 1006 });
  await faked.time.pass(60_000);
  expect(live.state.status).not.toBe("open");
  faked.server.thaw();
  await faked.server.connected();

  expect(live.state).toEqual({ status: "open" });
  expect(told).toEqual(["lost"]);
  expect(room().sent).toEqual([]);
});

test.each(WIRES)("a server that is frozen lets nobody in over %s", async (wire) => {
  begin({ wire });
  faked.server.freeze();
  await faked.time.pass(1000);

  expect(live.state).toEqual({ status: "connecting", attempt: 0 });
});

test("a connection stays open for as long as time passes", async () => {
  await faked.server.connected();
  await faked.time.pass(600_000);

  expect(live.state).toEqual({ status: "open" });
  expect(room().visitors).toHaveLength(1);
});

test.each(["pinged", "pinging"] as const)("so does one that is %s", async (name) => {
  const { client, server, time } = fake(RoomClient, { wire: "legacy" });
  const told: string[] = [];
  client[name]().on("said", ({ text }) => told.push(text));
  await server.connected();
  await time.pass(600_000);

  expect(told).toEqual(Array(20).fill("ping"));
  expect(server.channel(name).visitors).toHaveLength(1);
  expect(server.channel(name).sent).toEqual([]);
});

test("a token that is refused is refreshed once", async () => {
  const reasons: string[] = [];
  const getToken = ({ reason }: TokenRequest): string => {
    reasons.push(reason);
    return reason === "refresh" ? "new" : "old";
  };
  begin({ getToken });
  faked.server.admits(({ token }) => (token === "new" ? undefined : 4401));
  await faked.server.connected();
  expect(live.state).toEqual({ status: "open" });
  expect(room().visitors.map(({ token }) => token)).toEqual(["old", "new"]);
  faked.server.admits(() => 4401);
  faked.server.drop(4401);
  await faked.server.connected();

  expect(live.state).toMatchObject({ status: "closed", code: 4401, terminal: true });
  expect(reasons).toEqual(["connect", "refresh", "refresh"]);
});

test("a token that is about to expire is renewed while the connection is open", async () => {
  const reasons: string[] = [];
  begin({ getToken: ({ reason }) => String(reasons.push(reason)) });
  await faked.server.connected();
  faked.server.expire();
  await faked.time.pass(0);

  expect(reasons).toEqual(["connect", "expiring"]);
  expect(live.state).toEqual({ status: "open" });
  faked.server.drop();
  await faked.server.reconnected();
  expect(room().visitors.map(({ token }) => token)).toEqual(["1", "2", "3"]);
  expect(room().visitors.at(-1)?.url).toBe("ws://fake.test/rooms/3/");
});

test("a client that hangs up is gone", async () => {
  const told = heard();
  const other = faked.client.room({ id: 3 });
  await faked.server.connected();
  expect(room().connections).toBe(2);
  other.close();
  room().push(ONE);
  await faked.time.pass(0);

  expect(told).toEqual(["one"]);
  expect(room().connections).toBe(1);
  expect(other.state).toMatchObject({ status: "closed", terminal: false });
});

test("a page that is put aside hangs up, and is back when it is shown", async () => {
  await faked.server.connected();
  faked.tell("suspended");
  expect(live.state).toMatchObject({ status: "reconnecting", closeCode: 1001 });
  faked.tell("shown");
  await faked.server.connected();

  expect(live.state).toEqual({ status: "open" });
});

test("what else a server says is said by its name", async () => {
  const degraded: unknown[] = [];
  live.on("$degraded", (event) => degraded.push(event));
  await faked.server.connected();
  faked.server.control("degraded");

  expect(degraded).toEqual([{}]);
});
