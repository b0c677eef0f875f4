import { expect, test } from "vitest";

import { subjectOf } from "../src/token.ts";

test.each([
  ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMDAwIn0.c2ln", "1000"],
  ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOjF9.c2ln", ""],
  ["no token", ""],
  ["", ""],
])("whose token %o is", (token, subject) => {
  expect(subjectOf(token)).toBe(subject);
});
