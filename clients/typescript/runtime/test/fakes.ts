/** A clock and sockets that do nothing by themselves. */
import type { Clock, Socket } from "../src/index.ts";

type Handler = ((event: never) => void) | null;

export class FakeClock implements Clock {
  #now = 0;
  #timers: { readonly at: number; readonly act: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  /** The longest wait that jitter can give, nearly. */
  random(): number {
    return 0.999;
  }

  after(delayMs: number, act: () => void): () => void {
    const timer = { at: this.#now + delayMs, act };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }

  /** Lets time pass, and calls what falls due on the way. */
  pass(ms: number): void {
    const end = this.#now + ms;
    for (let timer = this.#next(end); timer !== undefined; timer = this.#next(end)) {
      this.#now = timer.at;
      timer.act();
    }
    this.#now = end;
  }

  get pending(): number {
    return this.#timers.length;
  }

  #next(end: number): { readonly at: number; readonly act: () => void } | undefined {
    const due = this.#timers.filter((each) => each.at <= end).sort((a, b) => a.at - b.at)[0];
    this.#timers = this.#timers.filter((each) => each !== due);
    return due;
  }
}

export class FakeSocket implements Socket {
  binaryType = "blob";
  readyState = 0;
  onopen: Handler = null;
  onmessage: Handler = null;
  onerror: Handler = null;
  onclose: Handler = null;
  readonly url: string;
  readonly protocols: readonly string[];
  protocol = "";
  readonly sent: unknown[] = [];
  readonly frames: unknown[] = [];
  closedWith: number | undefined;

  constructor(url: string, protocols: string[] = []) {
    this.url = url;
    this.protocols = protocols;
  }

  send(data: string | ArrayBuffer): void {
    this.frames.push(data);
    if (typeof data === "string" && data.startsWith("{")) this.sent.push(JSON.parse(data));
  }

  close(code?: number): void {
    this.closedWith = code ?? 1005;
    this.readyState = 2;
  }

  /** The server lets it in, and selects `protocol`. */
  open(protocol = ""): void {
    this.protocol = protocol;
    this.readyState = 1;
    this.onopen?.({} as never);
  }

  receive(data: unknown): void {
    this.onmessage?.({ data } as never);
  }

  /** Says several lines of `wirepact.v1` in one frame. */
  tell(...lines: string[]): void {
    this.receive(lines.join("\n"));
  }

  say(message: object): void {
    this.receive(JSON.stringify(message));
  }

  drop(code: number, reason = ""): void {
    this.readyState = 3;
    this.onclose?.({ code, reason } as never);
  }
}

/** A class of sockets that remembers the ones it made. */
export function fakeNetwork(): {
  Socket: new (url: string, protocols?: string[]) => FakeSocket;
  sockets: FakeSocket[];
} {
  const sockets: FakeSocket[] = [];
  class Remembered extends FakeSocket {
    constructor(url: string, protocols?: string[]) {
      super(url, protocols);
      sockets.push(this);
    }
  }
  return { Socket: Remembered, sockets };
}

/** Lets everything run that waits for a promise only. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}
