import type { Heartbeat } from "./channel.ts";

/** How late a timer may be called before it is taken for a machine that slept. */
const LATE_MS = 1000;

/** Who pings, how often, and how long the other side may take to be heard. */
export type Rhythm = Pick<Heartbeat, "by" | "intervalMs" | "timeoutMs">;

/** When to ping, and when the server is given up. It knows no timer: it is told the time, in milliseconds. */
export class Pulse {
  readonly #rhythm: Rhythm;
  #pingAt = Infinity;
  #silentAt = 0;
  #slept = false;

  constructor(rhythm: Rhythm, now: number) {
    this.#rhythm = rhythm;
    this.heard(now);
    if (rhythm.by === "client") this.spoke(now);
  }

  /** When there is something to do. */
  get wakeAt(): number {
    return Math.min(this.#pingAt, this.#silentAt);
  }

  /** The server said something, whatever it was. */
  heard(now: number): void {
    this.#silentAt = now + this.#rhythm.intervalMs + this.#rhythm.timeoutMs;
    this.#slept = false;
  }

  /** Something was said to the server, where that is as good as a ping (V20). */
  spoke(now: number): void {
    this.#pingAt = now + this.#rhythm.intervalMs;
  }

  /** Whether the server is given up. Who slept through the deadline pings, and waits once more. */
  isSilent(now: number): boolean {
    if (now < this.#silentAt) return false;
    if (this.#slept || now - this.#silentAt <= LATE_MS) return true;
    this.#slept = true;
    this.#silentAt = now + this.#rhythm.timeoutMs;
    this.doubt(now);
    return false;
  }

  /** There is reason to doubt that the server is there: it is asked now, and has no longer than for any answer. */
  doubt(now: number): void {
    if (this.#rhythm.by === "server") return;
    this.#pingAt = now;
    this.#silentAt = Math.min(this.#silentAt, now + this.#rhythm.timeoutMs);
  }

  /** Whether it is time to ping; the next time is an interval later. */
  pings(now: number): boolean {
    if (now < this.#pingAt) return false;
    this.spoke(now);
    return true;
  }
}
