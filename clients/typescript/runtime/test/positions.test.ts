import { beforeEach, expect, test } from "vitest";

import { begin, isNew, type Places, positionsIn } from "../src/positions.ts";

let places: Places;

beforeEach(() => {
  places = new Map();
});

test("what follows a position is new once, and offsets may skip", () => {
  begin(places, "", "e1", 5);

  expect([5, 6, 9, 9, 7].map((offset) => isNew(places, "", offset))).toEqual([
    false,
    true,
    true,
    false,
    false,
  ]);
  expect(positionsIn(places)).toEqual({ "": "e1.9" });
});

test("where nothing is known all is new, and nothing is said of it", () => {
  expect(isNew(places, "product=1", 4)).toBe(true);
  expect(isNew(places, "product=1", 4)).toBe(true);
  expect(positionsIn(places)).toBeUndefined();
});

test.each([
  ["e-1", 5],
  ["", 5],
  [7, 5],
  ["e1", "5"],
  ["e1", 5.5],
  [undefined, undefined],
])("a position that is none, %j.%j, loses the place", (epoch, offset) => {
  begin(places, "a", "e1", 5);
  begin(places, "a", epoch, offset);

  expect(positionsIn(places)).toBeUndefined();
});

test("another epoch begins anew, lower", () => {
  begin(places, "a", "e1", 50);
  begin(places, "a", "e2", 1);

  expect(isNew(places, "a", 2)).toBe(true);
  expect(positionsIn(places)).toEqual({ a: "e2.2" });
});

test("a hello has at most 256 of them, and what fits a frame: those begun last", () => {
  for (let id = 0; id < 300; id += 1) begin(places, `product=${id}`, "e1", id);
  const said = Object.keys(positionsIn(places) ?? {});
  expect(said).toHaveLength(256);
  expect(said[0]).toBe("product=299");

  for (let id = 0; id < 100; id += 1) begin(places, `${"x".repeat(500)}=${id}`, "e1", id);
  const long = positionsIn(places) ?? {};
  expect(JSON.stringify(long).length).toBeLessThanOrEqual(32_768);
  expect(Object.keys(long).length).toBeGreaterThan(60);
});
