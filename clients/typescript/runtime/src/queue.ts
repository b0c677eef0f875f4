import { OverflowError } from "./errors.ts";

type Result<Item> = IteratorResult<Item, undefined>;

/**
 * Items on their way from a socket, which can't be slowed down, to a loop that takes its time. Bounded: when it is full,
 * the loop gets what is waiting and then an `OverflowError`, since going on would mean leaving messages out silently.
 */
export class Queue<Item> implements AsyncIterableIterator<Item, undefined> {
  readonly #capacity: number;
  readonly #onEnd: (queue: Queue<Item>) => void;
  readonly #items: Item[] = [];
  readonly #waiters: ((result: Result<Item> | Promise<Result<Item>>) => void)[] = [];
  #isOver = false;
  #error: Error | undefined;

  constructor(capacity: number, onEnd: (queue: Queue<Item>) => void = () => {}) {
    this.#capacity = capacity;
    this.#onEnd = onEnd;
  }

  push(value: Item): void {
    if (this.#isOver) return;
    const waiter = this.#waiters.shift();
    if (waiter) waiter({ value, done: false });
    else if (this.#items.length < this.#capacity) this.#items.push(value);
    else this.end(new OverflowError(this.#capacity));
  }

  /** Lets the loop finish with what is waiting; with an `error` it throws that afterwards. */
  end(error?: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#error = error;
    this.#onEnd(this);
    for (const waiter of this.#waiters) waiter(this.#last());
  }

  next(): Promise<Result<Item>> {
    return new Promise((resolve) => {
      if (this.#items.length > 0) resolve({ value: this.#items.shift() as Item, done: false });
      else if (this.#isOver) resolve(this.#last());
      else this.#waiters.push(resolve);
    });
  }

  /** Called by the language when a loop is left early. */
  return(): Promise<Result<Item>> {
    this.#items.length = 0;
    this.end();
    this.#error = undefined;
    return this.#last();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The end, or the error that led to it, which is thrown once. */
  async #last(): Promise<Result<Item>> {
    const error = this.#error;
    this.#error = undefined;
    if (error) throw error;
    return { value: undefined, done: true };
  }
}
