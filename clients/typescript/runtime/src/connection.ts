/**
 * One typed connection to one channel, which comes back by itself.
 *
 * The shell around `Session`: it asks for tokens, holds the socket and the timer, and hands on what arrives.
 */
import { addressOf, takesToken, webSocketBase, withQuery, withToken } from "./address.ts";
import { Backlog } from "./backlog.ts";
import { DEFAULT_BACKOFF } from "./backoff.ts";
import type { Channel, ParameterValues } from "./channel.ts";
import { type Clock, systemClock } from "./clock.ts";
import { Decoder, type Unknown } from "./decoder.ts";
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
  TokenRequest,
} from "./options.ts";
import { filled, own } from "./paths.ts";
import { Queue } from "./queue.ts";
import { type Heard, type Question, Requests } from "./requests.ts";
import { type Action, type Input, Session, type TokenReason } from "./session.ts";
import { type Dialled, dial, type Frame } from "./socket.ts";
import type { ConnectionState } from "./state.ts";
import type { Refusal } from "./visit.ts";

/** The connection is open, for the first time or again: the moment to say (again) what the server should know. */
export interface Opened {
  readonly reconnected: boolean;
  /** `wirepact.v1`, or nothing where the legacy wire is spoken. */
  readonly protocol: string;
  /** The server's name for this connection, in its logs. */
  readonly connection: string;
  /** Whether the server was made from the same document, as far as it says. */
  readonly isSameContract: boolean;
}

/**
 * The connection was lost and is back. If not everything of what `audience` was sent meanwhile is `recovered`, load anew what is
 * shown of it. What was missed and recovered comes next, as messages.
 *
 * The audience is empty for all at the address, otherwise `group=key`, `~user` or `~role=…`.
 */
export interface Resumed {
  readonly audience: string;
  readonly recovered: boolean;
}

/** What a connection tells besides messages. */
export interface LifecycleEvents {
  readonly $open: Opened;
  readonly $state: ConnectionState;
  readonly $unknown: Unknown;
  readonly $resumed: Resumed;
  /** Something that was sent, and was no request, is refused; where the document has an error message, that is heard, too. */
  readonly $refused: RefusedError;
  /** Messages that waited for the connection for longer than they may. They were not sent. */
  readonly $unsent: { readonly messages: readonly unknown[] };
  /** So many messages were left out, because this side took less than it was sent and the document allows that. */
  readonly $dropped: { readonly messages: number };
  /** The server can't hear the others: what they publish may be late, and is not lost. */
  readonly $degraded: object;
  /** It hears them again, and has sent what was late. */
  readonly $restored: object;
  /** The server is about to stop; the connection comes back by itself, so long after it was closed. */
  readonly $draining: { readonly delayMs: number };
}

/** Everything that can be listened for: the messages by name, and what the connection itself tells. */
export type Events<Incoming extends object> = Incoming & LifecycleEvents;

/** Any message that can arrive. */
export type MessageOf<Incoming extends object> = Incoming[keyof Incoming] | Unknown;

/** What a request is answered with: what the document says, otherwise anything that can arrive, or nothing. */
export type ReplyTo<
  Message,
  Incoming extends object,
  Outgoing extends object,
  Replies extends object,
> = {
  [Name in keyof Outgoing]: Message extends Outgoing[Name]
    ? Name extends keyof Replies
      ? Replies[Name]
      : MessageOf<Incoming> | undefined
    : never;
}[keyof Outgoing];

/** A message that is to be sent, and who waits for its answer, if anybody does. */
interface Said {
  readonly message: unknown;
  readonly frame: Frame;
  readonly question?: Question;
}

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
  readonly #clock: Clock;
  readonly #session: Session;
  readonly #incoming: Decoder<Incoming>;
  readonly #outgoing: Decoder<Outgoing>;
  readonly #saysText: boolean;
  readonly #listeners = new Listeners();
  readonly #queues = new Set<Queue<MessageOf<Incoming>>>();
  readonly #backlog: Backlog<Said>;
  readonly #requests: Requests;
  #socket: Dialled | undefined;
  #authorizing: AbortController | undefined;
  readonly #abort = (): void => void this.close();
  #stopTimer: () => void = () => {};
  #timerAt = Infinity;
  #endLifecycle: () => void = () => {};
  #told: ConnectionState;

  /** Made by the methods of a generated client. Begins to connect once the code that runs now is through. */
  constructor(
    channel: Channel<Incoming, Outgoing, Replies>,
    parameters: ParameterValues,
    options: ClientOptions & ConnectionOptions & { readonly query?: object },
    session: string = newSession(),
  ) {
    const { credentials, hasLines = true } = channel;
    const hasPlace = takesToken(credentials);
    if (options.getToken && !hasPlace && !(hasLines && credentials.length > 0)) {
      throw new TypeError(`${channel.name} takes no token; leave out getToken`);
    }
    this.#channel = channel;
    this.#options = options;
    const address = webSocketBase(options.url) + addressOf(channel, parameters);
    this.#address = withQuery(address, options.query ?? {});
    this.#clock = options.clock ?? systemClock;
    this.#incoming = new Decoder(channel.incoming);
    this.#outgoing = new Decoder(channel.outgoing);
    this.#saysText = channel.outgoing.types.some((each) => each.encoding === "text");
    this.#backlog = new Backlog(options.queue);
    this.#requests = new Requests(channel);
    this.#session = new Session({
      closeCodes: channel.closeCodes,
      backoff: { ...DEFAULT_BACKOFF, ...options.backoff },
      connectTimeoutMs: options.connectTimeoutMs ?? 15_000,
      random: () => this.#clock.random(),
      manners: { session, client: CLIENT, contract: channel.contract },
      hasLines,
      hasPlace,
      heartbeat: channel.heartbeat,
    });
    this.#told = this.#session.state;
    options.signal?.addEventListener("abort", this.#abort);
    queueMicrotask(() => (options.signal?.aborted ? this.close() : this.#begin()));
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
      const { name } = this.#outgoing.decode(frame);
      const settle = (error: unknown, answer?: unknown): void => {
        stopTimer();
        signal?.removeEventListener("abort", abort);
        this.#backlog.remove(said);
        this.#requests.forget(question);
        if (error) reject(error);
        else resolve(answer as ReplyTo<Message, Incoming, Outgoing, Replies>);
      };
      const abort = (): void => settle(signal?.reason ?? new Error("aborted"));
      const question: Question = { name, message, frame, settle };
      const said: Said = { message, frame, question };
      const stopTimer = this.#clock.after(timeoutMs, () =>
        settle(new RequestTimeoutError(timeoutMs)),
      );
      signal?.addEventListener("abort", abort);
      try {
        if (signal?.aborted) abort();
        else this.#speak(said, "queue", offline);
      } catch (error) {
        settle(error);
      }
    });
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

  /**
   * Ends the connection, its requests and every loop over its messages, and gives what waited and was not sent. It does not come
   * back; make a new one for that.
   */
  close(): readonly Outgoing[keyof Outgoing][] {
    this.#step(["close"]);
    return this.#backlog.clear().map(({ message }) => message) as Outgoing[keyof Outgoing][];
  }

  #begin(): void {
    const { lifecycle = pageLifecycle } = this.#options;
    this.#endLifecycle = lifecycle((sign) => this.#step(["sign", sign]));
    this.#step(["start"]);
  }

  /** Bytes go as they are, texts too where the document has plain text; everything else as JSON. Throws a `TooLargeError`. */
  #frame(message: unknown): Frame {
    const frame = this.#encoded(message);
    const allowed = this.#channel.limits?.messageBytes ?? Infinity;
    // A character has at most three bytes in UTF-8 for each unit that `length` counts, so that most texts need no counting.
    const isSmall = typeof frame === "string" && frame.length * 3 <= allowed;
    const bytes = isSmall ? 0 : bytesOf(frame);
    if (bytes > allowed) throw new TooLargeError(bytes, allowed);
    return frame;
  }

  #encoded(message: unknown): Frame {
    if (message instanceof ArrayBuffer) return message;
    if (message instanceof Uint8Array) return new Uint8Array(message).buffer;
    const isText = typeof message === "string" && this.#saysText;
    return isText ? message : JSON.stringify(message);
  }

  /** Sends now, or keeps it for later, or throws. */
  #speak(said: Said, otherwise: Offline, offline = this.#policyFor(said.frame)): void {
    const { state } = this;
    if (state.status === "open" && this.#socket?.isOpen()) {
      this.#write(this.#tagged(said));
    } else if (state.status === "closed" || (offline ?? otherwise) === "fail") {
      throw new NotOpenError(state.status === "open" ? "closing" : state.status);
    } else if (!this.#backlog.put(said, bytesOf(said.frame), this.#clock.now())) {
      throw new QueueFullError(state.status);
    }
  }

  #policyFor(frame: Frame): Offline | undefined {
    const { offline } = this.#options;
    return typeof offline === "object" ? own(offline, this.#outgoing.decode(frame).name) : offline;
  }

  #tagged({ frame, question }: Said): Frame {
    return question ? this.#requests.ask(question, this.#session.hasLines) : frame;
  }

  /** What waited, in its order, until the socket is gone again. */
  #flush(): void {
    for (let said; this.#socket?.isOpen() && (said = this.#backlog.shift());) {
      try {
        this.#write(this.#tagged(said));
      } catch (error) {
        said.question?.settle(error as Error);
      }
    }
  }

  /** Says something, if there is anybody to hear it. */
  #write(frame: Frame): void {
    if (!this.#socket?.isOpen()) return;
    this.#socket.send(frame);
    this.#session.spoke(this.#clock.now());
  }

  #step(input: Input): void {
    const now = this.#clock.now();
    const wasOver = this.state.status === "closed";
    const actions = this.#session.step(input, now);
    const isOver = this.state.status === "closed";
    this.#setTimer();
    for (const action of actions) {
      this.#perform(action);
      // A listener may have closed the connection.
      if (!isOver && this.#session.state.status === "closed") return;
    }
    if (wasOver) return;
    this.#tellState();
    this.#tellExpired(now);
  }

  /** Rings when something is due. A timer that rings before that does no harm, so that it is only ever put forward. */
  #setTimer(): void {
    const { wakeAt } = this.#session;
    if (wakeAt !== undefined && wakeAt >= this.#timerAt) return;
    this.#stopTimer();
    this.#timerAt = Infinity;
    if (wakeAt === undefined) return;
    const now = this.#clock.now();
    this.#timerAt = Math.min(wakeAt, now + LONGEST_TIMER_MS);
    this.#stopTimer = this.#clock.after(Math.max(0, this.#timerAt - now), () => this.#ring());
  }

  #ring(): void {
    this.#timerAt = Infinity;
    this.#step(["elapsed"]);
  }

  #perform(action: Action): void {
    switch (action[0]) {
      case "authorize":
        void this.#authorize(action[1]);
        break;
      case "dial":
        this.#dial(action[1], action[2]);
        break;
      case "hangUp":
        this.#authorizing?.abort();
        this.#socket?.hangUp(action[1]);
        this.#socket = undefined;
        break;
      case "send":
        this.#write(action[1]);
        break;
      case "ping": {
        const { heartbeat, beats } = this.#channel;
        if (heartbeat && beats) this.#write(JSON.stringify(beats.ping(heartbeat, Date.now())));
        break;
      }
      case "flush":
        this.#flush();
        break;
      case "deliver":
        this.#receive(this.#incoming.decode(action[1]));
        break;
      case "answer":
        this.#answered(action[1], action[2], action[3]);
        break;
      case "tell":
        this.#tell(action[1], action[2]);
    }
  }

  #tell(name: string, event: object): void {
    this.#tellState();
    if (this.state.status === "closed") return;
    if (name === "$refused") this.#refused(event as Refusal);
    else this.#listeners.call(name, event);
  }

  #tellState(): void {
    const { state } = this.#session;
    if (state === this.#told) return;
    this.#told = state;
    if (state.status !== "open") this.#requests.fail(new ConnectionLostError());
    this.#listeners.call("$state", state);
    this.#endIfClosed();
  }

  #endIfClosed(): void {
    const { state } = this;
    if (state.status !== "closed") return;
    this.#options.signal?.removeEventListener("abort", this.#abort);
    this.#endLifecycle();
    const error = new ConnectionClosedError(state.code, state.reason);
    for (const queue of [...this.#queues]) queue.end(state.terminal ? error : undefined);
    for (const { question } of this.#backlog.all()) question?.settle(error);
  }

  #tellExpired(now: number): void {
    const messages = [];
    for (const { message, question } of this.#backlog.expired(now)) {
      if (question) question.settle(new NotOpenError(this.state.status));
      else messages.push(message);
    }
    if (messages.length > 0) this.#listeners.call("$unsent", { messages });
  }

  async #authorize(reason: TokenReason): Promise<void> {
    const { getToken } = this.#options;
    const authorizing = new AbortController();
    this.#authorizing = authorizing;
    const outcome = await tokenFrom(getToken, { reason, signal: authorizing.signal });
    if (authorizing.signal.aborted) return;
    if (reason !== "expiring") this.#step(outcome);
    else if (outcome[0] === "authorized" && outcome[1]) this.#step(["renewed", outcome[1]]);
  }

  #dial(token: string, hasLines: boolean): void {
    const SocketClass = this.#options.webSocket ?? globalThis.WebSocket;
    const url = withToken(this.#address, token, this.#channel.credentials);
    const lost = (code: number, reason: string): void => {
      this.#socket = undefined;
      this.#step(["lost", code, reason]);
    };
    try {
      this.#socket = dial(SocketClass, url, hasLines ? [SUBPROTOCOL] : [], {
        opened: (protocol) => this.#step(["opened", protocol]),
        received: (frame) => this.#step(["heard", frame]),
        lost,
      });
    } catch {
      // Browsers throw when the page may not open this address. What they throw names it, token and all.
      lost(1006, "the WebSocket could not be made");
    }
  }

  #receive(heard: Heard): void {
    const { name, message } = heard;
    const { heartbeat, beats } = this.#channel;
    if (!this.#session.hasLines) {
      const pong = heartbeat && beats?.pong(heartbeat, name, message);
      if (pong) this.#write(JSON.stringify(pong));
      if (this.#requests.takes(heard)) return;
    }
    for (const queue of [...this.#queues]) queue.push(message as MessageOf<Incoming>);
    this.#listeners.call(name, message);
  }

  /** An answer that nobody waits for any more is a message like any other. */
  #answered(id: string, frame?: string, refusal?: Refusal): void {
    const heard = frame === undefined ? undefined : this.#incoming.decode(frame);
    if (!this.#requests.answer(id, heard, refusal) && heard) this.#receive(heard);
  }

  /** A refusal that answers no request is told as such, and as the document's error message. */
  #refused(refusal: Refusal): void {
    const refused = this.#requests.refused(refusal);
    this.#listeners.call("$refused", refused);
    const { error, refusals } = this.#channel;
    if (!error) return;
    const { code, text, temporary } = refusal;
    const isListed = !refusals || refused.constructor !== RefusedError;
    const nearest = temporary ? "internal" : "bad_request";
    const coded = filled(error.content, error.code, isListed ? code : nearest);
    const message = filled(coded, error.text, own(error.texts, code) ?? text);
    this.#receive({ name: error.name, message });
  }
}

const CLIENT = "wirepact-typescript/0.1.0";

/** A name for logs, the same for as long as the program or the page lives. */
export function newSession(): string {
  return Math.random().toString(36).slice(2) + Date.now().toString(36);
}

function bytesOf(frame: Frame): number {
  return typeof frame === "string" ? new TextEncoder().encode(frame).length : frame.byteLength;
}

/** What asking for a token leads to. Its error is not passed on: it could carry what must not be logged. */
async function tokenFrom(
  getToken: ClientOptions["getToken"],
  request: TokenRequest,
): Promise<Input> {
  try {
    return ["authorized", (await getToken?.(request)) ?? ""];
  } catch (error) {
    return error instanceof UnauthorizedError
      ? ["unauthorized", error.message]
      : ["lost", 1006, "getToken failed"];
  }
}
