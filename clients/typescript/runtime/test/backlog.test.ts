import { expect, test } from "vitest";

import { Backlog } from "../src/backlog.ts";

test("what waits comes out in its order", () => {
  const backlog = new Backlog<string>();
  for (const each of ["a", "b", "c"]) expect(backlog.put(each, 1, 0)).toBe(true);
  backlog.remove("b");

  expect(backlog.all()).toEqual(["a", "c"]);
  expect([backlog.shift(), backlog.shift(), backlog.shift()]).toEqual(["a", "c", undefined]);
});

test("there is room for so many, and nothing is dropped for another", () => {
  const backlog = new Backlog<string>({ messages: 2 });

  expect(["a", "b", "c"].map((each) => backlog.put(each, 1, 0))).toEqual([true, true, false]);
  expect(backlog.clear()).toEqual(["a", "b"]);
  expect(backlog.put("d", 1, 0)).toBe(true);
});

test("there is room for so many bytes, which come free again", () => {
  const backlog = new Backlog<string>({ bytes: 10 });

  expect([backlog.put("a", 6, 0), backlog.put("b", 5, 0), backlog.put("c", 4, 0)]).toEqual([
    true,
    false,
    true,
  ]);
  backlog.shift();
  expect(backlog.put("d", 6, 0)).toBe(true);
});

test("what has waited for too long is taken out, once", () => {
  const backlog = new Backlog<string>({ ageMs: 100 });
  backlog.put("old", 1, 0);
  backlog.put("new", 1, 50);

  expect(backlog.expired(100)).toEqual([]);
  expect(backlog.expired(101)).toEqual(["old"]);
  expect(backlog.expired(101)).toEqual([]);
  expect(backlog.all()).toEqual(["new"]);
});

test("by chance: never more than may wait, in order, and each comes out once", () => {
  let seed = 7;
  const chance = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  const backlog = new Backlog<{ readonly bytes: number; readonly at: number }>({
    messages: 5,
    bytes: 20,
    ageMs: 10,
  });
  let taken = 0;
  let out = 0;
  for (let now = 0; now < 5000; now += 1) {
    const item = { bytes: chance(9), at: now };
    if (backlog.put(item, item.bytes, now)) taken += 1;
    const waiting = backlog.all();
    expect(waiting.length).toBeLessThanOrEqual(5);
    expect(waiting.reduce((sum, each) => sum + each.bytes, 0)).toBeLessThanOrEqual(20);
    expect(waiting).toEqual([...waiting].sort((a, b) => a.at - b.at));
    if (chance(3) === 0 && backlog.shift()) out += 1;
    out += backlog.expired(now).length;
    for (const each of backlog.all()) expect(now - each.at).toBeLessThanOrEqual(10);
  }
  expect(out + backlog.clear().length).toBe(taken);
});
