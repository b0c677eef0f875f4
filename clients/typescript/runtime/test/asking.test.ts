/** Requests on the legacy wire, where an answer has no id. */
import { beforeEach, expect, test } from "vitest";

import { answers, type Channel, Connection, RefusedError } from "../src/index.ts";
import { FakeClock, type FakeSocket, fakeNetwork, settle } from "./fakes.ts";
import { ROOM, type RoomIncoming, type RoomOutgoing } from "./sample.ts";

type Desk = Channel<RoomIncoming, RoomOutgoing, { say: RoomIncoming["said"] }>;

const GUESSED: Desk = {
  ...ROOM,
  hasLines: false,
  replies: { say: ["said"] },
  answers,
  error: { name: "counted", content: {}, code: ["code"], text: ["text"] },
};

const KNOWN: Desk = { ...GUESSED, correlations: { say: ["of"], said: ["about", "of"] } };

let clock: FakeClock;
let network: ReturnType<typeof fakeNetwork>;

beforeEach(() => {
  clock = new FakeClock();
  network = fakeNetwork();
});

function socket(): FakeSocket {
  return network.sockets.at(-1) ?? expect.fail("nothing was dialled");
}

async function opened(channel: Desk): Promise<Connection<RoomIncoming, RoomOutgoing>> {
  const live = new Connection(
    channel,
    { id: 3 },
    { url: "ws://desk.test", webSocket: network.Socket, clock },
    "s1",
  );
  await settle();
  socket().open();
  return live as Connection<RoomIncoming, RoomOutgoing>;
}

function say(of: number | string): RoomOutgoing["say"] {
  return { type: "say", text: "?", of } as RoomOutgoing["say"];
}

test("an answer is known by what it has in common with its question, in any order", async () => {
  const live = await opened(KNOWN);
  const heard: unknown[] = [];
  live.on("said", ({ text }) => heard.push(text));
  const [one, two] = [live.request(say("q1")), live.request(say(2))];
  expect(socket().sent[0]).toEqual({ type: "say", text: "?", of: "q1" });
  socket().say({ type: "said", text: "for all" });
  socket().say({ type: "said", text: "for another", about: { of: "2" } });
  socket().say({ type: "said", text: "two", about: { of: 2 } });
  socket().say({ type: "said", text: "one", about: { of: "q1" } });

  expect(await one).toMatchObject({ text: "one" });
  expect(await two).toMatchObject({ text: "two" });
  expect(heard).toEqual(["for all", "for another"]);
});

test("without that it is the first that can be one, which others hear too", async () => {
  const live = await opened(GUESSED);
  const heard: unknown[] = [];
  live.on("said", ({ text }) => heard.push(text));
  const [one, two] = [live.request(say(1)), live.request(say(2))];
  for (const text of ["a", "b", "c"]) socket().say({ type: "said", text });

  expect(await one).toMatchObject({ text: "a" });
  expect(await two).toMatchObject({ text: "b" });
  expect(heard).toEqual(["a", "b", "c"]);
});

test.each([GUESSED, KNOWN])(
  "the document's error message refuses what was asked first",
  async (channel) => {
    const live = await opened(channel);
    const heard: unknown[] = [];
    live.on("counted", (message) => heard.push(message));
    const [one, two] = [live.request(say(1)), live.request(say(2))];
    socket().say({ type: "counted", code: "not_found", text: "gone" });
    socket().say({ type: "said", text: "b", about: { of: 2 } });

    await expect(one).rejects.toEqual(
      new RefusedError({ code: "not_found", text: "gone", temporary: false }),
    );
    expect(await two).toMatchObject({ text: "b" });
    expect(heard).toHaveLength(1);
  },
);

test("names that every object has are nothing that a document says", async () => {
  const { replies: _, ...channel } = GUESSED;
  const outgoing = { paths: [], types: [{ name: "constructor", constants: [] }] };
  const live = await opened({ ...channel, outgoing: outgoing as never, correlations: {} });

  await expect(live.request(say(1))).rejects.toThrow("nothing tells the answer to constructor");
});

test("what could not be told from other messages can't be asked, and is not sent", async () => {
  const { replies: _, ...channel } = GUESSED;
  const live = await opened(channel);

  await expect(live.request(say(1))).rejects.toThrow("nothing tells the answer to say");
  expect(socket().sent).toEqual([]);
});
