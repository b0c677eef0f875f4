/**
 * The life of a connection, as decisions only: what happened and the time go in, and what is to be done comes out at once, as calls
 * of `Effects`.
 *
 * It knows no socket, timer or promise; `Connection` is the shell that does what is decided here. `docs/wire.md` has the clauses;
 * `Visit` has those about lines.
 */
import { tokenPlace } from "./address.ts";
import { type Backoff, DEFAULT_BACKOFF, delayMs } from "./backoff.ts";
import type { Channel } from "./channel.ts";
import { closeCode } from "./close-codes.ts";
import { type Rhythm, Pulse } from "./pulse.ts";
import type { LifeSign } from "./lifecycle.ts";
import { type Fields, SUBPROTOCOL, controlLine, msIn, textIn } from "./lines.ts";
import type { ClientOptions } from "./options.ts";
import { Positions } from "./positions.ts";
import type { ConnectionState } from "./state.ts";
import { Visit, type VisitEffects } from "./visit.ts";

/**
 * Why a token is asked for. After `refresh` the last one was refused: a cached token is of no use. `expiring` is asked while the
 * connection is open, shortly before its identity ends.
 */
export type TokenReason = "connect" | "reconnect" | "refresh" | "expiring";

/** What is to be done. Who is told something may close the session meanwhile; nothing is told of it any more then. */
export interface Effects extends VisitEffects {
  /** Asks for a token, which comes back as `authorized`, `unauthorized`, `renewed` or `lost`. */
  authorize(reason: TokenReason): void;
  dial(token: string, hasLines: boolean): void;
  /** Asks whether the server is there, as the wire that is spoken does. */
  ping(): void;
  /** Sends what waited for the connection. */
  flush(): void;
  hangUp(code?: number): void;
  /** There is another `state`. */
  changed(): void;
  /** A number from 0 to below 1. */
  random(): number;
}

/** What the decisions depend on, of a channel and of a client's options. */
export type SessionChannel = Pick<
  Channel<object, object>,
  "closeCodes" | "contract" | "credentials" | "hasLines" | "heartbeat" | "limits"
>;
export type SessionOptions = Pick<ClientOptions, "backoff" | "connectTimeoutMs">;

const NORMAL = 1000;
const GOING_AWAY = 1001;
const LOST = 1006;
const UNAUTHORIZED = 4401;

/** Decides. What no longer matters changes nothing; times are milliseconds of any steady clock. */
export class Session {
  readonly #channel: SessionChannel;
  readonly #name: string;
  readonly #effects: Effects;
  readonly #backoff: Backoff;
  readonly #connectTimeoutMs: number;
  readonly #positions = new Positions();
  #state: ConnectionState = { status: "idle" };
  #wakeAt = Infinity;
  #visit: Visit | undefined;
  #pulse: Pulse | undefined;
  #token = "";
  /** What is left of it for the hello: a token is told once. */
  #tokenToSay = "";
  /** Whether the socket that is being dialled offers `wirepact.v1`. */
  #isOffered = false;
  /** Whether the server has shown that it speaks it, or that it does not even let in who offers it. */
  #hasShown: boolean | undefined;
  #attempt = 0;
  #openedAt: number | undefined;
  #wasOpen = false;
  #isRefused = false;
  /** Whether the next attempt may come sooner, if the network seems to be back. */
  #mayHurry = false;
  #messageBytes: number;

  /** `name` is the same for as long as the program or the page lives. */
  constructor(channel: SessionChannel, options: SessionOptions, name: string, effects: Effects) {
    this.#channel = channel;
    this.#name = name;
    this.#effects = effects;
    this.#backoff = { ...DEFAULT_BACKOFF, ...options.backoff };
    this.#connectTimeoutMs = options.connectTimeoutMs ?? 15_000;
    this.#messageBytes = channel.limits?.messageBytes ?? Infinity;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Whether the connection speaks `wirepact.v1`. */
  get hasLines(): boolean {
    return this.#visit !== undefined;
  }

  /** How large a message may be: what the server said last, and what the document says until then. */
  get messageBytes(): number {
    return this.#messageBytes;
  }

  /** When `elapsed` is due, if nothing else happens before; `Infinity` if never. */
  get wakeAt(): number {
    return this.#pulse?.wakeAt ?? this.#wakeAt;
  }

  start(now: number): void {
    if (this.#state.status === "idle") this.#connect(now);
  }

  /** A token stands in the handshake, where a log may have it, only as long as the server may not know of a hello. */
  authorized(token: string): void {
    if (this.#state.status !== "connecting") return;
    const { credentials, hasLines = true } = this.#channel;
    const isHeard = !tokenPlace(credentials) || (this.#hasShown && !this.#isRefused);
    this.#isOffered = hasLines && this.#hasShown !== false;
    this.#token = token;
    this.#tokenToSay = this.#isOffered && isHeard ? token : "";
    this.#effects.dial(this.#tokenToSay ? "" : token, this.#isOffered);
  }

  unauthorized(reason: string): void {
    this.#end(UNAUTHORIZED, reason, true);
  }

  /** There is a token for the time after that of the present one. */
  renewed(token: string): void {
    if (this.#visit && token) this.#effects.send(controlLine("token", { token }));
  }

  opened(protocol: string | undefined, now: number): void {
    if (this.#state.status !== "connecting") return;
    const { contract, heartbeat } = this.#channel;
    if (this.#isOffered && protocol === SUBPROTOCOL) {
      this.#visit = new Visit(this.#positions, this.#effects);
      this.#visit.hello(this.#tokenToSay, this.#name, contract);
    } else {
      if (!this.#isOffered) this.#hasShown = false;
      if (heartbeat) this.#pulse = new Pulse(heartbeat, now);
      this.#open({}, now);
    }
  }

  heard(frame: string | ArrayBuffer, now: number): void {
    this.#pulse?.heard(now);
    if (this.#visit && typeof frame === "string") {
      for (const line of frame.split("\n")) {
        const welcome = this.#visit?.hear(line);
        if (welcome) this.#welcomed(welcome, now);
      }
    } else if (this.#state.status === "open") this.#effects.deliver(frame);
  }

  /** Something was said to the server. */
  spoke(now: number): void {
    if (this.#visit) this.#pulse?.spoke(now);
  }

  /** The socket closed, or never came to be. */
  lost(code: number, reason: string, now: number): void {
    const { status } = this.#state;
    if (status === "closed") return;
    const waitMs = this.#leave(now);
    // A browser does not let a server in that selects nothing of what was offered, so that it is tried without.
    if (code === LOST && status === "connecting" && this.#isOffered && !this.#hasShown) {
      this.#isOffered = false;
      this.#wakeAt = now + this.#connectTimeoutMs;
      this.#effects.dial(this.#token, false);
      return;
    }
    const { reason: declared, reconnect } = closeCode(code, this.#channel.closeCodes);
    if (reconnect === "no" || (reconnect === "once" && this.#isRefused)) {
      this.#end(code, reason || declared, true);
    } else {
      this.#isRefused ||= reconnect === "once";
      this.#comeBack(code, waitMs, now);
    }
  }

  elapsed(now: number): void {
    if (this.#pulse) this.#beat(this.#pulse, now);
    else if (now < this.#wakeAt) return;
    else if (this.#state.status === "reconnecting") this.#connect(now);
    else this.#giveUp(now);
  }

  /** A page that is put aside hangs up, and waits for as long as it is; other signs only say when to look. */
  sign(sign: LifeSign, now: number): void {
    const { status } = this.#state;
    if (status === "idle" || status === "closed") return;
    if (sign === "suspended") {
      this.#leave(now);
      this.#effects.hangUp(NORMAL);
      this.#comeBack(GOING_AWAY, 0, now);
      this.#wakeAt = Infinity;
      this.#mayHurry = true;
    } else if (status === "reconnecting") {
      if (sign !== "offline" && this.#mayHurry) this.#connect(now);
    } else {
      this.#pulse?.doubt(now);
      this.elapsed(now);
    }
  }

  close(): void {
    if (this.#state.status === "closed") return;
    this.#effects.hangUp(NORMAL);
    this.#end(NORMAL, "", false);
  }

  #connect(now: number): void {
    this.#wakeAt = now + this.#connectTimeoutMs;
    this.#isOffered = false;
    const again = this.#attempt === 0 ? "connect" : "reconnect";
    const reason = this.#isRefused ? "refresh" : again;
    this.#become({ status: "connecting", attempt: this.#attempt });
    if (this.#state.status === "connecting") this.#effects.authorize(reason);
  }

  #welcomed(fields: Fields, now: number): void {
    if (this.#state.status !== "connecting") return;
    const { heartbeat, timeout, message_bytes: bytes } = fields;
    const intervalMs = msIn(heartbeat);
    const rhythm: Rhythm = { by: "client", intervalMs, timeoutMs: msIn(timeout) };
    if (intervalMs) this.#pulse = new Pulse(rhythm, now);
    if (typeof bytes === "number") this.#messageBytes = bytes;
    this.#hasShown = true;
    this.#isRefused = false;
    this.#open(fields, now);
  }

  #open({ contract, connection }: Fields, now: number): void {
    const reconnected = this.#wasOpen;
    const ours = this.#channel.contract;
    const theirs = textIn(contract);
    this.#wakeAt = Infinity;
    this.#openedAt = now;
    this.#wasOpen = true;
    const event = {
      reconnected,
      protocol: this.#visit ? SUBPROTOCOL : "",
      connection: textIn(connection),
      isSameContract: !ours || !theirs || ours === theirs,
    };
    const isLost = reconnected && !this.#visit?.isReturning;
    this.#become({ status: "open" });
    this.#effects.tell("$open", event);
    if (isLost) this.#effects.tell("$resumed", { audience: "", recovered: false });
    this.#effects.flush();
  }

  /** The socket is gone. Answers how long the server wanted us to stay away. */
  #leave(now: number): number | undefined {
    const waitMs = this.#visit?.drainingMs;
    // Open for long enough to call it a success: a server that lets in and throws out is none.
    if (now - (this.#openedAt ?? now) >= this.#backoff.minimumUptimeMs) {
      this.#attempt = 0;
      this.#isRefused = false;
    }
    this.#openedAt = this.#visit = this.#pulse = undefined;
    return waitMs;
  }

  #comeBack(closeCode: number, waitMs: number | undefined, now: number): void {
    const attempt = (this.#attempt += 1);
    const wait = waitMs ?? delayMs(attempt, this.#effects.random(), this.#backoff);
    this.#wakeAt = now + wait;
    this.#mayHurry = closeCode === LOST && waitMs === undefined;
    this.#become({ status: "reconnecting", attempt, delayMs: wait, closeCode });
  }

  #beat(pulse: Pulse, now: number): void {
    if (pulse.isSilent(now)) this.#giveUp(now);
    else if (pulse.pings(now)) this.#effects.ping();
  }

  /** Nobody answers. */
  #giveUp(now: number): void {
    this.#effects.hangUp();
    this.lost(LOST, "", now);
  }

  #end(code: number, reason: string, terminal: boolean): void {
    this.#wakeAt = Infinity;
    this.#visit = this.#pulse = undefined;
    this.#become({ status: "closed", code, reason, terminal });
  }

  #become(state: ConnectionState): void {
    if (this.#state.status === "closed") return;
    this.#state = state;
    this.#effects.changed();
  }
}
