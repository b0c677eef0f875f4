/** A session whose effects are written down, as `[name, …arguments]`, instead of done. */
import { type Effects, Session, type SessionChannel, type SessionOptions } from "../src/session.ts";
import type { ConnectionState } from "../src/state.ts";
import type { TokenReason } from "../src/session.ts";
import type { LifeSign } from "../src/lifecycle.ts";
import { CLOSE_CODES } from "./sample.ts";

/** Something that happens, and the arguments of the session's method for it but for the time. */
export type Input =
  | readonly ["start"]
  | readonly ["authorized", token: string]
  | readonly ["unauthorized", reason: string]
  | readonly ["opened", protocol?: string]
  | readonly ["heard", frame: string | ArrayBuffer]
  | readonly ["renewed", token: string]
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

  constructor({
    random = 0.5,
    ...more
  }: Partial<SessionChannel> & SessionOptions & { random?: number | (() => number) } = {}) {
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
      tell: note("tell"),
      changed: () => {},
      random: () => (typeof random === "number" ? random : random()),
    };
    const channel = {
      closeCodes: CLOSE_CODES,
      credentials: [{ place: "query", name: "token" }],
      contract: "c1",
      ...more,
    } as const;
    this.#session = new Session(channel, more, "s1", effects);
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

  get wakeAt(): number {
    return this.#session.wakeAt;
  }

  spoke(now: number): void {
    this.#session.spoke(now);
  }

  /** What is done about `input`. */
  step(input: Input, now: number): readonly Action[] {
    this.#done = [];
    this.#decide(input, now);
    return this.#done;
  }

  #decide(input: Input, now: number): void {
    switch (input[0]) {
      case "start":
      case "elapsed":
        return this.#session[input[0]](now);
      case "opened":
        return this.#session.opened(input[1], now);
      case "heard":
        return this.#session.heard(input[1], now);
      case "lost":
        return this.#session.lost(input[1], input[2], now);
      case "sign":
        return this.#session.sign(input[1], now);
      case "close":
        return this.#session.close();
      default:
        return this.#session[input[0]](input[1]);
    }
  }
}
