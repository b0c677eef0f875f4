export type { Keeping } from "./backlog.ts";
export type { Backoff } from "./backoff.ts";
export type {
  Addressed,
  Answered,
  Answers,
  Asked,
  Beat,
  Beats,
  Channel,
  CloseCode,
  CloseCodes,
  Credential,
  ErrorShape,
  Forms,
  Heard,
  Heartbeat,
  Kind,
  Limits,
  MessageSet,
  Messages,
  MessageType,
  Parameter,
  ParameterValues,
  Path,
  Refusals,
  Scalar,
  Server,
  ServerVariable,
  Sign,
} from "./channel.ts";
export { answers } from "./answers.ts";
export { Client } from "./client.ts";
export type { Clock } from "./clock.ts";
export { Connection } from "./connection.ts";
export { isUnknown, type Unknown } from "./decoder.ts";
export {
  CannotAskError,
  ConnectionClosedError,
  ConnectionLostError,
  InvalidParameterError,
  NotOpenError,
  OverflowError,
  QueueFullError,
  RefusedError,
  RequestTimeoutError,
  TooLargeError,
  UnansweredError,
  UnauthorizedError,
  WirepactError,
  WrongAnswerError,
} from "./errors.ts";
export type {
  Events,
  LifecycleEvents,
  MessageOf,
  Opened,
  ReplyTo,
  Resumed,
  Told,
} from "./events.ts";
export { forms } from "./forms.ts";
export { beats } from "./heartbeat.ts";
export { type Lifecycle, type LifeSign, pageLifecycle } from "./lifecycle.ts";
export type { ListenOptions } from "./listeners.ts";
export type {
  ClientOptions,
  ConnectionOptions,
  MessagesOptions,
  Offline,
  RequestOptions,
  SendOptions,
  TokenRequest,
  Validation,
} from "./options.ts";
export { addressOf, serverUrl, withQuery, withToken } from "./parameters.ts";
export { errorMessage } from "./refusing.ts";
export type { TokenReason } from "./session.ts";
export type { Socket, SocketConstructor } from "./socket.ts";
export type { Known, Unlisted, UnlistedVariant } from "./unlisted.ts";
export type { Refusal } from "./visit.ts";
export type { Closed, Connecting, ConnectionState, Idle, Open, Reconnecting } from "./state.ts";
