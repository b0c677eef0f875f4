/** The records of one topic, as updates tell them. Knows no DOM and no socket. */
import type { Removed } from "@wirepact/services/robodine";

export const MAX_RECORDS = 500;

export class Topic<Kind extends { readonly id: string }> {
  readonly #records = new Map<string, Kind>();
  #isAnew = true;

  /** The connection is open, for the first time or again: the next update has the whole state. */
  opened(): void {
    this.#isAnew = true;
  }

  /** Takes in an update. Of too many records those are forgotten that came first. */
  take(update: readonly (Kind | Removed)[]): void {
    if (this.#isAnew) this.#records.clear();
    this.#isAnew = false;
    for (const each of update) {
      if ("removed" in each) this.#records.delete(each.id);
      else this.#records.set(each.id, each);
    }
    for (const oldest of this.#records.keys()) {
      if (this.#records.size <= MAX_RECORDS) break;
      this.#records.delete(oldest);
    }
  }

  /** In the order in which they first came. */
  get all(): readonly Kind[] {
    return [...this.#records.values()];
  }
}
