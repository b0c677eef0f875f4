/**
 * The requests of one connection that were sent and have no answer yet.
 *
 * With `wirepact.v1` an answer has the request's id before it; on the legacy wire it is known by what the channel's `answers` say.
 */
import type { Asked, Channel, Heard } from "./channel.ts";
import { CannotAskError, RefusedError, WrongAnswerError } from "./errors.ts";
import { own } from "./paths.ts";
import type { Frame } from "./socket.ts";
import type { Refusal } from "./visit.ts";

/** Something that is to be said. */
export interface Said {
  readonly message: unknown;
  readonly frame: Frame;
}

/** A request. `settle` may be called again, which changes nothing. */
export interface Question extends Said, Heard {
  readonly message: unknown;
  readonly frame: string;
  readonly settle: (error: Error | undefined, answer?: unknown) => void;
}

/** Keeps who waits for what, by the ids of requests. */
export class Requests {
  readonly #channel: Asked & Pick<Channel<object, object>, "answers" | "refusals">;
  readonly #open = new Map<string, Question>();
  #count = 0;

  constructor(channel: object) {
    this.#channel = channel;
  }

  /** What is to be sent for `question`. Throws a `CannotAskError` where no answer could be known as such. */
  ask(question: Question, hasLines: boolean): string {
    const { name, frame } = question;
    if (!hasLines && !this.#channel.answers?.isKnown(this.#channel, question)) {
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
    const replies = own(this.#channel.replies, question.name);
    const isWrong = replies?.includes(heard?.name ?? "") === false;
    question.settle(
      refusal
        ? this.refused(refusal)
        : isWrong
          ? new WrongAnswerError(question.name, heard?.message)
          : undefined,
      heard?.message,
    );
    return true;
  }

  /** Hands a message of the legacy wire to whoever asked. Whether it is for nobody else: what is only guessed at may be. */
  takes(heard: Heard): boolean {
    for (const [id, question] of this.#open) {
      const fit = this.#channel.answers?.fit(this.#channel, question, heard);
      if (!fit) continue;
      this.answer(id, heard, fit.refusal);
      return fit.isSure;
    }
    return false;
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
