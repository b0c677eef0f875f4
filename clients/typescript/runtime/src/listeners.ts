import { onAbort } from "./aborting.ts";

/** How long to listen. */
export interface ListenOptions {
  /** Ends the listening when it is aborted. */
  readonly signal?: AbortSignal;
}

type Listener = (event: never) => void;

/** Functions by the name of the event that they wait for. One that throws keeps no other from being called. */
export class Listeners {
  readonly #byName = new Map<string, Set<Listener>>();

  /** Returns the function that removes it. The same function added twice is called twice. */
  add(name: string, listener: Listener, { signal }: ListenOptions = {}): () => void {
    const entry: Listener = (event) => listener(event);
    const entries = this.#byName.get(name) ?? new Set();
    this.#byName.set(name, entries.add(entry));
    const forget = onAbort(signal, () => entries.delete(entry));
    return () => {
      entries.delete(entry);
      forget();
    };
  }

  call(name: string, event: unknown): void {
    for (const listener of [...(this.#byName.get(name) ?? [])]) {
      try {
        listener(event as never);
      } catch (error) {
        // As the platform does with what an event listener throws: loud, and without harm to whoever dispatched.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
