import { expect, test } from "vitest";

import { controlLine, msIn, readLine } from "../src/lines.ts";

test.each([
  ["!ping", { name: "ping", fields: {} }],
  [
    '!position {"audience":"","epoch":"a"}',
    { name: "position", fields: { audience: "", epoch: "a" } },
  ],
  ['#a-1_B {"x":1}', { text: '{"x":1}', id: "a-1_B", offset: 0, audience: "" }],
  ['@17 {"x":1}', { text: '{"x":1}', id: undefined, offset: 17, audience: "" }],
  ['@17:product=M10%20a {"x":1}', { text: '{"x":1}', offset: 17, audience: "product=M10%20a" }],
  ["@3:~role=A,B [1]", { text: "[1]", offset: 3, audience: "~role=A,B" }],
  ['{"x":"#1 !"}', { text: '{"x":"#1 !"}', id: undefined, offset: 0, audience: "" }],
])("%s is read", (line, said) => {
  expect(readLine(line)).toMatchObject(said);
});

test.each([
  "!",
  "!Ping",
  "! ping",
  "!ping{}",
  "!ping []",
  "!ping null",
  '!ping "x"',
  "!ping {",
  "# {}",
  "#a.b {}",
  `#${"a".repeat(65)} {}`,
  "#1{}",
  "@0 {}",
  "@-1 {}",
  "@1: {}",
  "@1:a b {}x".replace(" b", "\tb"),
  "@12345678901234567 {}",
  "",
])("%j is a message that nobody knows", (line) => {
  expect(readLine(line)).toMatchObject({ text: line, id: undefined, offset: 0 });
});

test("a control line leaves out what is undefined, and has no line break in it", () => {
  const line = controlLine("hello", { session: "a\nb", token: undefined });

  expect(line).toBe('!hello {"session":"a\\nb"}');
  expect(readLine(line)).toEqual({ name: "hello", fields: { session: "a\nb" } });
});

test.each([
  [1.5, 1500],
  [0, 0],
  [-1, 0],
  ["1", 0],
  [undefined, 0],
  [null, 0],
])("%j seconds are %i ms", (seconds, ms) => {
  expect(msIn(seconds)).toBe(ms);
});
