import { expect, test } from "vitest";

import { DEFAULT_BACKOFF, delayMs } from "../src/backoff.ts";

const LONGEST = 1 - Number.EPSILON;

test("the longest wait doubles with each attempt, up to the cap", () => {
  const longest = [1, 2, 3, 4, 5, 6, 7, 8, 60].map(
    (attempt) => Math.ceil(delayMs(attempt, LONGEST, DEFAULT_BACKOFF) / 10) * 10,
  );

  expect(longest).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000, 20_000]);
});

test("the jitter is full: any wait down to nothing is possible", () => {
  expect(delayMs(5, 0, DEFAULT_BACKOFF)).toBe(0);
  expect(delayMs(5, 0.5, DEFAULT_BACKOFF)).toBe(4000);
});

test("after a thousand attempts the wait is still a number", () => {
  expect(delayMs(2000, 0.5, DEFAULT_BACKOFF)).toBe(10_000);
});
