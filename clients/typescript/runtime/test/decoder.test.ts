import { expect, test } from "vitest";

import { decoder } from "../src/decoder.ts";
import { isUnknown } from "../src/index.ts";
import { forms } from "../src/forms.ts";
import { ROOM } from "./sample.ts";

const decode = decoder(ROOM.incoming);

test("a message is found by its constant, and handed on as it is", () => {
  const raw = '{"type":"said","text":"안녕","later":{"field":1}}';

  expect(decode(raw)).toEqual({ name: "said", message: JSON.parse(raw) });
});

test("a message that the document does not know is kept as unknown, with its name", () => {
  const { name, message } = decode('{"type":"shouted"}');

  expect(name).toBe("$unknown");
  expect(message).toEqual({ type: "$unknown", name: "shouted", raw: '{"type":"shouted"}' });
  expect(isUnknown(message)).toBe(true);
});

test.each([
  "",
  "{",
  "null",
  "7",
  '"said"',
  '["said"]',
  "{}",
  '{"type":null}',
  '{"type":["said"]}',
  '{"type":{"said":1}}',
  '{"Type":"said"}',
  '{"__proto__":{"type":"said"}}',
  '{"type":"constructor"}',
])("%s is unknown", (raw) => {
  expect(decode(raw)).toMatchObject({ name: "$unknown", message: { raw } });
});

test("bytes are the binary message, where there is one, and text is the plain one", () => {
  const frames = decoder({
    paths: [["type"]],
    types: [
      { name: "said", constants: ["said"] },
      { name: "sound", constants: [], encoding: "binary" },
      { name: "line", constants: [], encoding: "text" },
    ],
    forms,
  });
  const bytes = new Uint8Array([0, 255]);

  expect(frames(bytes.buffer)).toEqual({ name: "sound", message: bytes });
  expect(frames('{"type":"said"}')).toEqual({ name: "said", message: { type: "said" } });
  expect(frames("ls -l")).toEqual({ name: "line", message: "ls -l" });
});

test("bytes where there is no binary message are read as the text that they are", () => {
  const raw = '{"type":"said","text":"hi"}';

  expect(decode(new TextEncoder().encode(raw).buffer).name).toBe("said");
});

test("several constants, nested ones among them, tell messages apart together", () => {
  const nested = decoder({
    paths: [["topic"], ["data", "kind"]],
    types: [
      { name: "on", constants: ["lamp", true] },
      { name: "off", constants: ["lamp", false] },
      { name: "seven", constants: ["lamp", 7] },
      { name: "none", constants: ["lamp", null] },
    ],
  });
  const nameOf = (data: unknown): string => nested(JSON.stringify({ topic: "lamp", data })).name;

  expect(nameOf({ kind: true })).toBe("on");
  expect(nameOf({ kind: false })).toBe("off");
  expect(nested('{"topic":"lamp","data":{"kind":7.0}}').name).toBe("seven");
  expect(nameOf({ kind: null })).toBe("none");
  expect(nameOf({})).toBe("$unknown");
  expect(nameOf({ kind: "true" })).toBe("$unknown");
  expect(nameOf(undefined)).toBe("$unknown");
});

test("where nothing tells messages apart, every object is the one message", () => {
  const only = decoder({
    paths: [],
    types: [{ name: "tick", constants: [] }],
  });

  expect(only('{"at":1}').name).toBe("tick");
  expect(only("[]").name).toBe("$unknown");
});

test("signs tell messages apart where constants are not enough", () => {
  const signed = decoder({
    paths: [],
    types: [
      { name: "book", constants: [], signs: [{ path: [2], kinds: [], values: ["book"] }] },
      {
        name: "trade",
        constants: [],
        signs: [{ path: [2], kinds: [], values: ["trade", 1, null] }],
      },
      {
        name: "state",
        constants: [],
        signs: [
          { path: [], kinds: ["object"] },
          { path: ["data", "on"], kinds: ["absent", "boolean"] },
        ],
      },
      { name: "note", constants: [], signs: [{ path: [], kinds: ["null", "number", "string"] }] },
    ],
    forms,
  });
  const nameOf = (raw: string): string => signed(raw).name;

  expect(nameOf('[1,{},"book"]')).toBe("book");
  expect(nameOf("[1,{},1.0]")).toBe("trade");
  expect(nameOf("[1,{},null]")).toBe("trade");
  expect(nameOf("[1,{}]")).toBe("$unknown");
  expect(nameOf('{"2":"book"}')).toBe("state");
  expect(nameOf('{"data":{"on":true}}')).toBe("state");
  expect(nameOf('{"data":[true]}')).toBe("state");
  expect(nameOf('{"data":{"on":1}}')).toBe("$unknown");
  expect(nameOf('{"__proto__":{"data":1}}')).toBe("state");
  expect(nameOf("7")).toBe("note");
  expect(nameOf("null")).toBe("note");
  expect(nameOf("true")).toBe("$unknown");
  expect(nameOf("{")).toBe("$unknown");
});

test("a message that is no object is never taken for an unknown one", () => {
  for (const message of ["$unknown", 7, null, true, ["raw"], { type: "$unknown" }]) {
    expect(isUnknown(message)).toBe(false);
  }
});

test("a message under an older name is handed on under the name of today", () => {
  const messages = decoder({
    paths: [["header", "type"]],
    types: [{ name: "said", constants: ["said"], aliases: [["told"], [5]] }],
    forms,
  });

  expect(messages('{"header":{"type":"told","by":"ada"},"text":"hi"}')).toEqual({
    name: "said",
    message: { header: { type: "said", by: "ada" }, text: "hi" },
  });
  expect(messages('{"header":{"type":5}}').name).toBe("said");
  expect(messages('{"header":{"type":"5"}}').message).toMatchObject({ name: "5" });
});
