/**
 * The requests of one connection that have no answer yet, and what answers them.
 *
 * With `wirepact.v1` an answer has the request's id before it. On the legacy wire it is known by what the document says that both have
 * in common, or else as the first message, since the request was sent, that the document calls an answer to it.
 */
import type { Channel, ErrorShape } from "./channel.ts";
import { CannotAskError, RefusedError, WrongAnswerError } from "./errors.ts";
import { at, own } from "./paths.ts";
import type { Refusal } from "./visit.ts";

/** What is asked, and whoever waits. `settle` may be called again, which changes nothing. */
export interface Question {
  readonly name: string;
  readonly message: unknown;
  readonly frame: string;
  readonly settle: (error: Error | undefined, answer?: unknown) => void;
}

/** Something that was heard: the name and the content of a message. */
export interface Heard {
  readonly name: string;
  readonly message: unknown;
}

type Asked = Pick<
  Channel<object, object, Readonly<Record<string, unknown>>>,
  "correlations" | "error" | "refusals" | "replies"
>;

/** Keeps who waits for what, by the ids of requests. */
export class Requests {
  readonly #channel: Asked;
  readonly #open = new Map<string, Question>();
  #count = 0;

  constructor(channel: object) {
    this.#channel = channel;
  }

  /** What is to be sent for `question`. Throws a `CannotAskError` where no answer could be known as such. */
  ask(question: Question, hasLines: boolean): string {
    const { name, message, frame } = question;
    if (!hasLines && this.#key(name, message) === undefined && !this.#replies(name)) {
      throw new CannotAskError(`${name} has nothing that its answer could be known by`);
    }
    const id = String((this.#count += 1));
    this.#open.set(id, question);
    return hasLines ? `#${id} ${frame}` : frame;
  }

  /** Nobody waits for it any more. */
  forget(question: Question): void {
    for (const [id, each] of this.#open) if (each === question) this.#open.delete(id);
  }

  /** Whether somebody waited for the answer with this `id`; `heard` is absent where there is nothing to say. */
  answer(id: string, heard: Heard | undefined, refusal?: Refusal): boolean {
    const question = this.#open.get(id);
    if (!question) return false;
    this.#open.delete(id);
    const replies = this.#replies(question.name);
    if (refusal) question.settle(this.refused(refusal));
    else if (replies && !replies.includes(heard?.name ?? "")) {
      question.settle(new WrongAnswerError(question.name, heard?.message));
    } else question.settle(undefined, heard?.message);
    return true;
  }

  /** Hands a message of the legacy wire to whoever asked. Whether it is for nobody else: what is only guessed at may be. */
  takes(heard: Heard): boolean {
    const { error } = this.#channel;
    for (const [id, question] of this.#open) {
      const refusal = error?.name === heard.name ? refusalOf(heard.message, error) : undefined;
      const fit = this.#fits(question, heard, refusal !== undefined);
      if (!fit) continue;
      this.answer(id, heard, refusal);
      return fit === "known";
    }
    return false;
  }

  /** All that were sent get no answer any more. */
  fail(error: Error): void {
    for (const question of this.#open.values()) question.settle(error);
    this.#open.clear();
  }

  /** A refusal as the error of its class. */
  refused(refusal: Refusal): RefusedError {
    return new (own(this.#channel.refusals, refusal.code) ?? RefusedError)(refusal);
  }

  #replies(name: string): readonly string[] | undefined {
    return own(this.#channel.replies, name);
  }

  #fits(question: Question, { name, message }: Heard, isRefusal: boolean): "known" | "first" | "" {
    const asked = this.#key(question.name, question.message);
    const key = this.#key(name, message);
    const replies = this.#replies(question.name);
    const isReply = isRefusal || (replies?.includes(name) ?? asked !== undefined);
    if (!isReply) return "";
    if (asked !== undefined && key !== undefined) return asked === key ? "known" : "";
    return isRefusal || asked === undefined ? "first" : "";
  }

  /** What a message has in common with its answer, or its question. */
  #key(name: string, message: unknown): unknown {
    const path = own(this.#channel.correlations, name);
    return path && at(message, path);
  }
}

function refusalOf(message: unknown, { code, text }: ErrorShape): Refusal {
  return { code: String(at(message, code)), text: String(at(message, text)), temporary: false };
}
