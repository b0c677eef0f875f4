/**
 * One typed connection to one channel, which comes back by itself.
 *
 * The shell around `Session`: it asks for tokens, holds the socket and the timer, and hands on what arrives.
 */
import { onAbort } from "./aborting.ts";
import { webSocketBase } from "./address.ts";
import { Backlog } from "./backlog.ts";
import type { Asked, Channel, Heard, ParameterValues } from "./channel.ts";
import { type Clock, systemClock } from "./clock.ts";
import { type Decode, decoder } from "./decoder.ts";
import {
  ConnectionClosedError,
  ConnectionLostError,
  NotOpenError,
  QueueFullError,
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
import { dial, type Frame, hangUp, isOpen, type Socket, type SocketConstructor } from "./socket.ts";
import type { ConnectionState } from "./state.ts";

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
  readonly #incoming: Decode;
  readonly #outgoing: Decode;
  readonly #listeners = new Listeners();
  /** Loops over messages, and whether they get what else is told, too. */
  readonly #queues = new Map<Queue<MessageOf<Incoming> | Told>, boolean>();
  readonly #backlog: Backlog<Said>;
  readonly #requests: Requests;
  #socket: Socket | undefined;
  #authorizing: AbortController | undefined;
  #end: () => void = () => {};

  /** Made by the methods of a generated client. Begins to connect once the code that runs now is through. */
  constructor(
    channel: Channel<Incoming, Outgoing, Replies>,
    parameters: ParameterValues,
    options: ClientOptions & ConnectionOptions & { readonly query?: object },
    session: string,
  ) {
    channel = options.validate?.(channel) ?? channel;
    const { address, addressOf, withQuery } = channel;
    const { query = {}, url, webSocket = globalThis.WebSocket } = options;
    // Node before 22 has none.
    if (!webSocket) throw new TypeError("there is no WebSocket; give one as webSocket");
    this.#channel = channel;
    this.#options = options;
    this.#Socket = webSocket;
    const place = webSocketBase(url) + (addressOf?.(channel, parameters) ?? address);
    this.#address = withQuery?.(place, query) ?? place;
    this.#clock = options.clock ?? systemClock;
    this.#incoming = decoder(channel.incoming);
    this.#outgoing = decoder(channel.outgoing);
    this.#backlog = new Backlog(options.queue);
    this.#requests = new Requests(channel);
    this.#session = new Session(channel, options, session, this.#clock, this.#effects());
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
    this.#speak(this.#said(message), "fail", offline);
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
      if (signal?.aborted) throw signal.reason;
      const said = this.#said(message);
      const settle = (error: unknown, answer?: unknown): void => {
        stopTimer();
        forget();
        this.#backlog.take((each) => each === question);
        this.#requests.forget(question);
        if (error) reject(error);
        else resolve(answer as ReplyTo<Message, Incoming, Outgoing, Replies>);
      };
      const question: Question = { ...said, name: this.#nameOf(said.frame), settle };
      const stopTimer = this.#clock.after(timeoutMs, () =>
        settle(new RequestTimeoutError(timeoutMs)),
      );
      const forget = onAbort(signal, () => settle(signal?.reason ?? new Error("aborted")));
      try {
        this.#speak(question, "queue", offline);
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
    this.#session.close();
    return this.#backlog
      .take(() => true)
      .map(({ message }) => message) as Outgoing[keyof Outgoing][];
  }

  #begin(): void {
    const { lifecycle = pageLifecycle, signal } = this.#options;
    const forget = onAbort(signal, () => void this.close());
    if (this.state.status === "closed") return forget();
    const endLifecycle = lifecycle((sign) => this.#session.sign(sign));
    this.#end = () => {
      forget();
      endLifecycle();
    };
    this.#session.start();
  }

  #said(message: unknown): Said {
    const { outgoing } = this.#channel;
    const frame = outgoing.forms?.write(outgoing, message) ?? JSON.stringify(message);
    const encoded = typeof frame === "string" ? new TextEncoder().encode(frame) : frame;
    const said = { message, frame, bytes: encoded.byteLength, since: this.#clock.now() };
    this.#expectToFit(said);
    return said;
  }

  #expectToFit({ bytes }: Said): void {
    const { messageBytes } = this.#session;
    if (bytes > messageBytes) throw new TooLargeError(bytes, messageBytes);
  }

  #nameOf(frame: Frame): string {
    return this.#outgoing(frame).name;
  }

  /** Sends now, or keeps it for later, or throws. */
  #speak(said: Said, otherwise: Offline, told: Offline | undefined): void {
    const { status } = this.state;
    const { offline } = this.#options;
    const usual = typeof offline === "object" ? own(offline, this.#nameOf(said.frame)) : offline;
    if (status === "open" && isOpen(this.#socket)) {
      this.#write(this.#tagged(said));
    } else if (status === "closed" || (told ?? usual ?? otherwise) === "fail") {
      throw new NotOpenError(status === "open" ? "closing" : status);
    } else if (!this.#backlog.put(said)) {
      throw new QueueFullError(status);
    }
  }

  #tagged(said: Said): Frame {
    return said.settle ? this.#requests.ask(said as Question, this.#session.hasLines) : said.frame;
  }

  /** Says something, if there is anybody to hear it. */
  #write(frame: Frame | undefined): void {
    if (frame === undefined || !isOpen(this.#socket)) return;
    this.#socket.send(frame);
    this.#session.spoke();
  }

  /** What the session decides, done. */
  #effects(): Effects {
    return {
      authorize: (reason) => void this.#authorize(reason),
      dial: (token, hasLines) => {
        const { credentials, withToken } = this.#channel;
        const session = this.#session;
        try {
          this.#socket = dial(
            this.#Socket,
            withToken?.(this.#address, token, credentials) ?? this.#address,
            hasLines ? [SUBPROTOCOL] : undefined,
            session,
          );
        } catch {
          // Browsers throw when the page may not open this address. What they throw names it, token and all.
          session.lost(1006, "");
        }
      },
      send: (frame) => this.#write(frame),
      ping: () => {
        const { beats, heartbeat } = this.#channel;
        this.#write(this.#session.hasLines ? "!ping" : beats?.ping(heartbeat, Date.now()));
      },
      // In its order, until the socket is gone again.
      flush: () => {
        for (const said of this.#backlog.items) {
          if (!isOpen(this.#socket)) return;
          this.#backlog.take((each) => each === said);
          try {
            this.#expectToFit(said);
            this.#write(this.#tagged(said));
          } catch (error) {
            this.#unsent([said], error as Error);
          }
        }
      },
      hangUp: (code) => {
        this.#authorizing?.abort();
        hangUp(this.#socket, code);
      },
      deliver: (frame) => this.#receive(this.#incoming(frame)),
      // An answer that nobody waits for any more is a message like any other.
      answer: (id, frame, refusal) => {
        const heard = frame === undefined ? undefined : this.#incoming(frame);
        if (!this.#requests.answer(id, heard, refusal) && heard) this.#receive(heard);
      },
      // Also as the document's error message.
      refused: (refusal) => {
        this.#tell("$refused", this.#requests.refused(refusal));
        const message = this.#channel.errorMessage?.(this.#channel as Asked, refusal);
        if (message) this.#receive(message);
      },
      tell: (name, event) => {
        if (this.state.status !== "closed") this.#tell(name, event);
      },
      changed: () => {
        if (this.state.status !== "open") this.#requests.fail(new ConnectionLostError());
        this.#tell("$state", this.state);
        this.#endIfClosed();
        this.#expire();
      },
    };
  }

  #tell(name: string, event: object): void {
    for (const [queue, hearsAll] of this.#queues)
      if (hearsAll) queue.push({ type: name, event } as Told);
    this.#listeners.call(name, event);
  }

  /** Tells those who asked, and for all others those who listen. */
  #unsent(those: readonly Said[], error: Error): void {
    const messages = those.filter((said) => !said.settle).map(({ message }) => message);
    for (const { settle } of those) settle?.(error);
    if (messages.length > 0) this.#tell("$unsent", { messages });
  }

  /** What has waited for too long is not sent any more. */
  #expire(): void {
    const { status } = this.state;
    if (status === "closed") return;
    this.#unsent(this.#backlog.expired(this.#clock.now()), new NotOpenError(status));
  }

  #endIfClosed(): void {
    const { state } = this;
    if (state.status !== "closed") return;
    this.#end();
    const error = new ConnectionClosedError(state.code, state.reason);
    for (const queue of this.#queues.keys()) queue.end(state.terminal ? error : undefined);
    for (const { settle } of this.#backlog.items) settle?.(error);
  }

  /** What `getToken` throws is not passed on: it could carry what must not be logged. */
  async #authorize(reason: TokenReason): Promise<void> {
    this.#authorizing?.abort();
    const { signal } = (this.#authorizing = new AbortController());
    const session = this.#session;
    const getToken = this.#channel.credentials[0] && this.#options.getToken;
    let error: unknown;
    let token = "";
    try {
      token = (await getToken?.({ reason, signal })) ?? "";
    } catch (thrown) {
      error = thrown ?? true;
    }
    if (signal.aborted) return;
    if (!error) session.authorized(token);
    else if (error instanceof UnauthorizedError && reason !== "expiring")
      session.unauthorized(error.message);
    else if (reason !== "expiring") session.lost(1006, "");
  }

  #receive(heard: Heard): void {
    const { name, message } = heard;
    const { heartbeat, beats } = this.#channel;
    if (!this.#session.hasLines) {
      this.#write(beats?.pong(heartbeat, heard));
      if (this.#requests.takes(heard)) return;
    }
    for (const queue of this.#queues.keys()) queue.push(message as MessageOf<Incoming>);
    this.#listeners.call(name, message);
  }
}
