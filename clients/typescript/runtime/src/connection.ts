/**
 * One typed connection to one channel, which comes back by itself.
 *
 * The shell around `Session`: it asks for tokens, holds the socket and the timer, and hands on what arrives.
 */
import { addressOf, takesToken, webSocketBase, withQuery, withToken } from "./address.ts";
import { DEFAULT_BACKOFF } from "./backoff.ts";
import type { Channel, ParameterValues } from "./channel.ts";
import { type Clock, systemClock } from "./clock.ts";
import { Decoder, type Unknown } from "./decoder.ts";
import { ConnectionClosedError, NotOpenError, TooLargeError, UnauthorizedError } from "./errors.ts";
import { pingOf, pongTo, Pulse } from "./heartbeat.ts";
import { type ListenOptions, Listeners } from "./listeners.ts";
import type { ClientOptions, ConnectionOptions, MessagesOptions, TokenRequest } from "./options.ts";
import { Queue } from "./queue.ts";
import { type Action, type Input, Session, type TokenReason } from "./session.ts";
import { type Dialled, dial, type Frame } from "./socket.ts";
import type { ConnectionState } from "./state.ts";

/** The connection is open, for the first time or again: the moment to say (again) what the server should know. */
export interface Opened {
  readonly reconnected: boolean;
}

/** What a connection tells besides messages. */
export interface LifecycleEvents {
  readonly $open: Opened;
  readonly $state: ConnectionState;
  readonly $unknown: Unknown;
}

/** Everything that can be listened for: the messages by name, and what the connection itself tells. */
export type Events<Incoming extends object> = Incoming & LifecycleEvents;

/** Any message that can arrive. */
export type MessageOf<Incoming extends object> = Incoming[keyof Incoming] | Unknown;

/** A channel's address, connected: says `Outgoing`, hears `Incoming`, until it is closed here or for good by the server. */
export class Connection<Incoming extends object, Outgoing extends object> implements AsyncIterable<
  MessageOf<Incoming>,
  undefined
> {
  readonly #channel: Channel<Incoming, Outgoing>;
  readonly #options: ClientOptions & ConnectionOptions;
  readonly #address: string;
  readonly #clock: Clock;
  readonly #session: Session;
  readonly #decoder: Decoder<Incoming>;
  readonly #saysText: boolean;
  readonly #listeners = new Listeners();
  readonly #queues = new Set<Queue<MessageOf<Incoming>>>();
  #socket: Dialled | undefined;
  #pulse: Pulse | undefined;
  #authorizing: AbortController | undefined;
  readonly #abort = (): void => this.close();
  #stopTimer: () => void = () => {};
  #told: ConnectionState;
  #wasOpen = false;

  /** Made by the methods of a generated client. Begins to connect once the code that runs now is through. */
  constructor(
    channel: Channel<Incoming, Outgoing>,
    parameters: ParameterValues,
    options: ClientOptions & ConnectionOptions & { readonly query?: object },
  ) {
    if (options.getToken !== undefined && !takesToken(channel.credentials)) {
      throw new TypeError(`${channel.name} takes no token in its query; leave out getToken`);
    }
    this.#channel = channel;
    this.#options = options;
    const address = webSocketBase(options.url) + addressOf(channel, parameters);
    this.#address = withQuery(address, options.query ?? {});
    this.#clock = options.clock ?? systemClock;
    this.#decoder = new Decoder(channel.incoming);
    this.#saysText = channel.outgoing.types.some((each) => each.encoding === "text");
    this.#session = new Session({
      closeCodes: channel.closeCodes,
      backoff: { ...DEFAULT_BACKOFF, ...options.backoff },
      connectTimeoutMs: options.connectTimeoutMs ?? 15_000,
      random: () => this.#clock.random(),
    });
    this.#told = this.#session.state;
    options.signal?.addEventListener("abort", this.#abort);
    queueMicrotask(() => (options.signal?.aborted ? this.close() : this.#step({ type: "start" })));
  }

  /** Where the connection is now; `$state` tells each change. */
  get state(): ConnectionState {
    return this.#session.state;
  }

  /** Calls `listener` for each such message or event, until the returned function is called or `signal` is aborted. */
  on<Name extends keyof Events<Incoming> & string>(
    name: Name,
    listener: (event: Events<Incoming>[Name]) => void,
    options?: ListenOptions,
  ): () => void {
    return this.#listeners.add(name, listener, options);
  }

  /**
   * Sends a message now, or throws a `NotOpenError`, or a `TooLargeError`. Nothing is kept for later: what the server must know after a
   * reconnect is sent from a `$open` listener, where the connection is always open.
   */
  send(message: Outgoing[keyof Outgoing]): void {
    const { status } = this.state;
    if (status !== "open") throw new NotOpenError(status);
    if (!this.#socket?.isOpen()) throw new NotOpenError("closing");
    const frame = this.#frame(message);
    this.#expectFits(frame);
    this.#socket.send(frame);
  }

  /**
   * The messages from now on, across reconnects. The loop ends with `close()`, throws a `ConnectionClosedError` when the
   * server ends the connection for good, and an `OverflowError` when it falls too far behind.
   */
  messages({ signal, capacity = 1000 }: MessagesOptions = {}): AsyncIterableIterator<
    MessageOf<Incoming>,
    undefined
  > {
    const stop = (): void => queue.end();
    const queue = new Queue<MessageOf<Incoming>>(capacity, () => {
      this.#queues.delete(queue);
      signal?.removeEventListener("abort", stop);
    });
    this.#queues.add(queue);
    signal?.addEventListener("abort", stop);
    if (signal?.aborted) stop();
    this.#endIfClosed();
    return queue;
  }

  [Symbol.asyncIterator](): AsyncIterator<MessageOf<Incoming>, undefined> {
    return this.messages();
  }

  /** Ends the connection and every loop over its messages. It does not come back; make a new one for that. */
  close(): void {
    this.#step({ type: "close" });
  }

  /** Bytes go as they are, texts too where the document has plain text; everything else as JSON. */
  #frame(message: unknown): Frame {
    if (message instanceof ArrayBuffer) return message;
    if (message instanceof Uint8Array) return new Uint8Array(message).buffer;
    const isText = typeof message === "string" && this.#saysText;
    return isText ? message : JSON.stringify(message);
  }

  /** A character has at most three bytes in UTF-8 for each unit that `length` counts, so that most texts need no counting. */
  #expectFits(frame: Frame): void {
    const allowed = this.#channel.limits?.messageBytes;
    if (allowed === undefined || (typeof frame === "string" && frame.length * 3 <= allowed)) return;
    const bytes =
      typeof frame === "string" ? new TextEncoder().encode(frame).length : frame.byteLength;
    if (bytes > allowed) throw new TooLargeError(bytes, allowed);
  }

  #step(input: Input): void {
    const actions = this.#session.step(input, this.#clock.now());
    this.#keepPulse();
    this.#setTimer();
    for (const action of actions) this.#perform(action);
    this.#tellState();
  }

  #setTimer(): void {
    this.#stopTimer();
    const wakeAt = Math.min(this.#session.wakeAt ?? Infinity, this.#pulse?.wakeAt ?? Infinity);
    if (wakeAt === Infinity) return;
    const delayMs = Math.max(0, wakeAt - this.#clock.now());
    this.#stopTimer = this.#clock.after(delayMs, () => this.#elapsed());
  }

  /** A pulse for as long as the connection is open, if its document has a heartbeat. */
  #keepPulse(): void {
    const { heartbeat } = this.#channel;
    if (this.state.status !== "open") this.#pulse = undefined;
    else if (heartbeat) this.#pulse ??= new Pulse(heartbeat, this.#clock.now());
  }

  #elapsed(): void {
    const { heartbeat } = this.#channel;
    const now = this.#clock.now();
    if (this.#pulse?.isSilent(now)) {
      this.#socket?.hangUp();
      this.#socket = undefined;
      this.#step({ type: "lost", code: 1006, reason: "the server is not heard any more" });
      return;
    }
    if (heartbeat && this.#pulse?.pings(now)) this.#say(pingOf(heartbeat, Date.now()));
    this.#step({ type: "elapsed" });
  }

  /** Says a message of the heartbeat, if there is anybody to hear it. */
  #say(message: object): void {
    if (this.#socket?.isOpen()) this.#socket.send(JSON.stringify(message));
  }

  #perform(action: Action): void {
    switch (action.type) {
      case "authorize":
        void this.#authorize(action.reason);
        break;
      case "dial":
        this.#dial(withToken(this.#address, action.token, this.#channel.credentials));
        break;
      case "hangUp":
        this.#authorizing?.abort();
        this.#socket?.hangUp();
        this.#socket = undefined;
        break;
    }
  }

  #tellState(): void {
    const { state } = this.#session;
    if (state === this.#told) return;
    this.#told = state;
    this.#listeners.call("$state", state);
    // A listener may have closed the connection by now.
    if (this.#session.state === state && state.status === "open") this.#tellOpen();
    this.#endIfClosed();
  }

  #tellOpen(): void {
    const reconnected = this.#wasOpen;
    this.#wasOpen = true;
    this.#listeners.call("$open", { reconnected } satisfies Opened);
  }

  #endIfClosed(): void {
    const { state } = this;
    if (state.status !== "closed") return;
    this.#options.signal?.removeEventListener("abort", this.#abort);
    const error = state.terminal ? new ConnectionClosedError(state.code, state.reason) : undefined;
    for (const queue of [...this.#queues]) queue.end(error);
  }

  async #authorize(reason: TokenReason): Promise<void> {
    const { getToken } = this.#options;
    const authorizing = new AbortController();
    this.#authorizing = authorizing;
    const outcome = await tokenFrom(getToken, { reason, signal: authorizing.signal });
    if (!authorizing.signal.aborted) this.#step(outcome);
  }

  #dial(url: string): void {
    const SocketClass = this.#options.webSocket ?? globalThis.WebSocket;
    const lost = (code: number, reason: string): void => {
      this.#socket = undefined;
      this.#step({ type: "lost", code, reason });
    };
    try {
      this.#socket = dial(SocketClass, url, {
        opened: () => this.#step({ type: "opened" }),
        received: (frame) => this.#receive(frame),
        lost,
      });
    } catch {
      // Browsers throw when the page may not open this address. What they throw names it, token and all.
      lost(1006, "the WebSocket could not be made");
    }
  }

  #receive(frame: Frame): void {
    const { name, message } = this.#decoder.decode(frame);
    this.#pulse?.heard(this.#clock.now());
    const { heartbeat } = this.#channel;
    const pong = heartbeat && pongTo(heartbeat, name, message);
    if (pong) this.#say(pong);
    for (const queue of [...this.#queues]) queue.push(message as MessageOf<Incoming>);
    this.#listeners.call(name, message);
  }
}

/** What asking for a token leads to. Its error is not passed on: it could carry what must not be logged. */
async function tokenFrom(
  getToken: ClientOptions["getToken"],
  request: TokenRequest,
): Promise<Input> {
  try {
    return { type: "authorized", token: (await getToken?.(request)) ?? "" };
  } catch (error) {
    return error instanceof UnauthorizedError
      ? { type: "unauthorized", reason: error.message }
      : { type: "lost", code: 1006, reason: "getToken failed" };
  }
}
