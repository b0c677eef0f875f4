/**
 * What the document says of answers. On the legacy wire, where an answer has no id, it is known by what the document says that it has in common with its question, or
 * else as the first message, since that was sent, that the document calls an answer to it.
 */
import type { Answered, Answers, Asked, Heard } from "./channel.ts";
import { WrongAnswerError } from "./errors.ts";
import { at, own } from "./paths.ts";
import type { Refusal } from "./visit.ts";

export const answers: Answers = {
  wrong(channel, { name }, heard) {
    const isFine = own(channel.replies, name)?.includes(heard?.name ?? "") ?? true;
    return isFine ? undefined : new WrongAnswerError(name, heard?.message);
  },
  isKnown(channel, question) {
    return (
      keyOf(channel, question) !== undefined || own(channel.replies, question.name) !== undefined
    );
  },
  find(channel, questions, heard) {
    for (const [id, question] of questions) {
      const fit = fitting(channel, question, heard);
      if (fit) return { id, ...fit };
    }
    return undefined;
  },
};

/** Whether `heard` answers `question`. */
function fitting(channel: Asked, question: Heard, heard: Heard): Omit<Answered, "id"> | undefined {
  const refusal = refusalIn(channel, heard);
  const asked = keyOf(channel, question);
  const key = keyOf(channel, heard);
  const replies = own(channel.replies, question.name);
  if (!refusal && !(replies?.includes(heard.name) ?? asked !== undefined)) return undefined;
  const isSure = asked !== undefined && key !== undefined;
  const fits = isSure ? asked === key : refusal || asked === undefined;
  return fits ? { isSure, refusal } : undefined;
}

/** The refusal that the document's error message is. */
function refusalIn({ error }: Asked, { name, message }: Heard): Refusal | undefined {
  if (error?.name !== name) return undefined;
  const [code, text] = [String(at(message, error.code)), String(at(message, error.text))];
  return { code, text, temporary: false };
}

/** What a message has in common with its answer, or its question. */
function keyOf(channel: Asked, { name, message }: Heard): unknown {
  const path = own(channel.correlations, name);
  return path && at(message, path);
}
