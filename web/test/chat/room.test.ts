import type { KeptMessage, Text } from "@wirepact/services/chat";
import { beforeEach, expect, test } from "vitest";

import { MAX_LINES, Room, WRITING_MS } from "../../src/chat/room.ts";

let room: Room;

beforeEach(() => {
  room = new Room();
});

function text(user: number, message: string, second: number): Text {
  return { type: "MESG", channel_url: "demo_chat", user_id: user, message, timestamp: at(second) };
}

function kept(id: number, user: number, message: string, second: number): KeptMessage {
  return { ...text(user, message, second), id };
}

function at(second: number): string {
  return `2024-01-01T00:00:${String(second).padStart(2, "0")}`;
}

function said(): string[] {
  return room.lines.filter(({ kind }) => kind === "said").map((line) => line.text);
}

test("what is kept comes newest first and is read oldest first", () => {
  room.load([kept(2, 1, "둘", 2), kept(1, 1, "하나", 1)], []);

  expect(said()).toEqual(["하나", "둘"]);
});

test("what is kept and told is there once", () => {
  room.load([kept(1, 1, "하나", 1)], []);
  room.said(text(1, "하나", 1));
  room.said(text(1, "하나", 2));

  expect(said()).toEqual(["하나", "하나"]);
});

test("what was missed while the connection was away is put after what was there", () => {
  room.said(text(1, "하나", 1));
  room.load([kept(3, 2, "셋", 3), kept(2, 1, "둘", 2), kept(1, 1, "하나", 1)], []);

  expect(said()).toEqual(["하나", "둘", "셋"]);
});

test("who comes and goes stands between what is said", () => {
  const who = { channel_url: "demo_chat", user_id: 2 };
  room.joined({ type: "USER_JOINED", ...who, timestamp: at(1) });
  room.said(text(2, "안녕하세요!", 2));
  room.left({ type: "USER_LEFT", ...who });
  room.left({ type: "USER_LEFT", ...who });

  expect(room.lines.map(({ kind }) => kind)).toEqual(["joined", "said", "left", "left"]);
  expect(new Set(room.lines.map(({ key }) => key)).size).toBe(4);
});

test("others who have read a line are counted", () => {
  room.load(
    [kept(1, 1, "하나", 5)],
    [
      { user_id: 1, read_until: at(9) },
      { user_id: 2, read_until: at(4) },
      { user_id: 3, read_until: null },
    ],
  );
  const [line] = room.lines;
  expect(room.readers(line!)).toBe(0);

  room.read({ type: "READ", channel_url: "demo_chat", user_id: 2, timestamp: at(5) });

  expect(room.readers(line!)).toBe(1);
  expect(room.show(1, 0)).toMatchObject({ entries: [{ line, readers: 1 }], members: 3 });
});

test("what is shown does not change any more, and a line stays the same from frame to frame", () => {
  room.said(text(1, "하나", 1));
  const before = room.show(1, 0);

  room.said(text(2, "둘", 2));
  const after = room.show(1, 0);

  expect(before.entries).toHaveLength(1);
  expect(after.entries[0]?.line).toBe(before.entries[0]?.line);
});

test("somebody writes until they say it, stop, or are silent for long", () => {
  const type = (user: number, is_typing: boolean, now: number): void =>
    room.typing({ type: "TYPING", channel_url: "demo_chat", user_id: user, is_typing }, now);
  for (const user of [1, 2, 3, 4]) type(user, true, 0);

  room.said(text(2, "하나", 1));
  type(3, false, 1);

  expect(room.writers(1, 1)).toEqual([4]);
  expect(room.writers(1, WRITING_MS)).toEqual([]);
});

test("a chat does not grow without end", () => {
  for (let number = 0; number < MAX_LINES + 5; number += 1) room.said(text(1, `#${number}`, 0));

  expect(room.lines).toHaveLength(MAX_LINES);
  expect(room.lines[0]?.text).toBe("#5");
});
