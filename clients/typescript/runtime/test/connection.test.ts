import { afterEach, beforeEach, expect, test, vi } from "vitest";

import {
  beats,
  type Channel,
  type ClientOptions,
  Connection,
  ConnectionClosedError,
  type ConnectionState,
  forms,
  NotOpenError,
  OverflowError,
  TooLargeError,
  UnauthorizedError,
} from "../src/index.ts";
import { FakeClock, type FakeSocket, fakeNetwork, settle } from "./fakes.ts";
import { ROOM, type RoomIncoming, type RoomOutgoing } from "./sample.ts";

let clock: FakeClock;
let network: ReturnType<typeof fakeNetwork>;

beforeEach(() => {
  clock = new FakeClock();
  network = fakeNetwork();
});

type Room = Connection<RoomIncoming, RoomOutgoing>;

function room(
  options: Partial<ClientOptions> & { signal?: AbortSignal; query?: object } = {},
): Room {
  return new Connection(
    ROOM,
    { id: 3 },
    { url: "http://factory.test", webSocket: network.Socket, clock, ...options },
    "s1",
  );
}

function latest(): FakeSocket {
  return network.sockets.at(-1) ?? expect.fail("nothing was dialled");
}

async function opened(
  options: Partial<ClientOptions> & { signal?: AbortSignal } = {},
): Promise<Room> {
  const live = room(options);
  await settle();
  latest().open();
  return live;
}

test("it connects by itself, once the code that made it is through", async () => {
  const live = room();
  expect(live.state).toEqual({ status: "idle" });
  expect(network.sockets).toEqual([]);
  await settle();

  expect(latest().url).toBe("ws://factory.test/rooms/3/");
  expect(live.state).toEqual({ status: "connecting", attempt: 0 });
});

test("bytes are sent as they are, and texts where the document has plain text", async () => {
  const said = async (encoding: "text" | undefined): Promise<unknown[]> => {
    const types = [{ name: "line", constants: [], ...(encoding ? { encoding } : {}) }] as const;
    const channel: Channel<RoomIncoming, { line: string | Uint8Array | ArrayBuffer }> = {
      ...ROOM,
      outgoing: { paths: [], types, forms },
    };
    const options = { url: "http://factory.test", webSocket: network.Socket, clock };
    const live = new Connection(channel, { id: 3 }, options, "s1");
    await settle();
    latest().open();
    const bytes = new Uint8Array([9, 1, 2, 9]);
    for (const each of ["hi", bytes.subarray(1, 3), bytes.buffer]) live.send(each);
    return latest().frames.map((each) =>
      each instanceof ArrayBuffer ? [...new Uint8Array(each)] : each,
    );
  };

  expect(await said("text")).toEqual(["hi", [1, 2], [9, 1, 2, 9]]);
  expect(await said(undefined)).toEqual(['"hi"', [1, 2], [9, 1, 2, 9]]);
});

test("its query stands in front of the token, at each attempt", async () => {
  room({ query: { limit: 5, of: ["a b", "c"] }, getToken: () => "t" });
  await settle();

  expect(latest().url).toBe("ws://factory.test/rooms/3/?limit=5&of=a%20b&of=c&token=t");
});

test("every state is told, and can be asked for", async () => {
  const live = room();
  const told: ConnectionState[] = [];
  live.on("$state", (state) => {
    told.push(state);
    expect(live.state).toBe(state);
  });
  await settle();
  latest().open();
  latest().drop(1006);
  clock.pass(499);
  await settle();
  latest().open();
  live.close();

  expect(told).toEqual([
    { status: "connecting", attempt: 0 },
    { status: "open" },
    { status: "reconnecting", attempt: 1, delayMs: 499, closeCode: 1006 },
    { status: "connecting", attempt: 1 },
    { status: "open" },
    { status: "closed", code: 1000, reason: "", terminal: false },
  ]);
});

test("a listener hears the messages of its name, until it is removed", async () => {
  const live = await opened();
  const heard: string[] = [];
  const remove = live.on("said", ({ text }) => heard.push(text));
  latest().say({ type: "said", text: "one" });
  latest().say({ type: "counted", count: 1 });
  remove();
  latest().say({ type: "said", text: "two" });

  expect(heard).toEqual(["one"]);
});

test("a listener goes with its signal, an aborted one never comes", async () => {
  const live = await opened();
  const heard: string[] = [];
  const listening = new AbortController();
  live.on("said", ({ text }) => heard.push(text), { signal: listening.signal });
  live.on("said", ({ text }) => heard.push(text), { signal: AbortSignal.abort() });
  latest().say({ type: "said", text: "one" });
  listening.abort();
  latest().say({ type: "said", text: "two" });

  expect(heard).toEqual(["one"]);
});

test("a listener that throws keeps no other from hearing, and is not hushed up", async () => {
  const live = await opened();
  const heard: string[] = [];
  live.on("said", () => {
    throw new Error("a bug in the application");
  });
  live.on("said", ({ text }) => heard.push(text));
  const thrown: unknown[] = [];
  const queued = vi.spyOn(globalThis, "queueMicrotask").mockImplementation((task) => {
    try {
      task();
    } catch (error) {
      thrown.push(error);
    }
  });
  latest().say({ type: "said", text: "one" });
  queued.mockRestore();

  expect(heard).toEqual(["one"]);
  expect(thrown).toEqual([new Error("a bug in the application")]);
});

test("an unknown message does no harm and can be listened for", async () => {
  const live = await opened();
  const unknown: unknown[] = [];
  live.on("$unknown", (message) => unknown.push(message));
  latest().say({ type: "shouted" });
  latest().receive("not json");

  expect(unknown).toEqual([
    { type: "$unknown", name: "shouted", raw: '{"type":"shouted"}' },
    { type: "$unknown", name: undefined, raw: "not json" },
  ]);
  expect(live.state).toEqual({ status: "open" });
});

test("a frame of bytes is read as the text it holds", async () => {
  const live = await opened();
  const heard: string[] = [];
  live.on("said", ({ text }) => heard.push(text));
  latest().receive(new TextEncoder().encode('{"type":"said","text":"볼트"}').buffer);

  expect(latest().binaryType).toBe("arraybuffer");
  expect(heard).toEqual(["볼트"]);
});

test("a message is sent as JSON, and what is undefined stays absent", async () => {
  const live = await opened();
  live.send({ type: "say", text: "안녕" });

  expect(latest().sent).toEqual([{ type: "say", text: "안녕" }]);
});

test("while it is not open sending throws, and nothing is sent later", async () => {
  const live = room();
  expect(() => live.send({ type: "say", text: "early" })).toThrow(NotOpenError);
  await settle();
  expect(() => live.send({ type: "say", text: "early" })).toThrow(
    "nothing was sent: the connection is connecting",
  );
  latest().open();
  latest().drop(1006);
  expect(() => live.send({ type: "say", text: "lost" })).toThrow(NotOpenError);
  clock.pass(500);
  await settle();
  latest().open();

  expect(latest().sent).toEqual([]);
});

test("a socket that is closing swallows nothing silently", async () => {
  const live = await opened();
  latest().readyState = 2;

  expect(() => live.send({ type: "say", text: "late" })).toThrow("the connection is closing");
});

test("$open is the moment to say again what the server should know", async () => {
  const live = room();
  live.on("$open", ({ reconnected }) => live.send({ type: "say", text: String(reconnected) }));
  await settle();
  latest().open();
  latest().drop(1001);
  clock.pass(500);
  await settle();
  latest().open();

  expect(network.sockets.map(({ sent }) => sent)).toEqual([
    [{ type: "say", text: "false" }],
    [{ type: "say", text: "true" }],
  ]);
});

test("a loop gets every message across reconnects, and ends with close()", async () => {
  const live = await opened();
  const heard: string[] = [];
  const reading = (async () => {
    for await (const message of live) if (message.type === "said") heard.push(message.text);
  })();
  latest().say({ type: "said", text: "one" });
  latest().drop(1006);
  clock.pass(500);
  await settle();
  latest().open();
  latest().say({ type: "said", text: "two" });
  live.close();
  await reading;

  expect(heard).toEqual(["one", "two"]);
});

test("a loop may get what the connection tells, too, each in its place", async () => {
  const live = room();
  const read: unknown[] = [];
  const reading = (async () => {
    for await (const each of live.messages({ lifecycle: true })) {
      if (each.type === "$state") read.push(each.event.status);
      else if (each.type === "$resumed") read.push(each.event.recovered);
      else if (each.type === "said") read.push(each.text);
      else read.push(each.type);
    }
  })();
  await settle();
  latest().open();
  latest().say({ type: "said", text: "one" });
  latest().say({ type: "later" });
  latest().drop(1006);
  clock.pass(499);
  await settle();
  latest().open();
  live.close();
  await reading;

  expect(read).toEqual([
    ...["connecting", "open", "$open", "one", "$unknown", "reconnecting", "connecting", "open"],
    ...["$open", false, "closed"],
  ]);
});

test("listeners that throw, whatever they listen for, break neither the connection nor what others hear", async () => {
  const live = room();
  await settle();
  const thrown: unknown[] = [];
  const queued = vi.spyOn(globalThis, "queueMicrotask").mockImplementation((task) => {
    try {
      task();
    } catch (error) {
      thrown.push(error);
    }
  });
  const heard: string[] = [];
  for (const name of ["$state", "$open", "$resumed", "$unknown", "said"] as const) {
    live.on(name, () => {
      throw name;
    });
    live.on(name, () => heard.push(name));
  }
  latest().open();
  latest().say({ type: "said", text: "one" });
  latest().say({ type: "later" });
  latest().drop(1006);
  clock.pass(499);
  await settle();
  latest().open();
  queued.mockRestore();
  live.send({ type: "say", text: "hi" });

  const again = ["$state", "$state", "$state", "$open", "$resumed"];
  expect(heard).toEqual(["$state", "$open", "said", "$unknown", ...again]);
  expect(thrown).toEqual(heard);
  expect(latest().sent).toEqual([{ type: "say", text: "hi" }]);
});

test("a loop throws when the server ends the connection for good", async () => {
  const live = await opened();
  const next = live.messages().next();
  latest().drop(4404, "No such room");

  await expect(next).rejects.toEqual(new ConnectionClosedError(4404, "No such room"));
  await expect(live.messages().next()).rejects.toThrow("closed with 4404: No such room");
});

test("a loop that is too slow is told so, and the others go on", async () => {
  const live = await opened();
  const slow = live.messages({ capacity: 1 });
  const patient = live.messages();
  for (const text of ["one", "two"]) latest().say({ type: "said", text });

  expect(await slow.next()).toMatchObject({ value: { text: "one" } });
  await expect(slow.next()).rejects.toThrow(OverflowError);
  expect(await patient.next()).toMatchObject({ value: { text: "one" } });
  expect(await patient.next()).toMatchObject({ value: { text: "two" } });
});

test("a loop ends with its signal, quietly", async () => {
  const live = await opened();
  const reading = new AbortController();
  const next = live.messages({ signal: reading.signal }).next();
  reading.abort();

  expect(await next).toEqual({ value: undefined, done: true });
  expect(await live.messages({ signal: AbortSignal.abort() }).next()).toEqual({
    value: undefined,
    done: true,
  });
  expect(live.state.status).toBe("open");
});

test("close() hangs up, stops every timer, and what the socket still says is not heard", async () => {
  const live = await opened();
  const heard: string[] = [];
  live.on("said", ({ text }) => heard.push(text));
  const socket = latest();
  live.close();
  socket.say({ type: "said", text: "late" });
  socket.drop(1006);
  live.close();

  expect(socket.closedWith).toBe(1000);
  expect(heard).toEqual([]);
  expect(clock.pending).toBe(0);
  expect(live.state).toEqual({ status: "closed", code: 1000, reason: "", terminal: false });
});

test("its signal closes it, at any time", async () => {
  const later = new AbortController();
  const live = await opened({ signal: later.signal });
  later.abort();
  expect(live.state.status).toBe("closed");

  const never = room({ signal: AbortSignal.abort() });
  await settle();

  expect(never.state.status).toBe("closed");
  expect(network.sockets).toHaveLength(1);
});

test("a listener of $state may close it, and $open is not told then", async () => {
  const live = room();
  const told: string[] = [];
  live.on("$state", ({ status }) => {
    told.push(status);
    if (status === "open") live.close();
  });
  live.on("$open", () => told.push("$open"));
  await settle();
  latest().open();

  expect(told).toEqual(["connecting", "open", "closed"]);
});

test("a token is asked for at each attempt, with the reason", async () => {
  const reasons: string[] = [];
  const getToken = ({ reason }: { reason: string }): string => {
    reasons.push(reason);
    return `t${reasons.length}`;
  };
  const live = await opened({ getToken });
  expect(latest().url).toBe("ws://factory.test/rooms/3/?token=t1");
  for (const code of [1006, 4401]) {
    latest().drop(code);
    clock.pass(1000);
    await settle();
    latest().open();
  }
  expect(latest().url).toBe("ws://factory.test/rooms/3/?token=t3");
  latest().drop(4401, "Token missing, invalid or expired");

  expect(reasons).toEqual(["connect", "reconnect", "refresh"]);
  expect(live.state).toMatchObject({ status: "closed", code: 4401, terminal: true });
});

test("a token that does not come is not waited for forever", async () => {
  let asked: AbortSignal | undefined;
  const live = room({
    getToken: ({ signal }) => {
      asked = signal;
      return new Promise(() => {});
    },
  });
  await settle();
  clock.pass(15_000);

  expect(asked?.aborted).toBe(true);
  expect(live.state).toMatchObject({ status: "reconnecting", closeCode: 1006 });
});

test("a token that comes after close() opens nothing", async () => {
  let give: (token: string) => void = () => {};
  const live = room({ getToken: () => new Promise((resolve) => (give = resolve)) });
  await settle();
  live.close();
  give("late");
  await settle();

  expect(network.sockets).toEqual([]);
});

test("a token that can't be had right now is asked for again", async () => {
  const getToken = vi.fn(() => Promise.reject(new Error("secret of the token service")));
  const live = room({ getToken });
  await settle();
  expect(live.state).toMatchObject({ status: "reconnecting", attempt: 1, closeCode: 1006 });
  clock.pass(500);
  await settle();

  expect(getToken).toHaveBeenCalledTimes(2);
});

test("signed out is the end", async () => {
  const live = room({
    getToken: () => {
      throw new UnauthorizedError("signed out");
    },
  });
  await settle();

  expect(live.state).toEqual({
    status: "closed",
    code: 4401,
    reason: "signed out",
    terminal: true,
  });
});

test("a socket that the platform refuses to make is tried again, and names no address", async () => {
  const live = room({
    getToken: () => "secret",
    webSocket: class extends network.Socket {
      constructor(url: string) {
        super(url);
        throw new Error(url);
      }
    },
  });
  await settle();

  expect(live.state).toMatchObject({ status: "reconnecting", closeCode: 1006 });
  expect(JSON.stringify(live.state)).not.toContain("secret");
});

test("a channel that takes no token asks for none", async () => {
  const getToken = vi.fn(() => "t");
  const options = { url: "ws://h", webSocket: network.Socket, clock, getToken };
  new Connection({ ...ROOM, credentials: [] }, { id: 3 }, options, "s1");
  await settle();

  expect(latest().url).toBe("ws://h/rooms/3/");
  expect(getToken).not.toHaveBeenCalled();
});

afterEach(() => {
  vi.restoreAllMocks();
});

const BEATING: Channel<RoomIncoming, RoomOutgoing> = {
  ...ROOM,
  incoming: {
    ...ROOM.incoming,
    types: [...ROOM.incoming.types, { name: "counted", constants: ["pong"] }],
  },
};

function beating(
  by: "server" | "client",
  more: Partial<NonNullable<Channel<RoomIncoming, RoomOutgoing>["heartbeat"]>> = {},
): Promise<Room> {
  const [ping, pong] = by === "client" ? ["ping", "counted"] : ["counted", "ping"];
  const channel: Channel<RoomIncoming, RoomOutgoing> = {
    ...BEATING,
    beats,
    heartbeat: {
      by,
      ping: { name: ping ?? "", content: { type: ping, data: { of: "client" } } },
      pong: { name: pong ?? "", content: { type: pong } },
      intervalMs: 20_000,
      timeoutMs: 5_000,
      ...more,
    },
  };
  const options = { url: "http://factory.test", webSocket: network.Socket, clock };
  const live = new Connection(channel, { id: 3 }, options, "s1");
  return settle().then(() => {
    latest().open();
    return live;
  });
}

test("a document's heartbeat is said every interval, with the clock where it belongs", async () => {
  vi.setSystemTime(12_900);
  const live = await beating("client", { time: ["data", "at"], isWhole: true });
  clock.pass(20_000);
  latest().say({ type: "pong" });
  clock.pass(20_000);

  const ping = { type: "ping", data: { of: "client", at: 12 } };
  expect(latest().sent).toEqual([ping, ping]);
  expect(live.state.status).toBe("open");
  vi.useRealTimers();
});

test("a ping of the server is answered with its own clock", async () => {
  await beating("server", { time: ["at"] });
  latest().say({ type: "counted", at: 7.25 });

  expect(latest().sent).toEqual([{ type: "ping", at: 7.25 }]);
});

test.each(["server", "client"] as const)(
  "where the %s pings, a server that is not heard any more is left and come back to",
  async (by) => {
    const live = await beating(by);
    clock.pass(24_000);
    latest().say({ type: "said", text: "still here" });
    clock.pass(24_999);
    expect(live.state.status).toBe("open");
    clock.pass(1);

    expect(live.state.status).toBe("reconnecting");
    expect(latest().closedWith).toBe(1005);
  },
);

test("a message that the document has no room for is not sent", async () => {
  const channel = { ...ROOM, limits: { messageBytes: 40 } };
  const options = { url: "http://factory.test", webSocket: network.Socket, clock };
  const live = new Connection(channel, { id: 3 }, options, "s1");
  await settle();
  latest().open();

  live.send({ type: "say", text: "x".repeat(16) });
  expect(() => live.send({ type: "say", text: "값".repeat(6) })).toThrow(TooLargeError);
  expect(latest().sent).toHaveLength(1);
});
