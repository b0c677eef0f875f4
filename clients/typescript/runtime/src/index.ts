export { serverUrl } from "./address.ts";
export type { Backoff } from "./backoff.ts";
export type {
  Beat,
  Channel,
  CloseCode,
  CloseCodes,
  Credential,
  Heartbeat,
  Kind,
  Limits,
  MessageSet,
  MessageType,
  Parameter,
  ParameterValues,
  Path,
  Scalar,
  Server,
  ServerVariable,
  Sign,
} from "./channel.ts";
export { Client } from "./client.ts";
export type { Clock } from "./clock.ts";
export {
  Connection,
  type Events,
  type LifecycleEvents,
  type MessageOf,
  type Opened,
} from "./connection.ts";
export { isUnknown, type Unknown } from "./decoder.ts";
export {
  ConnectionClosedError,
  InvalidParameterError,
  NotOpenError,
  OverflowError,
  TooLargeError,
  UnauthorizedError,
  WirepactError,
} from "./errors.ts";
export type { ListenOptions } from "./listeners.ts";
export type { ClientOptions, ConnectionOptions, MessagesOptions, TokenRequest } from "./options.ts";
export type { TokenReason } from "./session.ts";
export type { Socket, SocketConstructor } from "./socket.ts";
export type { Closed, Connecting, ConnectionState, Idle, Open, Reconnecting } from "./state.ts";
