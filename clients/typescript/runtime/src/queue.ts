import { OverflowError } from "./errors.ts";

interface Waiter<Item> {
  readonly resolve: (result: IteratorResult<Item, undefined>) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Items on their way from a socket, which can't be slowed down, to a loop that takes its time. Bounded: when it is full,
 * the loop gets what is waiting and then an `OverflowError`, since going on would mean leaving messages out silently.
 */
export class Queue<Item> implements AsyncIterableIterator<Item, undefined> {
  readonly #capacity: number;
  readonly #onEnd: (queue: Queue<Item>) => void;
  readonly #items: Item[] = [];
  readonly #waiters: Waiter<Item>[] = [];
  #isOver = false;
  #error: Error | undefined;

  constructor(capacity: number, onEnd: (queue: Queue<Item>) => void = () => {}) {
    this.#capacity = capacity;
    this.#onEnd = onEnd;
  }

  push(item: Item): void {
    if (this.#isOver) return;
    const waiter = this.#waiters.shift();
    if (waiter !== undefined) waiter.resolve({ value: item, done: false });
    else if (this.#items.length < this.#capacity) this.#items.push(item);
    else this.end(new OverflowError(this.#capacity));
  }

  /** Lets the loop finish with what is waiting; with an `error` it throws that afterwards. */
  end(error?: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#error = error;
    this.#onEnd(this);
    for (const waiter of this.#waiters.splice(0)) this.#finish(waiter);
  }

  next(): Promise<IteratorResult<Item, undefined>> {
    return new Promise((resolve, reject) => {
      const item = this.#items.shift();
      if (item !== undefined) resolve({ value: item, done: false });
      else if (this.#isOver) this.#finish({ resolve, reject });
      else this.#waiters.push({ resolve, reject });
    });
  }

  /** Called by the language when a loop is left early. */
  return(): Promise<IteratorResult<Item, undefined>> {
    this.#items.length = 0;
    this.end();
    this.#error = undefined;
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #finish(waiter: Waiter<Item>): void {
    const error = this.#error;
    this.#error = undefined;
    if (error === undefined) waiter.resolve({ value: undefined, done: true });
    else waiter.reject(error);
  }
}
