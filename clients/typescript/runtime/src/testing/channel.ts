import type { ParameterValues } from "../channel.ts";

/** Somebody who says who they are: to be let in, or with a new token. The token is empty where there is none. */
export interface Visitor {
  readonly channel: string;
  readonly parameters: ParameterValues;
  readonly token: string;
  readonly url: string;
}

/** What a message may be answered with. */
export type AnswerTo<
  Name,
  Incoming extends object,
  Replies extends object,
> = Name extends keyof Replies ? Replies[Name] : Incoming[keyof Incoming] | undefined | void;

/** One address of the fake server: what is said there, and what was heard. */
export interface FakeChannel<
  Incoming extends object,
  Outgoing extends object,
  Replies extends object,
> {
  /** Whatever clients said, in order. */
  readonly sent: readonly Outgoing[keyof Outgoing][];
  /** How many are connected to it now. */
  readonly connections: number;
  /** Who came, and with which token. */
  readonly visitors: readonly Visitor[];
  /**
   * Says messages to all who are connected. Before the first connection is open they wait for it; those who are away miss them,
   * unless they are `recoverable`. Throws an `Error` where no client has a connection to this address.
   */
  push(...messages: Incoming[keyof Incoming][]): void;
  /** Says a frame that the document need not know, to all who are connected. */
  raw(frame: string | Uint8Array): void;
  /** What everybody is told first who is let in from now on. */
  greets(...messages: Incoming[keyof Incoming][]): void;
  /** Which messages are recovered by who was away when they were pushed: those to which the document gives an `x-recovery`. */
  recovers(...names: (keyof Incoming & string)[]): void;
  /** How such messages are answered from now on. Throw a `RefusedError` to refuse; without this, or while it waits, there is no answer. */
  answers<Name extends keyof Outgoing & string>(
    name: Name,
    answer: (
      message: Outgoing[Name],
    ) => AnswerTo<Name, Incoming, Replies> | Promise<AnswerTo<Name, Incoming, Replies>>,
  ): void;
  /** The next such message that was not received so before, which may be on its way. Rejects with an `Error` if none comes. */
  received<Name extends keyof Outgoing & string>(name: Name): Promise<Outgoing[Name]>;
  /** Closes the connections to this address. */
  drop(code?: number, reason?: string): void;
}
