/**
 * The life of a connection, as decisions only: what happened goes in, and what is to be done comes out at once, as calls of `Effects`.
 *
 * It knows no socket and no promise, and has its time from a `Clock`; `Connection` is the shell that does what is decided here.
 * `docs/wire.md` has the clauses; `visit.ts` has those about lines.
 */
import { type Backoff, DEFAULT_BACKOFF, delayMs as jittered } from "./backoff.ts";
import type { Channel, CloseCode } from "./channel.ts";
import type { Clock } from "./clock.ts";
import { type Rhythm, Pulse } from "./pulse.ts";
import type { LifeSign } from "./lifecycle.ts";
import { type Fields, SUBPROTOCOL, controlLine, msIn, textIn } from "./lines.ts";
import type { ClientOptions } from "./options.ts";
import type { Places } from "./positions.ts";
import type { ConnectionState } from "./state.ts";
import { hear, hello, type LineEffects } from "./visit.ts";

/**
 * Why a token is asked for. After `refresh` the last one was refused: a cached token is of no use. `expiring` is asked while the
 * connection is open, shortly before its identity ends.
 */
export type TokenReason = "connect" | "reconnect" | "refresh" | "expiring";

/** What is to be done. Who is told something may close the session meanwhile; nothing is told of it any more then. */
export interface Effects extends LineEffects {
  /** Asks for a token, which comes back as `authorized`, `unauthorized` or `lost`. */
  authorize(reason: TokenReason): void;
  dial(token: string, hasLines: boolean): void;
  /** Asks whether the server is there, as the wire that is spoken does. */
  ping(): void;
  /** Sends what waited for the connection. */
  flush(): void;
  hangUp(code?: number): void;
  /** There is another `state`. */
  changed(): void;
}

/** What the decisions depend on, of a channel and of a client's options. */
export type SessionChannel = Pick<
  Channel<object, object>,
  "closeCodes" | "contract" | "hasLines" | "heartbeat" | "limits" | "withToken"
>;
export type SessionOptions = Pick<ClientOptions, "backoff" | "connectTimeoutMs">;

/** What a close code means that a channel does not name. */
const FINAL: CloseCode = { reason: "", reconnect: "no" };

const NORMAL = 1000;
const GOING_AWAY = 1001;
const LOST = 1006;
const UNAUTHORIZED = 4401;

/** No timer is longer: React Native warns of those, and browsers let them overflow. Who is called early looks again. */
const LONGEST_TIMER_MS = 60_000;

/** Decides. What no longer matters changes nothing. */
export class Session {
  readonly #channel: SessionChannel;
  readonly #name: string;
  readonly #clock: Clock;
  readonly #effects: Effects;
  readonly #backoff: Backoff;
  readonly #connectTimeoutMs: number;
  readonly #places: Places = new Map();
  #state: ConnectionState = { status: "idle" };
  #hasLines = false;
  #messageBytes: number;
  /** When there is something to do, if nothing happens before. */
  #wakeAt = Infinity;
  #stopTimer: () => void = () => {};
  /** How long to stay away, once the server has said so (V25). */
  #drainingMs: number | undefined;
  #pulse: Pulse | undefined;
  #token = "";
  /** What is left of it for the hello: a token is told once. */
  #tokenToSay = "";
  /** Whether the socket that is being dialled offers `wirepact.v1`. */
  #isOffered = false;
  /** Whether the server has shown that it speaks it, or that it does not even let in who offers it. */
  #hasShown: boolean | undefined;
  /** How often it has let in who did not offer, and just before nobody who did. */
  #timesUnheard = 0;
  #attempt = 0;
  #openedAt = Infinity;
  #wasOpen = false;
  #isRefused = false;
  /** Whether the next attempt may come sooner, if the network seems to be back. */
  #mayHurry = false;

  /** `name` is the same for as long as the program or the page lives. */
  constructor(
    channel: SessionChannel,
    options: SessionOptions,
    name: string,
    clock: Clock,
    effects: Effects,
  ) {
    this.#channel = channel;
    this.#name = name;
    this.#clock = clock;
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
    return this.#hasLines;
  }

  /** How large a message may be: what the server said last, and what the document says until then. */
  get messageBytes(): number {
    return this.#messageBytes;
  }

  start(): void {
    if (this.#state.status === "idle") this.#connect();
  }

  /**
   * There is a token: to connect with, or, on an open connection, for the time after the present one. It stands in the handshake, where
   * a log may have it, only as long as the server may not know of a hello.
   */
  authorized(token: string): void {
    if (this.#hasLines && token) this.#effects.send(controlLine("token", { token }));
    if (this.#hasLines || this.#state.status !== "connecting") return;
    const { hasLines = true, withToken } = this.#channel;
    const isHeard = !withToken || (this.#hasShown && !this.#isRefused);
    this.#isOffered = hasLines && this.#hasShown !== false;
    this.#token = token;
    this.#tokenToSay = this.#isOffered && isHeard ? token : "";
    this.#effects.dial(this.#tokenToSay ? "" : token, this.#isOffered);
  }

  unauthorized(reason: string): void {
    this.#end(UNAUTHORIZED, reason, true);
  }

  opened(protocol: string | undefined): void {
    if (this.#state.status !== "connecting") return;
    const { contract, heartbeat } = this.#channel;
    if (this.#isOffered && protocol === SUBPROTOCOL) {
      this.#hasLines = true;
      this.#effects.send(hello(this.#tokenToSay, this.#name, this.#places, contract));
    } else {
      if (!this.#isOffered) {
        if (this.#timesUnheard++ > 0) this.#hasShown = false;
        // One that was away may have come up between the two: it is asked once more.
        else if (this.#attempt > 0) {
          this.#effects.hangUp(NORMAL);
          return this.#dialAgain(true);
        }
      }
      if (heartbeat) this.#pulse = new Pulse(heartbeat, this.#clock.now());
      this.#open({});
    }
  }

  heard(frame: string | ArrayBuffer): void {
    this.#pulse?.heard(this.#clock.now());
    if (this.#hasLines && typeof frame === "string") {
      // Who is told something may end it.
      for (const line of frame.split("\n")) if (this.#hasLines) this.#hear(line);
    } else if (this.#state.status === "open") this.#effects.deliver(frame);
  }

  /** Something was said to the server. */
  spoke(): void {
    if (this.#hasLines) this.#pulse?.spoke(this.#clock.now());
  }

  /** The socket closed, or never came to be. */
  lost(code: number, reason: string): void {
    const { status } = this.#state;
    const waitMs = this.#leave();
    // A browser does not let a server in that selects nothing of what was offered, so that it is tried without.
    if (code === LOST && status === "connecting" && this.#isOffered && !this.#hasShown) {
      return this.#dialAgain(false);
    }
    const { reason: declared, reconnect } = this.#channel.closeCodes[code] ?? FINAL;
    if (reconnect === "no" || (reconnect === "once" && this.#isRefused)) {
      this.#end(code, reason || declared, true);
    } else {
      this.#isRefused ||= reconnect === "once";
      this.#comeBack(code, waitMs);
    }
  }

  /** A page that is put aside hangs up, and waits for as long as it is; other signs only say when to look. */
  sign(sign: LifeSign): void {
    const { status } = this.#state;
    if (status === "idle" || status === "closed") return;
    if (sign === "suspended") {
      this.#leave();
      this.#effects.hangUp(NORMAL);
      this.#comeBack(GOING_AWAY, 0, true);
    } else if (status === "reconnecting") {
      if (sign !== "offline" && this.#mayHurry) this.#connect();
    } else {
      this.#pulse?.doubt(this.#clock.now());
      this.#look();
    }
  }

  close(): void {
    if (this.#state.status === "closed") return;
    this.#effects.hangUp(NORMAL);
    this.#end(NORMAL, "", false);
  }

  #dialAgain(isOffered: boolean): void {
    this.#isOffered = isOffered;
    this.#wakeAt = this.#clock.now() + this.#connectTimeoutMs;
    this.#setTimer();
    this.#effects.dial(this.#token, isOffered);
  }

  #connect(): void {
    this.#wakeAt = this.#clock.now() + this.#connectTimeoutMs;
    this.#isOffered = false;
    const again = this.#attempt === 0 ? "connect" : "reconnect";
    const reason = this.#isRefused ? "refresh" : again;
    this.#become({ status: "connecting", attempt: this.#attempt });
    if (this.#state.status === "connecting") this.#effects.authorize(reason);
  }

  #hear(line: string): void {
    const { name, fields } = hear(line, this.#places, this.#effects) ?? {};
    if (name === "draining") {
      this.#drainingMs = msIn(fields?.["delay"]);
      this.#effects.tell("$draining", { delayMs: this.#drainingMs });
    } else if (name === "welcome" && this.#state.status === "connecting") {
      this.#welcomed(fields ?? {});
    }
  }

  #welcomed(fields: Fields): void {
    const { heartbeat, timeout, message_bytes: bytes } = fields;
    const intervalMs = msIn(heartbeat);
    const rhythm: Rhythm = { by: "client", intervalMs, timeoutMs: msIn(timeout) };
    if (intervalMs) this.#pulse = new Pulse(rhythm, this.#clock.now());
    if (typeof bytes === "number") this.#messageBytes = bytes;
    this.#hasShown = true;
    this.#isRefused = false;
    this.#open(fields);
  }

  #open({ contract, connection }: Fields): void {
    const reconnected = this.#wasOpen;
    const ours = this.#channel.contract;
    this.#wakeAt = Infinity;
    this.#openedAt = this.#clock.now();
    this.#wasOpen = true;
    const event = {
      reconnected,
      protocol: this.#hasLines ? SUBPROTOCOL : "",
      connection: textIn(connection),
      isSameContract: !ours || !contract || ours === contract,
    };
    // Who said where they were is told what became of that (V14).
    const isLost = reconnected && !(this.#hasLines && this.#places.size > 0);
    this.#become({ status: "open" });
    this.#effects.tell("$open", event);
    if (isLost) this.#effects.tell("$resumed", { audience: "", recovered: false });
    this.#effects.flush();
  }

  /** The socket is gone. Answers how long the server wanted us to stay away. */
  #leave(): number | undefined {
    const waitMs = this.#drainingMs;
    // Open for long enough to call it a success: a server that lets in and throws out is none.
    if (this.#clock.now() - this.#openedAt >= this.#backoff.minimumUptimeMs) {
      this.#attempt = 0;
      this.#isRefused = false;
    }
    this.#openedAt = Infinity;
    this.#drainingMs = this.#pulse = undefined;
    this.#hasLines = false;
    return waitMs;
  }

  /** A page that is put aside waits until it is shown. */
  #comeBack(closeCode: number, waitMs: number | undefined, isAside = false): void {
    const attempt = (this.#attempt += 1);
    const delayMs = waitMs ?? jittered(attempt, this.#clock.random(), this.#backoff);
    this.#wakeAt = isAside ? Infinity : this.#clock.now() + delayMs;
    this.#mayHurry = isAside || (closeCode === LOST && waitMs === undefined);
    this.#become({ status: "reconnecting", attempt, delayMs, closeCode });
  }

  /** Has it called when something is due. What is heard and said only puts that off, so that a timer that rings early is enough. */
  #setTimer(): void {
    const wakeAt = this.#pulse?.wakeAt ?? this.#wakeAt;
    const delay = Math.min(wakeAt - this.#clock.now(), LONGEST_TIMER_MS);
    this.#stopTimer();
    if (wakeAt < Infinity) this.#stopTimer = this.#clock.after(delay, () => this.#look());
  }

  /** Does what is due. */
  #look(): void {
    const now = this.#clock.now();
    if (this.#pulse) {
      if (this.#pulse.isSilent(now)) return this.#giveUp();
      if (this.#pulse.pings(now)) this.#effects.ping();
    } else if (now >= this.#wakeAt) {
      return this.#state.status === "reconnecting" ? this.#connect() : this.#giveUp();
    }
    this.#setTimer();
  }

  /** Nobody answers. */
  #giveUp(): void {
    this.#effects.hangUp();
    this.lost(LOST, "");
  }

  #end(code: number, reason: string, terminal: boolean): void {
    this.#wakeAt = Infinity;
    this.#pulse = undefined;
    this.#hasLines = false;
    this.#become({ status: "closed", code, reason, terminal });
  }

  #become(state: ConnectionState): void {
    if (this.#state.status === "closed") return;
    this.#state = state;
    this.#setTimer();
    this.#effects.changed();
  }
}
