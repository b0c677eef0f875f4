import * as valibot from "valibot";
import { afterEach, beforeEach, expect, type MockInstance, test, vi } from "vitest";
import { z } from "zod";

import {
  answers,
  beats,
  type Channel,
  type ClientOptions,
  Connection,
  type Heartbeat,
  WrongAnswerError,
} from "../src/index.ts";
import {
  type ChannelSchemas,
  type Definitions,
  type Invalid,
  InvalidMessageError,
  type MessageSchema,
  schemaOf,
  type StandardSchema,
  validating,
} from "../src/validate.ts";
import { FakeClock, type FakeSocket, fakeNetwork, settle } from "./fakes.ts";
import {
  type Counted,
  ROOM,
  type RoomIncoming,
  type RoomOutgoing,
  type Said,
  type Say,
} from "./sample.ts";

const DEFINITIONS: Definitions = {
  Text: { type: "string", minLength: 1 },
  Said: { type: "object", properties: { text: { $ref: "#/$defs/Text" } }, required: ["text"] },
  Counted: {
    type: "object",
    properties: { count: { type: "integer", minimum: 0 } },
    required: ["count"],
  },
};
const SAID: MessageSchema<Said> = schemaOf(DEFINITIONS, "Said");
const COUNTED: MessageSchema<Counted> = schemaOf(DEFINITIONS, "Counted");
const SAY: MessageSchema<Say> = schemaOf(DEFINITIONS, "Said");

const room: ChannelSchemas<RoomIncoming, RoomOutgoing> = {
  incoming: { said: SAID, counted: COUNTED },
  outgoing: { say: SAY },
};

let network: ReturnType<typeof fakeNetwork>;
let warn: MockInstance<typeof console.warn>;

beforeEach(() => {
  network = fakeNetwork();
  warn = vi.spyOn(console, "warn").mockImplementation(() => {});
});

afterEach(() => vi.restoreAllMocks());

interface Room {
  readonly live: Connection<RoomIncoming, RoomOutgoing>;
  readonly socket: FakeSocket;
  /** All that the program is handed on. */
  readonly heard: unknown[];
}

async function dialled(
  options: Partial<ClientOptions>,
  channel: Channel<RoomIncoming, RoomOutgoing> = ROOM,
): Promise<Room> {
  const heard: unknown[] = [];
  const live = new Connection(
    channel,
    { id: 3 },
    { url: "http://factory.test", webSocket: network.Socket, clock: new FakeClock(), ...options },
    "s1",
  );
  for (const name of ["said", "counted", "$unknown"] as const) {
    live.on(name, (message) => heard.push(message));
  }
  await settle();
  return { live, heard, socket: network.sockets.at(-1) ?? expect.fail("nothing was dialled") };
}

async function opened(...how: Parameters<typeof dialled>): Promise<Room> {
  const room = await dialled(...how);
  room.socket.open();
  return room;
}

const EMPTY = { type: "said", text: "" };

test("what fits is handed on as it is, and nothing is said about it", async () => {
  const { socket, heard, live } = await opened({ validate: validating({ room }) });
  const said = { type: "said", text: "hi", new: { field: 1 } };
  socket.say(said);
  live.send({ type: "say", text: "hi" });

  expect(heard).toEqual([said]);
  expect(socket.sent).toEqual([{ type: "say", text: "hi" }]);
  expect(warn).not.toHaveBeenCalled();
});

test("what does not fit is warned of, once for each message, and handed on", async () => {
  const { socket, heard } = await opened({ validate: validating({ room }) });
  socket.say(EMPTY);
  socket.say(EMPTY);
  socket.say({ type: "counted", count: -1.5 });

  expect(heard).toHaveLength(3);
  expect(warn.mock.calls.flat()).toEqual([
    "the server says said at room otherwise than the document: text must have at least 1 characters (told once)",
    "the server says counted at room otherwise than the document: count must be of type integer, count must be at least 0 (told once)",
  ]);
});

test("what does not fit can be handed on as unknown, with what is wrong with it", async () => {
  const { socket, heard } = await opened({
    validate: validating({ room }, { incoming: "unknown" }),
  });
  socket.say({ type: "counted" });

  expect(heard).toEqual([
    {
      type: "$unknown",
      name: "counted",
      raw: '{"type":"counted"}',
      problem: "count is missing",
    },
  ]);
  expect(warn).not.toHaveBeenCalled();
});

test("a function is told of each message that does not fit, and does no harm", async () => {
  const thrown: unknown[] = [];
  process.once("uncaughtException", (error) => thrown.push(error));
  const told: Invalid[] = [];
  const incoming = (invalid: Invalid): void => {
    told.push(invalid);
    if (told.length === 2) throw new Error("a mistake of the program's");
  };
  const { socket, heard, live } = await opened({ validate: validating({ room }, { incoming }) });
  for (let time = 0; time < 3; time += 1) socket.say(EMPTY);

  expect(told).toHaveLength(3);
  expect(told[0]).toEqual({
    direction: "incoming",
    channel: "room",
    name: "said",
    message: EMPTY,
    issues: [{ message: "must have at least 1 characters", path: ["text"] }],
  });
  expect(heard).toEqual([EMPTY, EMPTY, EMPTY]);
  expect(live.state.status).toBe("open");
  await vi.waitFor(() => expect(thrown).toHaveLength(1));
});

test("what is to be sent is warned of, and sent", async () => {
  const { live, socket } = await opened({ validate: validating({ room }) });
  live.send({ type: "say", text: "" });

  expect(socket.sent).toEqual([{ type: "say", text: "" }]);
  expect(warn.mock.calls.flat()).toEqual([
    "this program says say at room otherwise than the document: text must have at least 1 characters (told once)",
  ]);
});

test("what is to be sent can be kept from being sent, asked or kept", async () => {
  const { live, socket } = await opened({ validate: validating({ room }, { outgoing: "throw" }) });

  expect(() => live.send({ type: "say", text: "" })).toThrow(InvalidMessageError);
  await expect(live.request({ type: "say", text: "" })).rejects.toThrow(
    "say is not what the document says: text must have at least 1 characters; nothing was sent",
  );
  expect(socket.sent).toEqual([]);
  socket.drop(1006);
  expect(() => live.send({ type: "say", text: "" }, { offline: "queue" })).toThrow(
    InvalidMessageError,
  );
  expect(live.close()).toEqual([]);
});

test("what is ignored is not looked at", async () => {
  const never: StandardSchema<never> = {
    "~standard": { version: 1, vendor: "test", validate: () => expect.fail("it was looked at") },
  };
  const validate = validating(
    { room: { incoming: { said: never }, outgoing: { say: never } } },
    { incoming: "ignore", outgoing: "ignore" },
  );
  const { live, socket, heard } = await opened({ validate });
  socket.say(EMPTY);
  live.send({ type: "say", text: "" });

  expect(heard).toEqual([EMPTY]);
  expect(socket.sent).toHaveLength(1);
});

test("another library's schema can stand in the place of one, and its output is handed on", async () => {
  const said = z.object({ type: z.literal("said"), text: z.string().trim().min(2) });
  const counted = valibot.object({
    type: valibot.literal("counted"),
    count: valibot.pipe(valibot.number(), valibot.maxValue(3, "must be at most 3")),
  });
  const instead = { room: { incoming: { said, counted } } };
  const { socket, heard } = await opened({
    validate: validating({ room }, { incoming: "unknown", instead }),
  });
  socket.say({ type: "said", text: "  hi  ", new: 1 });
  socket.say({ type: "said", text: " h " });
  socket.say({ type: "counted", count: 3 });
  socket.say({ type: "counted", count: 4 });

  expect(heard).toMatchObject([
    { type: "said", text: "hi" },
    { type: "$unknown", name: "said", problem: expect.stringContaining("text ") },
    { type: "counted", count: 3 },
    { type: "$unknown", name: "counted", problem: "count must be at most 3" },
  ]);
  expect(heard[0]).not.toHaveProperty("new");
});

test.each([
  ["throws", () => expect.fail("a mistake of the schema's"), "has a schema that throws"],
  ["takes its time", async () => ({ value: null as never }), "has a schema that takes its time"],
])("a schema that %s is one that nothing fits, and harms nobody", async (_, validate, problem) => {
  const said: StandardSchema<never> = { "~standard": { version: 1, vendor: "test", validate } };
  const { socket, heard, live } = await opened({
    validate: validating(
      { room },
      { incoming: "unknown", instead: { room: { incoming: { said } } } },
    ),
  });
  socket.say(EMPTY);

  expect(heard).toMatchObject([{ type: "$unknown", problem: expect.stringContaining(problem) }]);
  expect(live.state.status).toBe("open");
});

test("an answer that does not fit is none, where that is unknown", async () => {
  const channel = { ...ROOM, replies: { say: ["said"] }, answers } as Channel<
    RoomIncoming,
    RoomOutgoing
  >;
  const validate = validating({ room }, { incoming: "unknown" });
  const { live, socket } = await dialled({ validate }, channel);
  socket.open("wirepact.v1");
  socket.tell('!welcome {"connection":"c","contract":"x"}');
  const answer = live.request({ type: "say", text: "hi" });
  socket.tell('#1 {"type":"said"}');

  await expect(answer).rejects.toThrow(WrongAnswerError);
});

test("a heartbeat goes on with a ping that is not what the document says", async () => {
  const heartbeat: Heartbeat = {
    by: "server",
    ping: { name: "counted", content: { type: "counted" } },
    pong: { name: "say", content: { type: "say", text: "pong" } },
    intervalMs: 1000,
    timeoutMs: 1000,
  };
  const { socket } = await opened(
    { validate: validating({ room }, { incoming: "unknown" }) },
    { ...ROOM, heartbeat, beats },
  );
  socket.say({ type: "counted", count: "one" });

  expect(socket.sent).toEqual([{ type: "say", text: "pong" }]);
});

test("a channel or a message without a schema may be anything", async () => {
  const { socket, heard } = await opened({
    validate: validating({ elsewhere: room }, { incoming: "unknown", outgoing: "throw" }),
  });
  socket.say(EMPTY);

  expect(heard).toEqual([EMPTY]);
});

test("issues end after some, however many there are", () => {
  const result = schemaOf({ List: { items: { type: "string" } } }, "List")["~standard"].validate(
    Array.from({ length: 1000 }, (_, index) => index),
  );

  expect(result).toMatchObject({ issues: { length: 10 } });
});
