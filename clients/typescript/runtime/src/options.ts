import type { Backoff } from "./backoff.ts";
import type { Clock } from "./clock.ts";
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
}
