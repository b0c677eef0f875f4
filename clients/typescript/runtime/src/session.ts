/**
 * The life of a connection, as decisions only: inputs and the time go in, actions come out.
 *
 * It knows no socket, timer or promise; `Connection` is the shell that acts on what is decided here.
 */
import { type Backoff, delayMs } from "./backoff.ts";
import type { CloseCodes } from "./channel.ts";
import { closeCode } from "./close-codes.ts";
import type { ConnectionState } from "./state.ts";

/** Why a token is asked for. After `refresh` the last one was refused: a cached token is of no use. */
export type TokenReason = "connect" | "reconnect" | "refresh";

/** Something that happened. `lost` stands for a socket that closed, and for one that never came to be. */
export type Input =
  | { readonly type: "start" }
  | { readonly type: "authorized"; readonly token: string }
  | { readonly type: "unauthorized"; readonly reason: string }
  | { readonly type: "opened" }
  | { readonly type: "lost"; readonly code: number; readonly reason: string }
  | { readonly type: "elapsed" }
  | { readonly type: "close" };

/** Something to do about it. */
export type Action =
  | { readonly type: "authorize"; readonly reason: TokenReason }
  | { readonly type: "dial"; readonly token: string }
  | { readonly type: "hangUp" };

/** What the decisions depend on. `random` gives a number from 0 to below 1. */
export interface SessionRules {
  readonly closeCodes: CloseCodes;
  readonly backoff: Backoff;
  readonly connectTimeoutMs: number;
  readonly random: () => number;
}

const NORMAL = 1000;
const LOST = 1006;
const UNAUTHORIZED = 4401;

/** Decides; see `Input` for what it is told and `Action` for what it answers. */
export class Session {
  readonly #rules: SessionRules;
  #state: ConnectionState = { status: "idle" };
  #wakeAt: number | undefined;
  #attempt = 0;
  #openedAt: number | undefined;
  #refused = false;

  constructor(rules: SessionRules) {
    this.#rules = rules;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** When `elapsed` is due, if nothing else happens before. */
  get wakeAt(): number | undefined {
    return this.#wakeAt;
  }

  /** Takes in what happened at `now` (milliseconds of any steady clock). Inputs that no longer matter change nothing. */
  step(input: Input, now: number): readonly Action[] {
    if (this.#state.status === "closed") return [];
    switch (input.type) {
      case "start":
        return this.#state.status === "idle" ? this.#connect(now) : [];
      case "authorized":
        return this.#state.status === "connecting" ? [{ type: "dial", token: input.token }] : [];
      case "unauthorized":
        this.#end(UNAUTHORIZED, input.reason, true);
        return [];
      case "opened":
        return this.#opened(now);
      case "lost":
        return this.#lost(input.code, input.reason, now);
      case "elapsed":
        return this.#elapsed(now);
      case "close":
        this.#end(NORMAL, "", false);
        return [{ type: "hangUp" }];
    }
  }

  #connect(now: number): readonly Action[] {
    this.#state = { status: "connecting", attempt: this.#attempt };
    this.#wakeAt = now + this.#rules.connectTimeoutMs;
    return [{ type: "authorize", reason: this.#tokenReason() }];
  }

  #tokenReason(): TokenReason {
    if (this.#refused) return "refresh";
    return this.#attempt === 0 ? "connect" : "reconnect";
  }

  #opened(now: number): readonly Action[] {
    if (this.#state.status !== "connecting") return [];
    this.#state = { status: "open" };
    this.#wakeAt = undefined;
    this.#openedAt = now;
    return [];
  }

  #lost(code: number, reason: string, now: number): readonly Action[] {
    if (this.#hasProvenItself(now)) {
      this.#attempt = 0;
      this.#refused = false;
    }
    this.#openedAt = undefined;
    const { reason: declared, reconnect } = closeCode(code, this.#rules.closeCodes);
    if (reconnect === "no" || (reconnect === "once" && this.#refused)) {
      this.#end(code, reason || declared, true);
    } else {
      this.#refused ||= reconnect === "once";
      this.#comeBack(code, now);
    }
    return [];
  }

  /** Whether it was open for long enough to call it a success: a server that lets in and throws out is none. */
  #hasProvenItself(now: number): boolean {
    return (
      this.#openedAt !== undefined && now - this.#openedAt >= this.#rules.backoff.minimumUptimeMs
    );
  }

  #comeBack(code: number, now: number): void {
    this.#attempt += 1;
    const wait = delayMs(this.#attempt, this.#rules.random(), this.#rules.backoff);
    this.#state = {
      status: "reconnecting",
      attempt: this.#attempt,
      delayMs: wait,
      closeCode: code,
    };
    this.#wakeAt = now + wait;
  }

  #elapsed(now: number): readonly Action[] {
    if (this.#wakeAt === undefined || now < this.#wakeAt) return [];
    if (this.#state.status === "reconnecting") return this.#connect(now);
    return [{ type: "hangUp" }, ...this.#lost(LOST, "", now)];
  }

  #end(code: number, reason: string, terminal: boolean): void {
    this.#state = { status: "closed", code, reason, terminal };
    this.#wakeAt = undefined;
  }
}
