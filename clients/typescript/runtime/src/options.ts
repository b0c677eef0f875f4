import type { Backoff } from "./backoff.ts";
import type { Keeping } from "./backlog.ts";
import type { Channel } from "./channel.ts";
import type { Clock } from "./clock.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { TokenReason } from "./session.ts";
import type { SocketConstructor } from "./socket.ts";

/** What `getToken` is told. `signal` is aborted when the token is no longer wanted. */
export interface TokenRequest {
  readonly reason: TokenReason;
  readonly signal: AbortSignal;
}

/** What the connections of a client have in common. */
export interface ClientOptions {
  /** Where the service is, for example `wss://example.org` or `location.origin`; a path is put before every address. */
  readonly url: string | URL;
  /**
   * Gives the token for each attempt to connect; an empty text means none. Throw `UnauthorizedError` to end the
   * connection, anything else to have it try again later.
   */
  readonly getToken?: (request: TokenRequest) => string | Promise<string>;
  /** The WebSocket to use where the platform has none: Node before 22. */
  readonly webSocket?: SocketConstructor;
  readonly backoff?: Partial<Backoff>;
  /** How long an attempt to connect may take, the token included. 15 seconds unless told otherwise. */
  readonly connectTimeoutMs?: number;
  readonly clock?: Clock;
  /** Tells what becomes of the page. A browser's unless told otherwise; `@wirepact/client/react-native` has one for apps. */
  readonly lifecycle?: Lifecycle;
  /** What is done with a message that is sent while the connection is away: for all, or by the name of the message. */
  readonly offline?: Offline | Readonly<Record<string, Offline>>;
  /** How much may wait for the connection: 100 messages of 1 MiB together, for a minute, unless told otherwise. */
  readonly queue?: Partial<Keeping>;
  /** Has messages looked at while the program runs: `validating(…)` of `@wirepact/client/validate`. Otherwise nothing does. */
  readonly validate?: Validation;
}

/** Gives a channel that looks at its messages: `validating` of `@wirepact/client/validate` makes such a function. */
export type Validation = <Incoming extends object, Outgoing extends object, Replies extends object>(
  channel: Channel<Incoming, Outgoing, Replies>,
) => Channel<Incoming, Outgoing, Replies>;

/** Whether what is sent while the connection is away waits for it, or throws a `NotOpenError` at once. */
export type Offline = "queue" | "fail";

/** How to send one message. */
export interface SendOptions {
  /** As the client's `offline` says, otherwise `fail`. */
  readonly offline?: Offline;
}

/** How to ask something. */
export interface RequestOptions {
  /** As the client's `offline` says, otherwise `queue`: a request waits for the connection, no longer than for its answer. */
  readonly offline?: Offline;
  /** How long the answer may take, the wait for the connection included; 10 seconds unless told otherwise. */
  readonly timeoutMs?: number;
  /** Has the promise rejected with the signal's reason. The server may have heard the request. */
  readonly signal?: AbortSignal;
}

/** What one connection can be told. */
export interface ConnectionOptions {
  /** Closes the connection when it is aborted. */
  readonly signal?: AbortSignal;
}

/** How to read messages in a loop. */
export interface MessagesOptions {
  /** Ends the loop, without an error, when it is aborted. */
  readonly signal?: AbortSignal;
  /** How many messages may wait for the loop; 1000 unless told otherwise. */
  readonly capacity?: number;
  /** Whether the loop gets what the connection tells, too. */
  readonly lifecycle?: boolean;
}
