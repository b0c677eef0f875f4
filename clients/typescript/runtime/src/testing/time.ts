import type { Clock } from "../clock.ts";

/** The platform's, even where a test puts another in its place later. */
const { setTimeout: later } = globalThis;

/** Lets everything happen that is under way and needs no time. */
export function settled(): Promise<void> {
  return new Promise((resolve) => void later(resolve));
}

/** Time that stands still until it is told to pass. The waits that are random are half of the longest. */
export class FakeTime implements Clock {
  #now = 0;
  readonly #timers = new Set<{ readonly at: number; readonly act: () => void }>();

  now(): number {
    return this.#now;
  }

  random(): number {
    return 0.5;
  }

  after(delayMs: number, act: () => void): () => void {
    const timer = { at: this.#now + delayMs, act };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Lets what is under way happen, and then so much time pass, with everything that falls due in it. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settled();
    for (let at = this.#nextAt; at <= end; at = this.#nextAt) await this.#ring(at);
    this.#now = end;
  }

  /** Lets time pass until something falls due, if anything will. */
  async passToNext(): Promise<void> {
    await settled();
    if (this.#nextAt < Infinity) await this.#ring(this.#nextAt);
  }

  get #nextAt(): number {
    return Math.min(...[...this.#timers].map(({ at }) => at));
  }

  async #ring(at: number): Promise<void> {
    this.#now = Math.max(this.#now, at);
    for (const timer of this.#timers) {
      if (timer.at > at || !this.#timers.delete(timer)) continue;
      timer.act();
      await settled();
    }
  }
}
