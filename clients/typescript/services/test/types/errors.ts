/** The errors, and what each carries. Nothing here runs: `npm run check` is the test. */
import {
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
} from "@wirepact/client";
import {
  BadRequest,
  Conflict,
  Internal,
  InvalidPayload,
  NotFound,
  PermissionDenied,
  RateLimited,
  REFUSALS,
  TooLarge,
  Unauthorized,
  UnknownMessage,
} from "@wirepact/services/spc";

import { expectType } from "../../../runtime/test/types/expect.ts";

/** All are of one family, and those that are told together are of one branch of it. */
export const family: readonly WirepactError[] = [
  new NotOpenError(""),
  new QueueFullError("") satisfies NotOpenError,
  new TooLargeError(1, 0),
  new RequestTimeoutError(1) satisfies UnansweredError,
  new ConnectionLostError() satisfies UnansweredError,
  new CannotAskError(""),
  new WrongAnswerError("", {}),
  new ConnectionClosedError(1000, ""),
  new OverflowError(1),
  new InvalidParameterError("", ""),
  new UnauthorizedError(),
];

export function carried(error: unknown): void {
  if (error instanceof WirepactError) expectType<Error["message"]>()(error.message, true);
  if (error instanceof NotOpenError) expectType<string>()(error.status, true);
  if (error instanceof TooLargeError) {
    expectType<number>()(error.bytes, true);
    expectType<number>()(error.allowed, true);
  }
  if (error instanceof RequestTimeoutError) expectType<number>()(error.timeoutMs, true);
  if (error instanceof WrongAnswerError) {
    expectType<{ readonly answer: unknown }>()(error as Pick<typeof error, "answer">, true);
  }
  if (error instanceof ConnectionClosedError) {
    expectType<number>()(error.code, true);
    expectType<string>()(error.reason, true);
  }
  if (error instanceof OverflowError) expectType<number>()(error.capacity, true);
  if (error instanceof InvalidParameterError) expectType<string>()(error.parameter, true);
  if (error instanceof RefusedError) {
    expectType<string>()(error.code, true);
    expectType<string>()(error.text, true);
    expectType<boolean>()(error.temporary, true);
    expectType<{ readonly delayMs: number | undefined }>()(
      error as Pick<typeof error, "delayMs">,
      true,
    );
    // @ts-expect-error what the server said stays what it said
    error.code = "other";
  }
}

/** Each code of the document has its class, and each class its code. */
export function codes(error: unknown): string {
  if (error instanceof BadRequest) expectType<"bad_request">()(error.code, true);
  if (error instanceof UnknownMessage) expectType<"unknown_message">()(error.code, true);
  if (error instanceof InvalidPayload) expectType<"invalid_payload">()(error.code, true);
  if (error instanceof Unauthorized) expectType<"unauthorized">()(error.code, true);
  if (error instanceof PermissionDenied) expectType<"permission_denied">()(error.code, true);
  if (error instanceof NotFound) expectType<"not_found">()(error.code, true);
  if (error instanceof Conflict) expectType<"conflict">()(error.code, true);
  if (error instanceof TooLarge) expectType<"too_large">()(error.code, true);
  if (error instanceof RateLimited) expectType<"rate_limited">()(error.code, true);
  if (error instanceof Internal) expectType<"internal">()(error.code, true);
  // @ts-expect-error the document has no such code
  void (error instanceof RateLimited && error.code === "rate_limit");
  const Class = REFUSALS["rate_limited"];
  return Class ? Class.name : "";
}
