import type { Refusal } from "./visit.ts";

/**
 * Every error of the runtime, one family.
 *
 * ```
 * WirepactError
 * ├── NotOpenError            a message was sent while the connection was not open
 * │   └── QueueFullError      and there was no room to keep it
 * ├── TooLargeError           a message has more bytes than the document allows
 * ├── RefusedError            the server refuses what was asked; emitted clients have classes for its codes
 * ├── UnansweredError         a request has no answer, and may have been heard all the same
 * │   ├── RequestTimeoutError none came in time
 * │   └── ConnectionLostError the connection was lost before one came
 * ├── CannotAskError          a request's answer could not be told from other messages
 * ├── WrongAnswerError        a request has another answer than the document says
 * ├── ConnectionClosedError   the server ended the connection for good
 * ├── OverflowError           a `for await` loop fell too far behind
 * ├── InvalidParameterError   a value that can't stand in a channel's address
 * └── UnauthorizedError       thrown by `getToken`: there is no token to be had
 * ```
 *
 * Errors carry values and form their own sentence. None of them carries a token or an address with one.
 */
export class WirepactError extends Error {
  constructor(message: string, values: object = {}) {
    super(message);
    Object.assign(this, values);
  }

  override get name(): string {
    return this.constructor.name;
  }
}

/** A message can't be sent now. It was not kept: what should be said after a reconnect is said in `$open`. */
export class NotOpenError extends WirepactError {
  declare readonly status: string;

  constructor(status: string) {
    super(`nothing was sent: the connection is ${status}`, { status });
  }
}

/** A message was to be kept until the connection is back, and more waits already than may. */
export class QueueFullError extends NotOpenError {}

/** The server refuses what was asked. Emitted clients have a class for each code that their document lists. */
export class RefusedError extends WirepactError implements Refusal {
  declare readonly code: string;
  declare readonly text: string;
  declare readonly temporary: boolean;
  declare readonly delayMs: number | undefined;

  constructor(refusal: Refusal) {
    super(`${refusal.code}: ${refusal.text}`, refusal);
  }
}

/** Whether the server heard a request is not known. Asking again may have it heard twice. */
export class UnansweredError extends WirepactError {}

/** No answer came in time. */
export class RequestTimeoutError extends UnansweredError {
  declare readonly timeoutMs: number;

  constructor(timeoutMs: number) {
    super(`no answer within ${timeoutMs} ms`, { timeoutMs });
  }
}

/** The connection was lost before the answer came. */
export class ConnectionLostError extends UnansweredError {
  constructor() {
    super("the connection was lost");
  }
}

/** The document names nothing that an answer could be known by. Nothing was sent. */
export class CannotAskError extends WirepactError {}

/** A request was answered by a message that the document does not call an answer to it. Carries what came. */
export class WrongAnswerError extends WirepactError {
  declare readonly answer: unknown;

  constructor(name: string, answer: unknown) {
    super(`the document names no such answer to ${name}`, { answer });
  }
}

/** A message can't be sent at all: the server would close the connection for it. */
export class TooLargeError extends WirepactError {
  declare readonly bytes: number;
  declare readonly allowed: number;

  constructor(bytes: number, allowed: number) {
    super(`nothing was sent: ${bytes} bytes, ${allowed} are allowed`, { bytes, allowed });
  }
}

/** The connection is over and coming back would not help. Carries the close code and the reason. */
export class ConnectionClosedError extends WirepactError {
  declare readonly code: number;
  declare readonly reason: string;

  constructor(code: number, reason: string) {
    super(`closed with ${code}` + (reason && `: ${reason}`), { code, reason });
  }
}

/** A loop took longer over messages than they took to arrive, and its queue is full. */
export class OverflowError extends WirepactError {
  declare readonly capacity: number;

  constructor(capacity: number) {
    super(`more than ${capacity} messages wait for the loop`, { capacity });
  }
}

/** A value that does not fit the channel's address. */
export class InvalidParameterError extends WirepactError {
  declare readonly parameter: string;

  constructor(parameter: string, problem: string) {
    super(`${parameter}: ${problem}`, { parameter });
  }
}

/** To be thrown by `getToken` when the user is signed out: the connection ends instead of trying again. */
export class UnauthorizedError extends WirepactError {
  constructor(reason = "there is no token") {
    super(reason);
  }
}
