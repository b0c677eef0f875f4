import { expect, test } from "vitest";

import { controlIn, controlLine, messageIn, msIn } from "../src/lines.ts";

test.each([
  ["!ping", { name: "ping", fields: {} }],
  [
    '!position {"audience":"","epoch":"a"}',
    { name: "position", fields: { audience: "", epoch: "a" } },
  ],
])("%s is read as a control line", (line, said) => {
  expect(controlIn(line)).toEqual(said);
});

test.each([
  ['#a-1_B {"x":1}', ['{"x":1}', "a-1_B", 0, ""]],
  ['@17 {"x":1}', ['{"x":1}', undefined, 17, ""]],
  ['@17:product=M10%20a {"x":1}', ['{"x":1}', undefined, 17, "product=M10%20a"]],
  ["@3:~role=A,B [1]", ["[1]", undefined, 3, "~role=A,B"]],
  ['{"x":"#1 !"}', ['{"x":"#1 !"}', undefined, 0, ""]],
])("%s is read as a message", (line, said) => {
  expect(controlIn(line)).toBeUndefined();
  expect(messageIn(line)).toEqual(said);
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
  "#1{}",
  "@0 {}",
  "@-1 {}",
  "@1: {}",
  "@1:a b {}x".replace(" b", "\tb"),
  "@12345678901234567 {}",
  "",
])("%j is a message that nobody knows", (line) => {
  expect(controlIn(line)).toBeUndefined();
  expect(messageIn(line)).toEqual([line, undefined, 0, ""]);
});

test("a control line leaves out what is undefined, and has no line break in it", () => {
  const line = controlLine("hello", { session: "a\nb", token: undefined });

  expect(line).toBe('!hello {"session":"a\\nb"}');
  expect(controlIn(line)).toEqual({ name: "hello", fields: { session: "a\nb" } });
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
