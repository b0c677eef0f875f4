/**
 * From what changes a thousand times a second to what is drawn once a frame.
 *
 * A view keeps what it knows in a class without React. Whoever changes it says so; at the next frame what is to be shown is
 * taken from it, once. A hidden page has no frames, and draws nothing.
 */
import { useState, useSyncExternalStore } from "react";

export class Frames<Shown> {
  readonly #take: () => Shown;
  readonly #listeners = new Set<() => void>();
  #shown: Shown;
  #isDue = false;

  /** `take` gives something new, which does not change any more. */
  constructor(take: () => Shown) {
    this.#take = take;
    this.#shown = take();
  }

  readonly shown = (): Shown => this.#shown;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Something changed. */
  readonly changed = (): void => {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => this.#draw());
  };

  #draw(): void {
    this.#isDue = false;
    this.#shown = this.#take();
    for (const listener of this.#listeners) listener();
  }
}

/** What is shown now, and how to say that something changed. */
export function useFrames<Shown>(take: () => Shown): readonly [Shown, () => void] {
  const [frames] = useState(() => new Frames(take));
  return [useSyncExternalStore(frames.subscribe, frames.shown), frames.changed];
}
