/**
 * How an answer is known on the legacy wire, where it has no id: by what the document says that it has in common with its question, or
 * else as the first message, since that was sent, that the document calls an answer to it.
 */
import type { Answers, Asked, Heard } from "./channel.ts";
import { at, own } from "./paths.ts";

export const answers: Answers = {
  isKnown(channel, question) {
    return (
      keyOf(channel, question) !== undefined || own(channel.replies, question.name) !== undefined
    );
  },
  fit(channel, question, heard) {
    const { error } = channel;
    const refusal =
      error?.name === heard.name
        ? {
            code: String(at(heard.message, error.code)),
            text: String(at(heard.message, error.text)),
            temporary: false,
          }
        : undefined;
    const asked = keyOf(channel, question);
    const key = keyOf(channel, heard);
    const replies = own(channel.replies, question.name);
    if (!refusal && !(replies?.includes(heard.name) ?? asked !== undefined)) return undefined;
    const isSure = asked !== undefined && key !== undefined;
    const fits = isSure ? asked === key : refusal || asked === undefined;
    return fits ? { isSure, refusal } : undefined;
  },
};

/** What a message has in common with its answer, or its question. */
function keyOf(channel: Asked, { name, message }: Heard): unknown {
  const path = own(channel.correlations, name);
  return path && at(message, path);
}
