import type { ErrorShape } from "./channel.ts";
import { filled, own } from "./paths.ts";
import type { Refusal } from "./visit.ts";

/** A refusal as the error message of the document, with the nearest code where that does not list the refusal's. */
export function errorMessage(error: ErrorShape, refusal: Refusal, isListed: boolean): object {
  const { code, text, temporary } = refusal;
  const nearest = temporary ? "internal" : "bad_request";
  const coded = filled(error.content, error.code, isListed ? code : nearest);
  return filled(coded, error.text, own(error.texts, code) ?? text);
}
