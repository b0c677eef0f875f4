/**
 * Every error of the runtime, one family.
 *
 * ```
 * WirepactError
 * ├── NotOpenError            a message was sent while the connection was not open
 * ├── TooLargeError           a message has more bytes than the document allows
 * ├── ConnectionClosedError   the server ended the connection for good
 * ├── OverflowError           a `for await` loop fell too far behind
 * ├── InvalidParameterError   a value that can't stand in a channel's address
 * └── UnauthorizedError       thrown by `getToken`: there is no token to be had
 * ```
 *
 * Errors carry values and form their own sentence. None of them carries a token or an address with one.
 */
export class WirepactError extends Error {
  override get name(): string {
    return this.constructor.name;
  }
}

/** A message can't be sent now. It was not kept: what should be said after a reconnect is said in `$open`. */
export class NotOpenError extends WirepactError {
  readonly status: string;

  constructor(status: string) {
    super(`the connection is ${status}, not open; nothing was sent`);
    this.status = status;
  }
}

/** A message can't be sent at all: the server would close the connection for it. */
export class TooLargeError extends WirepactError {
  readonly bytes: number;
  readonly allowed: number;

  constructor(bytes: number, allowed: number) {
    super(`the message has ${bytes} bytes, and the document allows ${allowed}; nothing was sent`);
    this.bytes = bytes;
    this.allowed = allowed;
  }
}

/** The connection is over and coming back would not help. Carries the close code and the reason. */
export class ConnectionClosedError extends WirepactError {
  readonly code: number;
  readonly reason: string;

  constructor(code: number, reason: string) {
    super(`closed with ${code}` + (reason && `: ${reason}`));
    this.code = code;
    this.reason = reason;
  }
}

/** A loop took longer over messages than they took to arrive, and its queue is full. */
export class OverflowError extends WirepactError {
  readonly capacity: number;

  constructor(capacity: number) {
    super(`more than ${capacity} messages were waiting to be read; the loop is too slow`);
    this.capacity = capacity;
  }
}

/** A value that does not fit the channel's address. */
export class InvalidParameterError extends WirepactError {
  readonly parameter: string;

  constructor(parameter: string, problem: string) {
    super(`${parameter}: ${problem}`);
    this.parameter = parameter;
  }
}

/** To be thrown by `getToken` when the user is signed out: the connection ends instead of trying again. */
export class UnauthorizedError extends WirepactError {
  constructor(reason = "there is no token") {
    super(reason);
  }
}
