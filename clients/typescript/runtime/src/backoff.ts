/** How long to stay away after a connection was lost. */
export interface Backoff {
  /** The longest first wait; it doubles with each attempt. */
  readonly baseMs: number;
  /** No wait is longer than this. */
  readonly capMs: number;
  /** A connection that was open for less counts as one more failed attempt. */
  readonly minimumUptimeMs: number;
}

export const DEFAULT_BACKOFF: Backoff = { baseMs: 500, capMs: 20_000, minimumUptimeMs: 10_000 };

/**
 * Full jitter: anything from nothing to the whole of the exponential wait, so that clients which lost
 * the same server do not come back together. `attempt` counts from 1, `random` is from 0 to below 1.
 */
export function delayMs(attempt: number, random: number, backoff: Backoff): number {
  return Math.floor(random * Math.min(backoff.capMs, backoff.baseMs * 2 ** (attempt - 1)));
}
