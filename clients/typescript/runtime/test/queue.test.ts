import { expect, test } from "vitest";

import { OverflowError } from "../src/index.ts";
import { Queue } from "../src/queue.ts";

async function drained<Item>(queue: Queue<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of queue) items.push(item);
  return items;
}

test("items come out in the order in which they went in", async () => {
  const queue = new Queue<number>(10);
  const waiting = queue.next();
  for (const item of [1, 2, 3]) queue.push(item);
  queue.end();

  expect(await waiting).toEqual({ value: 1, done: false });
  expect(await drained(queue)).toEqual([2, 3]);
});

test("an error is thrown once, after what was waiting", async () => {
  const queue = new Queue<number>(10);
  queue.push(1);
  queue.end(new Error("over"));

  expect(await queue.next()).toEqual({ value: 1, done: false });
  await expect(queue.next()).rejects.toThrow("over");
  expect(await queue.next()).toEqual({ value: undefined, done: true });
});

test("a full queue gives what it has, then says that it overflowed", async () => {
  const queue = new Queue<number>(2);
  for (const item of [1, 2, 3, 4]) queue.push(item);
  const items: number[] = [];

  const reading = (async () => {
    for await (const item of queue) items.push(item);
  })();

  await expect(reading).rejects.toThrow(OverflowError);
  expect(items).toEqual([1, 2]);
});

test("leaving the loop ends the queue, and whoever fills it is told", async () => {
  const ended: unknown[] = [];
  const queue = new Queue<number>(10, (each) => ended.push(each));
  queue.push(1);
  queue.push(2);

  for await (const item of queue) if (item === 1) break;
  queue.push(3);

  expect(ended).toEqual([queue]);
  expect(await queue.next()).toEqual({ value: undefined, done: true });
});

test("all who wait are told when it ends", async () => {
  const queue = new Queue<number>(10);
  const waiting = [queue.next(), queue.next()];
  queue.end();

  expect(await Promise.all(waiting)).toEqual([
    { value: undefined, done: true },
    { value: undefined, done: true },
  ]);
});
