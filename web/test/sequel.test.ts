import { expect, test, vi } from "vitest";

import { Sequel } from "../src/sequel.ts";

interface Loading {
  readonly sequel: Sequel;
  readonly load: ReturnType<typeof vi.fn>;
  readonly arrive: () => void;
}

function loading(): Loading {
  let arrive = (): void => {};
  const load = vi.fn(() => new Promise<void>((resolve) => (arrive = resolve)));
  return { sequel: new Sequel(load), load, arrive: () => arrive() };
}

test("what is heard waits for what was there before, in its order", async () => {
  const { sequel, arrive } = loading();
  const taken: number[] = [];
  for (const each of [1, 2, 3]) sequel.hear(() => taken.push(each));
  await Promise.resolve();
  expect(taken).toEqual([]);

  arrive();

  await vi.waitFor(() => expect(taken).toEqual([1, 2, 3]));
});

test("what was there is loaded once an opening, when something is heard of it", () => {
  const { sequel, load } = loading();
  sequel.opened();
  expect(load).not.toHaveBeenCalled();

  for (let each = 0; each < 3; each += 1) sequel.hear(() => {});
  expect(load).toHaveBeenCalledTimes(1);
  sequel.opened();
  sequel.hear(() => {});

  expect(load).toHaveBeenCalledTimes(2);
});
