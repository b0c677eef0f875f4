import type { Beat, Heartbeat, Path } from "./channel.ts";

/** How late a timer may be called before it is taken for a machine that slept. */
const LATE_MS = 1000;

/** When to ping, and when the server is given up. It knows no timer: it is told the time, in milliseconds. */
export class Pulse {
  readonly #heartbeat: Heartbeat;
  #pingAt: number;
  #silentAt: number;
  #slept = false;

  constructor(heartbeat: Heartbeat, now: number) {
    this.#heartbeat = heartbeat;
    this.#pingAt = heartbeat.by === "client" ? now + heartbeat.intervalMs : Infinity;
    this.#silentAt = now + heartbeat.intervalMs + heartbeat.timeoutMs;
  }

  /** When there is something to do. */
  get wakeAt(): number {
    return Math.min(this.#pingAt, this.#silentAt);
  }

  /** The server said something, whatever it was. */
  heard(now: number): void {
    this.#silentAt = now + this.#heartbeat.intervalMs + this.#heartbeat.timeoutMs;
    this.#slept = false;
  }

  /** Whether the server is given up. Who slept through the deadline pings, and waits once more. */
  isSilent(now: number): boolean {
    if (now < this.#silentAt) return false;
    if (this.#slept || now - this.#silentAt <= LATE_MS) return true;
    this.#slept = true;
    this.#silentAt = now + this.#heartbeat.timeoutMs;
    if (this.#heartbeat.by === "client") this.#pingAt = now;
    return false;
  }

  /** Whether it is time to ping; the next time is an interval later. */
  pings(now: number): boolean {
    if (now < this.#pingAt) return false;
    this.#pingAt = now + this.#heartbeat.intervalMs;
    return true;
  }
}

/** The ping at a time, in milliseconds since 1970. */
export function pingOf({ ping, time, isWhole }: Heartbeat, unixMs: number): object {
  const seconds = unixMs / 1000;
  return filled(ping, time, isWhole ? Math.floor(seconds) : seconds);
}

/** The answer to a ping of the server; `undefined` if there is none to give. */
export function pongTo(heartbeat: Heartbeat, name: string, ping: object): object | undefined {
  const { by, pong, time } = heartbeat;
  if (by === "client" || pong === undefined || name !== heartbeat.ping.name) return undefined;
  return filled(pong, time, time === undefined ? undefined : at(ping, time));
}

/** What a message is, with a value in the field that `path` leads to. What it was made of stays as it was. */
function filled({ content }: Beat, path: Path | undefined, value: unknown): object {
  return path === undefined ? content : put(content, path, value);
}

function put(content: object, [name, ...rest]: Path, value: unknown): object {
  if (name === undefined) return content;
  const inside: unknown = (content as Record<string, unknown>)[name];
  const deeper = rest.length === 0 ? value : put((inside ?? {}) as object, rest, value);
  return { ...content, [name]: deeper };
}

function at(message: object, path: Path): unknown {
  return path.reduce<unknown>(
    (here, name) => (here as Record<string, unknown> | undefined)?.[name],
    message,
  );
}
