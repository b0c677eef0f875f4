/** A session whose effects are written down, as `[name, …arguments]`, instead of done. */
import type { Clock } from "../src/clock.ts";
import { type Effects, Session, type SessionChannel, type SessionOptions } from "../src/session.ts";
import type { ConnectionState } from "../src/state.ts";
import type { TokenReason } from "../src/session.ts";
import type { LifeSign } from "../src/lifecycle.ts";
import { CLOSE_CODES } from "./sample.ts";

/** Something that happens, and the arguments of the session's method for it; `elapsed` is its timer. */
export type Input =
  | readonly ["start"]
  | readonly ["authorized", token: string]
  | readonly ["unauthorized", reason: string]
  | readonly ["opened", protocol?: string]
  | readonly ["heard", frame: string | ArrayBuffer]
  | readonly ["lost", code: number, reason: string]
  | readonly ["elapsed"]
  | readonly ["sign", sign: LifeSign]
  | readonly ["close"];

/** Something that was done. `changed` and `random` are not written down. */
export type Action =
  | readonly ["authorize", reason: TokenReason]
  | readonly ["tell", name: string, event: object]
  | readonly [name: Exclude<keyof Effects, "authorize" | "tell">, ...rest: unknown[]];

export class Stepped {
  readonly #session: Session;
  #done: Action[] = [];
  #now = 0;
  #timer: { readonly at: number; readonly act: () => void } | undefined;

  constructor({
    hasPlace = true,
    random = 0.5,
    ...more
  }: Partial<SessionChannel> &
    SessionOptions & { hasPlace?: boolean; random?: number | (() => number) } = {}) {
    const note =
      (name: Action[0]) =>
      (...rest: unknown[]): void =>
        void this.#done.push([name, ...rest] as unknown as Action);
    const effects: Effects = {
      authorize: note("authorize"),
      dial: note("dial"),
      send: note("send"),
      ping: note("ping"),
      flush: note("flush"),
      hangUp: note("hangUp"),
      deliver: note("deliver"),
      answer: note("answer"),
      refused: note("refused"),
      tell: note("tell"),
      changed: () => {},
    };
    const channel = {
      closeCodes: CLOSE_CODES,
      ...(hasPlace ? { withToken: (address: string): string => address } : {}),
      contract: "c1",
      ...more,
    } as const;
    const clock: Clock = {
      now: () => this.#now,
      random: () => (typeof random === "number" ? random : random()),
      after: (delayMs, act) => {
        this.#timer = { at: this.#now + delayMs, act };
        return () => (this.#timer = undefined);
      },
    };
    this.#session = new Session(channel, more, "s1", clock, effects);
  }

  get state(): ConnectionState {
    return this.#session.state;
  }

  get hasLines(): boolean {
    return this.#session.hasLines;
  }

  get messageBytes(): number {
    return this.#session.messageBytes;
  }

  /** When its timer rings; `Infinity` if there is none. */
  get wakeAt(): number {
    return this.#timer?.at ?? Infinity;
  }

  spoke(now: number): void {
    this.#now = now;
    this.#session.spoke();
  }

  /** What is done about `input`. */
  step(input: Input, now: number): readonly Action[] {
    this.#done = [];
    this.#now = now;
    this.#decide(input);
    return this.#done;
  }

  #decide(input: Input): void {
    switch (input[0]) {
      case "start":
      case "close":
        return this.#session[input[0]]();
      case "opened":
        return this.#session.opened(input[1]);
      case "heard":
        return this.#session.heard(input[1]);
      case "lost":
        return this.#session.lost(input[1], input[2]);
      case "sign":
        return this.#session.sign(input[1]);
      case "elapsed":
        return this.#ring();
      default:
        return this.#session[input[0]](input[1]);
    }
  }

  #ring(): void {
    if (!this.#timer || this.#timer.at > this.#now) return;
    const { act } = this.#timer;
    this.#timer = undefined;
    act();
  }
}
