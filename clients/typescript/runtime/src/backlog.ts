/** How much of what is said without a connection is kept, and for how long. */
export interface Keeping {
  readonly messages: number;
  readonly bytes: number;
  readonly ageMs: number;
}

export const DEFAULT_KEEPING: Keeping = { messages: 100, bytes: 1_048_576, ageMs: 60_000 };

interface Waiting<Item> {
  readonly item: Item;
  readonly bytes: number;
  readonly since: number;
}

/** What waits for a connection, in the order in which it was said: bounded in number, bytes and age. */
export class Backlog<Item> {
  readonly #keeping: Keeping;
  #waiting: Waiting<Item>[] = [];

  constructor(keeping: Partial<Keeping> = {}) {
    this.#keeping = { ...DEFAULT_KEEPING, ...keeping };
  }

  /** Whether it is kept. It is refused where there is no room: nothing that waits is dropped for it. */
  put(item: Item, bytes: number, now: number): boolean {
    const { messages, bytes: allowed } = this.#keeping;
    const size = this.#waiting.reduce((sum, each) => sum + each.bytes, bytes);
    if (this.#waiting.length >= messages || size > allowed) return false;
    this.#waiting.push({ item, bytes, since: now });
    return true;
  }

  /** Takes out the next one to be sent. */
  shift(): Item | undefined {
    return this.#waiting.shift()?.item;
  }

  /** Takes out what has waited for too long. */
  expired(now: number): readonly Item[] {
    return this.#without(({ since }) => now - since > this.#keeping.ageMs);
  }

  /** Takes out one for which nobody waits any more. */
  remove(item: Item): void {
    this.#without((each) => each.item === item);
  }

  /** All that waits. */
  all(): readonly Item[] {
    return this.#waiting.map(({ item }) => item);
  }

  /** Takes out all. */
  clear(): readonly Item[] {
    return this.#without(() => true);
  }

  #without(isMeant: (each: Waiting<Item>) => boolean): readonly Item[] {
    const gone = this.#waiting.filter(isMeant);
    this.#waiting = this.#waiting.filter((each) => !isMeant(each));
    return gone.map(({ item }) => item);
  }
}
