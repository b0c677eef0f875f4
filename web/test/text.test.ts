import { expect, test } from "vitest";

import { clockText, indexText, roundedText, valueText } from "../src/text.ts";

test("a value is written with what it has", () => {
  expect([10, 10.65, -0.5, 9_007_199, 1e-7].map(valueText)).toEqual([
    "10",
    "10.65",
    "-0.5",
    "9007199",
    "0.0000001",
  ]);
});

test("a computed limit is written as finely as its tolerance makes sense", () => {
  expect(roundedText(10.127_94, 1)).toBe("10.128");
  expect(roundedText(20.012_345_6, 0.1)).toBe("20.0123");
  expect(roundedText(1234.567, 500)).toBe("1234.6");
  expect(roundedText(5, 0)).toBe("5");
});

test("an index has two digits", () => {
  expect(indexText(1.7)).toBe("1.70");
});

test("a time of today is a time, another has its date; neither is moved to another zone", () => {
  expect(clockText("2026-01-11T12:00:00", "2026-01-11")).toBe("12:00:00");
  expect(clockText("2026-01-11T12:00:00.123456", "2026-01-12")).toBe("2026-01-11 12:00:00");
});
