import { beforeEach, expect, test, vi } from "vitest";

import { Frames } from "../src/frames.ts";

let due: (() => void)[];

beforeEach(() => {
  due = [];
  vi.stubGlobal("requestAnimationFrame", (draw: () => void) => due.push(draw));
});

function nextFrame(): void {
  for (const draw of due.splice(0)) draw();
}

test("what changes many times is shown once a frame", () => {
  let value = 0;
  const take = vi.fn(() => value);
  const frames = new Frames(take);
  const listener = vi.fn();
  frames.subscribe(listener);

  for (let each = 0; each < 1000; each += 1) {
    value += 1;
    frames.changed();
  }
  expect(frames.shown()).toBe(0);
  nextFrame();

  expect(frames.shown()).toBe(1000);
  expect(listener).toHaveBeenCalledTimes(1);
  expect(take).toHaveBeenCalledTimes(2);
});

test("without a change nothing is asked for", () => {
  const frames = new Frames(() => 0);
  frames.changed();
  nextFrame();

  expect(due).toEqual([]);
});

test("what changes while it is drawn is shown at the next frame", () => {
  let value = 0;
  const frames = new Frames(() => value);
  frames.subscribe(() => {
    if (value === 2) return;
    value += 1;
    frames.changed();
  });

  frames.changed();
  nextFrame();
  nextFrame();

  expect(frames.shown()).toBe(1);
});

test("who has left is told nothing", () => {
  const frames = new Frames(() => 0);
  const listener = vi.fn();
  frames.subscribe(listener)();

  frames.changed();
  nextFrame();

  expect(listener).not.toHaveBeenCalled();
});
