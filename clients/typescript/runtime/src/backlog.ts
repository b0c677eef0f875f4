/** How much of what is said without a connection is kept, and for how long. */
export interface Keeping {
  readonly messages: number;
  readonly bytes: number;
  readonly ageMs: number;
}

export const DEFAULT_KEEPING: Keeping = { messages: 100, bytes: 1_048_576, ageMs: 60_000 };

/** Something that can wait: how large it is, and when it was said. */
export interface Waiting {
  readonly bytes: number;
  readonly since: number;
}

/** What waits for a connection, in the order in which it was said: bounded in number, bytes and age. */
export class Backlog<Item extends Waiting> {
  readonly #keeping: Keeping;
  #items: readonly Item[] = [];

  constructor(keeping: Partial<Keeping> = {}) {
    this.#keeping = { ...DEFAULT_KEEPING, ...keeping };
  }

  /** All that waits. */
  get items(): readonly Item[] {
    return this.#items;
  }

  /** Whether it is kept. It is refused where there is no room: nothing that waits is dropped for it. */
  put(item: Item): boolean {
    const { messages, bytes } = this.#keeping;
    const size = this.#items.reduce((sum, each) => sum + each.bytes, item.bytes);
    if (this.#items.length >= messages || size > bytes) return false;
    this.#items = [...this.#items, item];
    return true;
  }

  /** Takes out what has waited for too long. */
  expired(now: number): readonly Item[] {
    return this.take(({ since }) => now - since > this.#keeping.ageMs);
  }

  /** Takes out all that `isMeant`. */
  take(isMeant: (item: Item) => boolean): readonly Item[] {
    const taken = this.#items.filter(isMeant);
    this.#items = this.#items.filter((each) => !taken.includes(each));
    return taken;
  }
}
