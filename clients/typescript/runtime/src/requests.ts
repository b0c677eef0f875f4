/**
 * The requests of one connection that were sent and have no answer yet.
 *
 * With `wirepact.v1` an answer has the request's id before it; on the legacy wire it is known by what the channel's `answers` say.
 */
import type { Waiting } from "./backlog.ts";
import type { Answers, Asked, Heard } from "./channel.ts";
import { CannotAskError, RefusedError } from "./errors.ts";
import { own } from "./paths.ts";
import type { Frame } from "./socket.ts";
import type { Refusal } from "./visit.ts";

/** Something that is to be said. */
export interface Said extends Waiting {
  readonly message: unknown;
  readonly frame: Frame;
  /** Who asks has a name for it, and waits. To be told again changes nothing. */
  readonly name?: string;
  readonly settle?: (error: Error | undefined, answer?: unknown) => void;
}

/** A request, and its id once it is sent. */
export type Question = Required<Said> & { id?: string };

/** Keeps who waits for what, by the ids of requests. */
export class Requests {
  readonly #channel: Asked & { readonly answers?: Answers };
  readonly #open = new Map<string, Question>();
  #count = 0;

  constructor(channel: object) {
    this.#channel = channel;
  }

  /** What is to be sent for `question`. Throws a `CannotAskError` where no answer could be known as such. */
  ask(question: Question, hasLines: boolean): Frame {
    const { name, frame } = question;
    const isKnown = hasLines || this.#channel.answers?.isKnown(this.#channel, question);
    if (!isKnown || typeof frame !== "string") {
      throw new CannotAskError(`nothing tells the answer to ${name}`);
    }
    const id = (question.id = String((this.#count += 1)));
    this.#open.set(id, question);
    return hasLines ? `#${id} ${frame}` : frame;
  }

  /** Nobody waits for it any more. */
  forget({ id = "" }: Question): void {
    this.#open.delete(id);
  }

  /** Whether somebody waited for the answer with this `id`; `heard` is absent where there is nothing to say. */
  answer(id: string, heard: Heard | undefined, refusal?: Refusal): boolean {
    const question = this.#open.get(id);
    if (!question) return false;
    const error = refusal
      ? this.refused(refusal)
      : this.#channel.answers?.wrong(this.#channel, question, heard);
    question.settle(error, heard?.message);
    return true;
  }

  /** Hands a message of the legacy wire to whoever asked. Whether it is for nobody else: what is only guessed at may be. */
  takes(heard: Heard): boolean {
    const fit = this.#channel.answers?.find(this.#channel, this.#open, heard);
    return !!fit && this.answer(fit.id, heard, fit.refusal) && fit.isSure;
  }

  /** All that were sent get no answer any more. */
  fail(error: Error): void {
    for (const question of this.#open.values()) question.settle(error);
  }

  /** A refusal as the error of its class. */
  refused(refusal: Refusal): RefusedError {
    return new (own(this.#channel.refusals, refusal.code) ?? RefusedError)(refusal);
  }
}
