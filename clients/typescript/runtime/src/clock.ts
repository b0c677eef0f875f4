/** Time and chance, as a connection needs them; tests bring their own. */
export interface Clock {
  /** Milliseconds since any fixed moment, never going back. */
  now(): number;
  /** From 0 to below 1. */
  random(): number;
  /** Calls `act` after `delayMs`, at once if that is past, unless the function that it returns is called before. */
  after(delayMs: number, act: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  random: () => Math.random(),
  after: (delayMs, act) => {
    const timer = setTimeout(act, delayMs);
    return () => clearTimeout(timer);
  },
};
