import type { Asked, Heard } from "./channel.ts";
import { filled, own } from "./paths.ts";
import type { Refusal } from "./visit.ts";

/** A refusal as the error message of the document, with the nearest code where that does not list the refusal's. */
export function errorMessage({ error, refusals }: Asked, refusal: Refusal): Heard | undefined {
  if (!error) return undefined;
  const { code, text, temporary } = refusal;
  const isListed = !refusals || own(refusals, code) !== undefined;
  const nearest = temporary ? "internal" : "bad_request";
  const coded = filled(error.content, error.code, isListed ? code : nearest);
  return { name: error.name, message: filled(coded, error.text, own(error.texts, code) ?? text) };
}
