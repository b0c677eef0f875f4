/**
 * One typed connection to one channel, which comes back by itself.
 *
 * The shell around `Session`: it asks for tokens, holds the socket and the timer, and hands on what arrives.
 */
import { onAbort } from "./aborting.ts";
import { tokenPlace, webSocketBase, withToken } from "./address.ts";
import { Backlog } from "./backlog.ts";
import type { Channel, Heard, ParameterValues } from "./channel.ts";
import { type Clock, systemClock } from "./clock.ts";
import { Decoder } from "./decoder.ts";
import {
  CannotAskError,
  ConnectionClosedError,
  ConnectionLostError,
  NotOpenError,
  QueueFullError,
  RefusedError,
  RequestTimeoutError,
  TooLargeError,
  UnauthorizedError,
} from "./errors.ts";
import type { Events, MessageOf, ReplyTo, Told } from "./events.ts";
import { pageLifecycle } from "./lifecycle.ts";
import { SUBPROTOCOL } from "./lines.ts";
import { type ListenOptions, Listeners } from "./listeners.ts";
import type {
  ClientOptions,
  ConnectionOptions,
  MessagesOptions,
  Offline,
  RequestOptions,
  SendOptions,
} from "./options.ts";
import { own } from "./paths.ts";
import { Queue } from "./queue.ts";
import { type Question, Requests, type Said } from "./requests.ts";
import { type Effects, Session, type TokenReason } from "./session.ts";
import { type Dialled, dial, type Frame, type SocketConstructor } from "./socket.ts";
import type { ConnectionState } from "./state.ts";
import type { Refusal } from "./visit.ts";

/** No timer is longer: React Native warns of those, and browsers let them overflow. Who is called early looks again. */
const LONGEST_TIMER_MS = 60_000;

/** A channel's address, connected: says `Outgoing`, hears `Incoming`, until it is closed here or for good by the server. */
export class Connection<
  Incoming extends object,
  Outgoing extends object,
  Replies extends object = object,
> implements AsyncIterable<MessageOf<Incoming>, undefined> {
  readonly #channel: Channel<Incoming, Outgoing, Replies>;
  readonly #options: ClientOptions & ConnectionOptions;
  readonly #address: string;
  readonly #Socket: SocketConstructor;
  readonly #clock: Clock;
  readonly #session: Session;
  readonly #incoming: Decoder<Incoming>;
  readonly #outgoing: Decoder<Outgoing>;
  readonly #listeners = new Listeners();
  /** Loops over messages, and whether they get what else is told, too. */
  readonly #queues = new Map<Queue<MessageOf<Incoming> | Told>, boolean>();
  readonly #backlog: Backlog<Said | Question>;
  readonly #requests: Requests;
  #socket: Dialled | undefined;
  #authorizing: AbortController | undefined;
  #stopTimer: () => void = () => {};
  #timerAt = Infinity;
  #end: () => void = () => {};

  /** Made by the methods of a generated client. Begins to connect once the code that runs now is through. */
  constructor(
    channel: Channel<Incoming, Outgoing, Replies>,
    parameters: ParameterValues,
    options: ClientOptions & ConnectionOptions & { readonly query?: object },
    session: string = newSession(),
  ) {
    channel = options.validate?.(channel) ?? channel;
    const { name, address, addressOf, credentials, hasLines = true, withQuery } = channel;
    const { getToken, query = {}, url, webSocket = globalThis.WebSocket } = options;
    const canTell = tokenPlace(credentials) || (hasLines && credentials.length > 0);
    if (getToken && !canTell) throw new TypeError(`${name} takes no token; leave out getToken`);
    // Node before 22 has none.
    if (!webSocket) throw new TypeError('there is no WebSocket; give that of "ws" as webSocket');
    this.#channel = channel;
    this.#options = options;
    this.#Socket = webSocket;
    const place = webSocketBase(url) + (addressOf?.(channel, parameters) ?? address);
    this.#address = withQuery?.(place, query) ?? place;
    this.#clock = options.clock ?? systemClock;
    this.#incoming = new Decoder(channel.incoming);
    this.#outgoing = new Decoder(channel.outgoing);
    this.#backlog = new Backlog(options.queue);
    this.#requests = new Requests(channel);
    this.#session = new Session(channel, options, session, this.#effects());
    queueMicrotask(() => this.#begin());
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
   * Sends a message now, or throws a `NotOpenError`, or a `TooLargeError`. What may also be said later waits for the connection with
   * `offline: "queue"`; what the server must know after each reconnect is sent from a `$open` listener, where the connection is
   * always open.
   */
  send(message: Outgoing[keyof Outgoing], { offline }: SendOptions = {}): void {
    this.#speak({ message, frame: this.#frame(message) }, "fail", offline);
  }

  /**
   * Sends a message and gives the answer to it; `undefined` where it was handled and there is nothing to say. Waits for the
   * connection, and is never sent twice. Rejects with the `RefusedError` that the server answers with, a `RequestTimeoutError`, a
   * `ConnectionLostError`, or what `send` throws.
   */
  request<Message extends Outgoing[keyof Outgoing]>(
    message: Message,
    { offline, timeoutMs = 10_000, signal }: RequestOptions = {},
  ): Promise<ReplyTo<Message, Incoming, Outgoing, Replies>> {
    return new Promise((resolve, reject) => {
      const frame = this.#frame(message);
      if (typeof frame !== "string") throw new CannotAskError("bytes take no answer");
      const settle = (error: unknown, answer?: unknown): void => {
        stopTimer();
        forget();
        this.#backlog.remove(question);
        this.#requests.forget(question);
        if (error) reject(error);
        else resolve(answer as ReplyTo<Message, Incoming, Outgoing, Replies>);
      };
      const question: Question = { name: this.#nameOf(frame), message, frame, settle };
      const stopTimer = this.#clock.after(timeoutMs, () =>
        settle(new RequestTimeoutError(timeoutMs)),
      );
      let forget = (): void => {};
      forget = onAbort(signal, () => settle(signal?.reason ?? new Error("aborted")));
      try {
        if (!signal?.aborted) this.#speak(question, "queue", offline);
      } catch (error) {
        settle(error);
      }
    });
  }

  /**
   * The messages from now on, across reconnects. The loop ends with `close()`, throws a `ConnectionClosedError` when the
   * server ends the connection for good, and an `OverflowError` when it falls too far behind.
   *
   * With `lifecycle: true` it gets what the connection tells, too, in its place between the messages: `{ type: "$open", event }`.
   */
  messages(
    options: MessagesOptions & { readonly lifecycle: true },
  ): AsyncIterableIterator<MessageOf<Incoming> | Told, undefined>;
  messages(options?: MessagesOptions): AsyncIterableIterator<MessageOf<Incoming>, undefined>;
  messages({
    signal,
    capacity = 1000,
    lifecycle = false,
  }: MessagesOptions = {}): AsyncIterableIterator<MessageOf<Incoming> | Told, undefined> {
    let forget = (): void => {};
    const queue = new Queue<MessageOf<Incoming> | Told>(capacity, () => {
      this.#queues.delete(queue);
      forget();
    });
    this.#queues.set(queue, lifecycle);
    forget = onAbort(signal, () => queue.end());
    this.#endIfClosed();
    return queue;
  }

  [Symbol.asyncIterator](): AsyncIterator<MessageOf<Incoming>, undefined> {
    return this.messages();
  }

  /**
   * Ends the connection, its requests and every loop over its messages, and gives what waited and was not sent. It does not come
   * back; make a new one for that.
   */
  close(): readonly Outgoing[keyof Outgoing][] {
    this.#step(() => this.#session.close());
    return this.#backlog.clear().map(({ message }) => message) as Outgoing[keyof Outgoing][];
  }

  #begin(): void {
    const { lifecycle = pageLifecycle, signal } = this.#options;
    const forget = onAbort(signal, () => void this.close());
    if (this.state.status === "closed") return forget();
    const endLifecycle = lifecycle((sign) => this.#step((now) => this.#session.sign(sign, now)));
    this.#end = () => {
      forget();
      endLifecycle();
    };
    this.#step((now) => this.#session.start(now));
  }

  /** Throws a `TooLargeError`. */
  #frame(message: unknown): Frame {
    const { outgoing } = this.#channel;
    return this.#fitting(outgoing.forms?.write(outgoing, message) ?? JSON.stringify(message));
  }

  #fitting(frame: Frame): Frame {
    const allowed = this.#session.messageBytes;
    // A character has at most three bytes in UTF-8 for each unit that `length` counts, so that most texts need no counting.
    const isSmall = typeof frame === "string" && frame.length * 3 <= allowed;
    const bytes = isSmall ? 0 : bytesOf(frame);
    if (bytes > allowed) throw new TooLargeError(bytes, allowed);
    return frame;
  }

  #nameOf(frame: Frame): string {
    return this.#outgoing.decode(frame).name;
  }

  /** Sends now, or keeps it for later, or throws. */
  #speak(said: Said | Question, otherwise: Offline, told: Offline | undefined): void {
    const { status } = this.state;
    const { offline } = this.#options;
    const usual = typeof offline === "object" ? own(offline, this.#nameOf(said.frame)) : offline;
    if (status === "open" && this.#socket?.isOpen()) {
      this.#write(this.#tagged(said));
    } else if (status === "closed" || (told ?? usual ?? otherwise) === "fail") {
      throw new NotOpenError(status === "open" ? "closing" : status);
    } else if (!this.#backlog.put(said, bytesOf(said.frame), this.#clock.now())) {
      throw new QueueFullError(status);
    }
  }

  #tagged(said: Said | Question): Frame {
    return "settle" in said ? this.#requests.ask(said, this.#session.hasLines) : said.frame;
  }

  /** What waited, in its order, until the socket is gone again. */
  #flush(): void {
    for (let said; this.#socket?.isOpen() && (said = this.#backlog.shift());) {
      try {
        this.#fitting(said.frame);
        this.#write(this.#tagged(said));
      } catch (error) {
        if ("settle" in said) said.settle(error as Error);
        else this.#tell("$unsent", { messages: [said.message] });
      }
    }
  }

  /** Says something, if there is anybody to hear it. */
  #write(frame: Frame): void {
    if (!this.#socket?.isOpen()) return;
    this.#socket.send(frame);
    this.#session.spoke(this.#clock.now());
  }

  /** Lets the session decide about something that has happened. */
  #step(decide: (now: number) => void): void {
    const now = this.#clock.now();
    if (this.state.status !== "closed") this.#tellExpired(now);
    decide(now);
    this.#setTimer();
  }

  /** Rings when something is due. A timer that rings before that does no harm, so that it is only ever put forward. */
  #setTimer(): void {
    const { wakeAt } = this.#session;
    if (wakeAt >= this.#timerAt && wakeAt < Infinity) return;
    const now = this.#clock.now();
    this.#stopTimer();
    this.#timerAt = Math.min(wakeAt, now + LONGEST_TIMER_MS);
    if (wakeAt === Infinity) this.#timerAt = Infinity;
    else
      this.#stopTimer = this.#clock.after(Math.max(0, this.#timerAt - now), () => {
        this.#timerAt = Infinity;
        this.#step((time) => this.#session.elapsed(time));
      });
  }

  /** What the session decides, done. */
  #effects(): Effects {
    return {
      authorize: (reason) => void this.#authorize(reason),
      dial: (token, hasLines) => this.#dial(token, hasLines),
      send: (frame) => this.#write(frame),
      ping: () => {
        const { beats, heartbeat } = this.#channel;
        if (this.#session.hasLines) this.#write("!ping");
        else this.#beat(beats?.ping(heartbeat, Date.now()));
      },
      flush: () => this.#flush(),
      hangUp: (code) => {
        this.#authorizing?.abort();
        this.#socket?.hangUp(code);
        this.#socket = undefined;
      },
      deliver: (frame) => this.#receive(this.#incoming.decode(frame)),
      // An answer that nobody waits for any more is a message like any other.
      answer: (id, frame, refusal) => {
        const heard = frame === undefined ? undefined : this.#incoming.decode(frame);
        if (!this.#requests.answer(id, heard, refusal) && heard) this.#receive(heard);
      },
      tell: (name, event) => {
        if (this.state.status === "closed") return;
        if (name === "$refused") this.#refused(event as Refusal);
        else this.#tell(name, event);
      },
      changed: () => {
        if (this.state.status !== "open") this.#requests.fail(new ConnectionLostError());
        this.#tell("$state", this.state);
        this.#endIfClosed();
      },
      random: () => this.#clock.random(),
    };
  }

  #tell(name: string, event: object): void {
    for (const [queue, hearsAll] of this.#queues)
      if (hearsAll) queue.push({ type: name, event } as Told);
    this.#listeners.call(name, event);
  }

  /** What has waited for too long is not sent any more. */
  #tellExpired(now: number): void {
    const messages = [];
    for (const said of this.#backlog.expired(now)) {
      if ("settle" in said) said.settle(new NotOpenError(this.state.status));
      else messages.push(said.message);
    }
    if (messages.length > 0) this.#tell("$unsent", { messages });
  }

  #endIfClosed(): void {
    const { state } = this;
    if (state.status !== "closed") return;
    this.#end();
    const error = new ConnectionClosedError(state.code, state.reason);
    for (const queue of this.#queues.keys()) queue.end(state.terminal ? error : undefined);
    for (const said of this.#backlog.all()) if ("settle" in said) said.settle(error);
  }

  /** What `getToken` throws is not passed on: it could carry what must not be logged. */
  async #authorize(reason: TokenReason): Promise<void> {
    this.#authorizing?.abort();
    const { signal } = (this.#authorizing = new AbortController());
    const session = this.#session;
    let decide: (now: number) => void;
    try {
      const token = (await this.#options.getToken?.({ reason, signal })) ?? "";
      decide = () => (reason === "expiring" ? session.renewed(token) : session.authorized(token));
    } catch (error) {
      if (reason === "expiring") return;
      decide = (now) =>
        error instanceof UnauthorizedError
          ? session.unauthorized(error.message)
          : session.lost(1006, "", now);
    }
    if (!signal.aborted) this.#step(decide);
  }

  #dial(token: string, hasLines: boolean): void {
    const url = withToken(this.#address, token, this.#channel.credentials);
    const session = this.#session;
    const lost = (code: number, reason: string): void => {
      this.#socket = undefined;
      this.#step((now) => session.lost(code, reason, now));
    };
    try {
      this.#socket = dial(this.#Socket, url, hasLines ? [SUBPROTOCOL] : undefined, {
        opened: (protocol) => this.#step((now) => session.opened(protocol, now)),
        received: (frame) => this.#step((now) => session.heard(frame, now)),
        lost,
      });
    } catch {
      // Browsers throw when the page may not open this address. What they throw names it, token and all.
      lost(1006, "");
    }
  }

  #receive(heard: Heard): void {
    const { name, message } = heard;
    const { heartbeat, beats } = this.#channel;
    if (!this.#session.hasLines) {
      this.#beat(beats?.pong(heartbeat, heard));
      if (this.#requests.takes(heard)) return;
    }
    for (const queue of this.#queues.keys()) queue.push(message as MessageOf<Incoming>);
    this.#listeners.call(name, message);
  }

  #beat(message: object | undefined): void {
    if (message) this.#write(JSON.stringify(message));
  }

  /** A refusal that answers no request is told as such, and as the document's error message. */
  #refused(refusal: Refusal): void {
    const refused = this.#requests.refused(refusal);
    this.#tell("$refused", refused);
    const { error, errorMessage, refusals } = this.#channel;
    if (!error || !errorMessage) return;
    const isListed = !refusals || refused.constructor !== RefusedError;
    this.#receive({ name: error.name, message: errorMessage(error, refusal, isListed) });
  }
}

/** A name for logs, the same for as long as the program or the page lives. */
export function newSession(): string {
  return Math.random().toString(36).slice(2) + Date.now().toString(36);
}

function bytesOf(frame: Frame): number {
  return typeof frame === "string" ? new TextEncoder().encode(frame).length : frame.byteLength;
}
