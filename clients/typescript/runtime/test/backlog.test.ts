import { expect, test } from "vitest";

import { Backlog, type Waiting } from "../src/backlog.ts";

interface Item extends Waiting {
  readonly name: string;
}

function item(name: string, bytes = 1, since = 0): Item {
  return { name, bytes, since };
}

function names(items: readonly Item[]): string {
  return items.map(({ name }) => name).join("");
}

const ALL = (): boolean => true;

test("what waits comes out in its order", () => {
  const backlog = new Backlog<Item>();
  for (const name of "abc") expect(backlog.put(item(name))).toBe(true);
  expect(names(backlog.take(({ name }) => name === "b"))).toBe("b");

  expect(names(backlog.items)).toBe("ac");
  expect(names(backlog.take(ALL))).toBe("ac");
  expect(backlog.items).toEqual([]);
});

test("there is room for so many, and nothing is dropped for another", () => {
  const backlog = new Backlog<Item>({ messages: 2 });

  expect([..."abc"].map((name) => backlog.put(item(name)))).toEqual([true, true, false]);
  expect(names(backlog.take(ALL))).toBe("ab");
  expect(backlog.put(item("d"))).toBe(true);
});

test("there is room for so many bytes, which come free again", () => {
  const backlog = new Backlog<Item>({ bytes: 10 });
  const kept = [item("a", 6), item("b", 5), item("c", 4)].map((each) => backlog.put(each));
  expect(kept).toEqual([true, false, true]);
  backlog.take(({ name }) => name === "a");

  expect(backlog.put(item("d", 6))).toBe(true);
});

test("what has waited for too long is taken out, once", () => {
  const backlog = new Backlog<Item>({ ageMs: 100 });
  backlog.put(item("old"));
  backlog.put(item("new", 1, 50));

  expect(backlog.expired(100)).toEqual([]);
  expect(names(backlog.expired(101))).toBe("old");
  expect(backlog.expired(101)).toEqual([]);
  expect(names(backlog.items)).toBe("new");
});

test("by chance: never more than may wait, in order, and each comes out once", () => {
  let seed = 7;
  const chance = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  const backlog = new Backlog<Waiting>({ messages: 5, bytes: 20, ageMs: 10 });
  let taken = 0;
  let out = 0;
  for (let now = 0; now < 5000; now += 1) {
    if (backlog.put({ bytes: chance(9), since: now })) taken += 1;
    const waiting = backlog.items;
    const isOrdered = waiting.every(
      ({ since }, index) => since >= (waiting[index - 1]?.since ?? 0),
    );
    expect(isOrdered).toBe(true);
    expect(waiting.length).toBeLessThanOrEqual(5);
    expect(waiting.reduce((sum, each) => sum + each.bytes, 0)).toBeLessThanOrEqual(20);
    const [first] = waiting;
    if (chance(3) === 0) out += backlog.take((each) => each === first).length;
    out += backlog.expired(now).length;
    expect(backlog.items.every(({ since }) => now - since <= 10)).toBe(true);
  }
  expect(out + backlog.take(ALL).length).toBe(taken);
});
