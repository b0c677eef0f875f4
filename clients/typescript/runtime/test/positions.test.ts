import { beforeEach, expect, test } from "vitest";

import { Positions } from "../src/positions.ts";

let positions: Positions;

beforeEach(() => {
  positions = new Positions();
});

test("what follows a position is new once, and offsets may skip", () => {
  positions.begin("", "e1", 5);

  expect([5, 6, 9, 9, 7].map((offset) => positions.take("", offset))).toEqual([
    false,
    true,
    true,
    false,
    false,
  ]);
  expect(positions.said()).toEqual({ "": "e1.9" });
});

test("where nothing is known all is new, and nothing is said of it", () => {
  expect(positions.take("product=1", 4)).toBe(true);
  expect(positions.take("product=1", 4)).toBe(true);
  expect(positions.said()).toBeUndefined();
});

test.each([
  ["e-1", 5],
  ["", 5],
  [7, 5],
  ["e1", "5"],
  ["e1", 5.5],
  [undefined, undefined],
])("a position that is none, %j.%j, loses the place", (epoch, offset) => {
  positions.begin("a", "e1", 5);
  positions.begin("a", epoch, offset);

  expect(positions.said()).toBeUndefined();
});

test("another epoch begins anew, lower", () => {
  positions.begin("a", "e1", 50);
  positions.begin("a", "e2", 1);

  expect(positions.take("a", 2)).toBe(true);
  expect(positions.said()).toEqual({ a: "e2.2" });
});

test("a hello has at most 256 of them, and what fits a frame: those begun last", () => {
  for (let id = 0; id < 300; id += 1) positions.begin(`product=${id}`, "e1", id);
  const said = Object.keys(positions.said() ?? {});
  expect(said).toHaveLength(256);
  expect(said[0]).toBe("product=299");

  for (let id = 0; id < 100; id += 1) positions.begin(`${"x".repeat(500)}=${id}`, "e1", id);
  const long = positions.said() ?? {};
  expect(JSON.stringify(long).length).toBeLessThanOrEqual(32_768);
  expect(Object.keys(long).length).toBeGreaterThan(60);
});
