/**
 * The life of a connection, as decisions only: inputs and the time go in, actions come out.
 *
 * It knows no socket, timer or promise; `Connection` is the shell that acts on what is decided here. `docs/wire.md` has the
 * clauses; `Visit` has those about lines.
 */
import { type Backoff, delayMs } from "./backoff.ts";
import type { CloseCodes } from "./channel.ts";
import { closeCode } from "./close-codes.ts";
import { Pulse, type Rhythm } from "./pulse.ts";
import type { LifeSign } from "./lifecycle.ts";
import { type Fields, SUBPROTOCOL, controlLine, msIn, textIn } from "./lines.ts";
import { Positions } from "./positions.ts";
import type { ConnectionState } from "./state.ts";
import { type Manners, Visit, type VisitAction } from "./visit.ts";

/**
 * Why a token is asked for. After `refresh` the last one was refused: a cached token is of no use. `expiring` is asked while the
 * connection is open, shortly before its identity ends.
 */
export type TokenReason = "connect" | "reconnect" | "refresh" | "expiring";

/** Something that happened. `lost` stands for a socket that closed, and for one that never came to be. */
export type Input =
  | readonly ["start"]
  | readonly ["authorized", token: string]
  | readonly ["unauthorized", reason: string]
  | readonly ["opened", protocol?: string | undefined]
  | readonly ["heard", frame: string | ArrayBuffer]
  | readonly ["renewed", token: string]
  | readonly ["lost", code: number, reason: string]
  | readonly ["elapsed"]
  | readonly ["sign", sign: LifeSign]
  | readonly ["close"];

/** Something to do about it. `ping` is the message of the document, `flush` sends what waited for the connection. */
export type Action =
  | readonly ["authorize", reason: TokenReason]
  | readonly ["dial", token: string, hasLines: boolean]
  | readonly ["ping"]
  | readonly ["flush"]
  | readonly ["hangUp", code?: number]
  | Exclude<VisitAction, readonly ["welcome", unknown]>;

/** What the decisions depend on. `random` gives a number from 0 to below 1. */
export interface SessionRules {
  readonly closeCodes: CloseCodes;
  readonly backoff: Backoff;
  readonly connectTimeoutMs: number;
  readonly random: () => number;
  readonly manners: Manners;
  /** Whether `wirepact.v1` can be spoken. */
  readonly hasLines: boolean;
  /** Whether a token can stand in the handshake. Where it can't, it is told in the hello. */
  readonly hasPlace: boolean;
  /** The heartbeat of messages, for where `wirepact.v1` is not spoken. */
  readonly heartbeat?: Rhythm | undefined;
}

const NORMAL = 1000;
const GOING_AWAY = 1001;
const LOST = 1006;
const UNAUTHORIZED = 4401;

/** Decides; see `Input` for what it is told and `Action` for what it answers. */
export class Session {
  readonly #rules: SessionRules;
  readonly #positions = new Positions();
  #state: ConnectionState = { status: "idle" };
  #wakeAt: number | undefined;
  #visit: Visit | undefined;
  #pulse: Pulse | undefined;
  #token = "";
  /** What is left of it for the hello: a token is told once. */
  #tokenToSay = "";
  /** Whether the socket that is being dialled offers `wirepact.v1`. */
  #isOffered = false;
  /** Whether the server has shown that it speaks it, or that it does not even let in who offers it. */
  #isSpoken = false;
  #isUnheardOf = false;
  #attempt = 0;
  #openedAt: number | undefined;
  #wasOpen = false;
  #isRefused = false;
  /** Whether the next attempt may come sooner, if the network seems to be back. */
  #mayHurry = false;

  constructor(rules: SessionRules) {
    this.#rules = rules;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Whether the connection speaks `wirepact.v1`. */
  get hasLines(): boolean {
    return this.#visit !== undefined;
  }

  /** When `elapsed` is due, if nothing else happens before. */
  get wakeAt(): number | undefined {
    return this.#pulse?.wakeAt ?? this.#wakeAt;
  }

  /** Takes in what happened at `now` (milliseconds of any steady clock). Inputs that no longer matter change nothing. */
  step(input: Input, now: number): readonly Action[] {
    const { status } = this.#state;
    if (status === "closed") return [];
    switch (input[0]) {
      case "start":
        return status === "idle" ? this.#connect(now) : [];
      case "authorized":
        return status === "connecting" ? this.#dial(input[1]) : [];
      case "unauthorized":
        this.#end(UNAUTHORIZED, input[1], true);
        return [];
      case "opened":
        return status === "connecting" ? this.#opened(input[1], now) : [];
      case "heard":
        return this.#heard(input[1], now);
      case "renewed":
        return this.#visit ? [["send", controlLine("token", { token: input[1] })]] : [];
      case "lost":
        return this.#lost(input[1], input[2], now);
      case "elapsed":
        return this.#elapsed(now);
      case "sign":
        return this.#sign(input[1], now);
      case "close":
        this.#end(NORMAL, "", false);
        return [["hangUp", NORMAL]];
    }
  }

  /** Something was said to the server. */
  spoke(now: number): void {
    if (this.#visit) this.#pulse?.spoke(now);
  }

  #connect(now: number): readonly Action[] {
    this.#state = { status: "connecting", attempt: this.#attempt };
    this.#wakeAt = now + this.#rules.connectTimeoutMs;
    return [["authorize", this.#tokenReason()]];
  }

  #tokenReason(): TokenReason {
    if (this.#isRefused) return "refresh";
    return this.#attempt === 0 ? "connect" : "reconnect";
  }

  /** A token stands in the handshake, where a log may have it, only as long as the server may not know of a hello. */
  #dial(token: string): readonly Action[] {
    const hasLines = this.#rules.hasLines && !this.#isUnheardOf;
    const isSaid = hasLines && (!this.#rules.hasPlace || (this.#isSpoken && !this.#isRefused));
    this.#isOffered = hasLines;
    this.#token = token;
    this.#tokenToSay = isSaid ? token : "";
    return [["dial", isSaid ? "" : token, hasLines]];
  }

  #opened(protocol: string | undefined, now: number): readonly Action[] {
    if (!this.#isOffered || protocol !== SUBPROTOCOL) {
      if (!this.#isOffered) this.#isUnheardOf = true;
      if (this.#rules.heartbeat) this.#pulse = new Pulse(this.#rules.heartbeat, now);
      return this.#open({}, now);
    }
    this.#visit = new Visit(this.#positions);
    return [["send", this.#visit.hello(this.#rules.manners, this.#tokenToSay)]];
  }

  #open(welcome: Fields, now: number): readonly Action[] {
    const reconnected = this.#wasOpen;
    const isReturning = this.#visit?.isReturning ?? false;
    const ours = this.#rules.manners.contract;
    const theirs = textIn(welcome["contract"]);
    this.#state = { status: "open" };
    this.#wakeAt = undefined;
    this.#openedAt = now;
    this.#wasOpen = true;
    const event = {
      reconnected,
      protocol: this.#visit ? SUBPROTOCOL : "",
      connection: textIn(welcome["connection"]),
      isSameContract: !ours || !theirs || ours === theirs,
    };
    const opened: Action[] = [["tell", "$open", event]];
    if (reconnected && !isReturning) {
      opened.push(["tell", "$resumed", { audience: "", recovered: false }]);
    }
    return [...opened, ["flush"]];
  }

  #heard(frame: string | ArrayBuffer, now: number): readonly Action[] {
    this.#pulse?.heard(now);
    if (this.#visit && typeof frame === "string") {
      return frame.split("\n").flatMap((line) => this.#line(line, now));
    }
    return this.#state.status === "open" ? [["deliver", frame]] : [];
  }

  #line(line: string, now: number): readonly Action[] {
    const actions = this.#visit?.hear(line) ?? [];
    return actions.flatMap((each) =>
      each[0] === "welcome" ? this.#welcomed(each[1], now) : [each],
    );
  }

  #welcomed(fields: Fields, now: number): readonly Action[] {
    if (this.#state.status !== "connecting") return [];
    const intervalMs = msIn(fields["heartbeat"]);
    const rhythm: Rhythm = { by: "client", intervalMs, timeoutMs: msIn(fields["timeout"]) };
    if (intervalMs) this.#pulse = new Pulse(rhythm, now);
    this.#isSpoken = true;
    this.#isRefused = false;
    return this.#open(fields, now);
  }

  #lost(code: number, reason: string, now: number): readonly Action[] {
    const waitMs = this.#leave(now);
    if (
      code === LOST &&
      this.#state.status === "connecting" &&
      this.#isOffered &&
      !this.#isSpoken
    ) {
      return this.#withoutOffer(now);
    }
    const { reason: declared, reconnect } = closeCode(code, this.#rules.closeCodes);
    if (reconnect === "no" || (reconnect === "once" && this.#isRefused)) {
      this.#end(code, reason || declared, true);
    } else {
      this.#isRefused ||= reconnect === "once";
      this.#comeBack(code, waitMs, now);
    }
    return [];
  }

  /** A browser does not let a server in that selects nothing of what was offered, so that it is tried without. */
  #withoutOffer(now: number): readonly Action[] {
    this.#isOffered = false;
    this.#wakeAt = now + this.#rules.connectTimeoutMs;
    return [["dial", this.#token, false]];
  }

  /** The socket is gone. Answers how long the server wanted us to stay away. */
  #leave(now: number): number | undefined {
    const waitMs = this.#visit?.drainingMs;
    if (this.#hasProvenItself(now)) {
      this.#attempt = 0;
      this.#isRefused = false;
    }
    this.#openedAt = this.#visit = this.#pulse = undefined;
    return waitMs;
  }

  /** Whether it was open for long enough to call it a success: a server that lets in and throws out is none. */
  #hasProvenItself(now: number): boolean {
    return (
      this.#openedAt !== undefined && now - this.#openedAt >= this.#rules.backoff.minimumUptimeMs
    );
  }

  #comeBack(closeCode: number, waitMs: number | undefined, now: number): void {
    const { backoff, random } = this.#rules;
    const attempt = (this.#attempt += 1);
    const wait = waitMs ?? delayMs(attempt, random(), backoff);
    this.#state = { status: "reconnecting", attempt, delayMs: wait, closeCode };
    this.#wakeAt = now + wait;
    this.#mayHurry = closeCode === LOST && waitMs === undefined;
  }

  #elapsed(now: number): readonly Action[] {
    if (this.#pulse) return this.#beat(this.#pulse, now);
    if (this.#wakeAt === undefined || now < this.#wakeAt) return [];
    if (this.#state.status === "reconnecting") return this.#connect(now);
    return [["hangUp"], ...this.#lost(LOST, "", now)];
  }

  #beat(pulse: Pulse, now: number): readonly Action[] {
    if (pulse.isSilent(now)) {
      return [["hangUp"], ...this.#lost(LOST, "the server is not heard any more", now)];
    }
    if (!pulse.pings(now)) return [];
    return [this.#visit ? ["send", "!ping"] : ["ping"]];
  }

  /** A page that is put aside hangs up, and waits for as long as it is; other signs only say when to look. */
  #sign(sign: LifeSign, now: number): readonly Action[] {
    const { status } = this.#state;
    if (status === "idle") return [];
    if (sign === "suspended") {
      this.#leave(now);
      this.#comeBack(GOING_AWAY, 0, now);
      this.#wakeAt = undefined;
      this.#mayHurry = true;
      return [["hangUp", NORMAL]];
    }
    if (status === "reconnecting") {
      return sign !== "offline" && this.#mayHurry ? this.#connect(now) : [];
    }
    this.#pulse?.doubt(now);
    return this.#elapsed(now);
  }

  #end(code: number, reason: string, terminal: boolean): void {
    this.#state = { status: "closed", code, reason, terminal };
    this.#wakeAt = this.#visit = this.#pulse = undefined;
  }
}
