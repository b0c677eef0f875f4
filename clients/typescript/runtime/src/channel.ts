/**
 * A channel as data: what the generator writes, and all that the runtime knows of a service.
 *
 * A descriptor says what the document says and does nothing. Its type parameters map the name of each
 * message to its type, seen from the client: `Incoming` is what it hears, `Outgoing` what it says.
 */

import type { Decoded } from "./decoder.ts";
import type { RefusedError } from "./errors.ts";
import type { Frame } from "./socket.ts";
import type { Refusal } from "./visit.ts";

/** A JSON value that can be a constant in a schema and tell messages apart. */
export type Scalar = string | number | boolean | null;

/** The wire names that lead to a field: `["type"]`, `["data", "kind"]`. */
export type Path = readonly string[];

/** What a place in a frame holds, `absent` if there is no such place. */
export type Kind = "absent" | "array" | "boolean" | "null" | "number" | "object" | "string";

/**
 * Something that every frame of a message shows: the value at `path` is of one of `kinds`, or one of `values`.
 *
 * A step of the path is the wire name of a field, or the index of an element.
 */
export interface Sign {
  readonly path: readonly (string | number)[];
  readonly kinds: readonly Kind[];
  readonly values?: readonly Scalar[];
}

/**
 * One message of a direction: its name in the document, and the constants that only it carries, in the order of the paths.
 *
 * Where constants are not enough, no frame of another member shows all of `signs`. A binary message is a `Uint8Array`.
 * A frame with one of `aliases` in the place of the constants is one of a server that calls the message by an older name.
 */
export interface MessageType<Name extends string> {
  readonly name: Name;
  readonly constants: readonly Scalar[];
  readonly signs?: readonly Sign[];
  readonly aliases?: readonly (readonly Scalar[])[];
  /** How it goes over the wire if not as JSON: as it is, in a binary or a text frame. */
  readonly encoding?: "binary" | "text";
}

/**
 * The messages of one direction, proven disjoint when the document was read.
 *
 * A frame is the message whose constants stand at `paths`, or all of whose signs it shows. With neither there is at
 * most one message. If the set is `ambiguous`, nothing was proven: a frame is the first message whose signs it shows.
 * `forms` reads and writes what is not told by constants; it stands here, so that only those bundle it who need it.
 */
export interface MessageSet<Messages extends object> {
  readonly paths: readonly Path[];
  readonly types: readonly MessageType<keyof Messages & string>[];
  readonly ambiguous?: boolean;
  readonly forms?: Forms;
}

/** A set of messages, whatever they are. */
export type Messages = Pick<MessageSet<Record<string, object>>, "forms" | "paths" | "types">;

/** What reads and writes messages that have signs, older names, or an encoding of their own. */
export interface Forms {
  /** The message that a frame of bytes is, if there is one that is binary. */
  bytes(messages: Messages, frame: ArrayBuffer): Decoded | undefined;
  /** The message that a text is, or the JSON value that it stands for. */
  read(messages: Messages, frame: string, content: unknown): Decoded | undefined;
  /** The frame for a message that does not go as JSON. */
  write(messages: Messages, message: unknown): Frame | undefined;
}

/** A part of an address that varies, with the type that its text stands for; `default` is the text if nothing is said. */
export interface Parameter {
  readonly name: string;
  readonly type: "string" | "integer";
  readonly enum?: readonly string[];
  readonly default?: string;
}

/** A part of a server's URL that varies. One without a default must be given. */
export interface ServerVariable {
  readonly name: string;
  readonly default?: string;
  readonly enum?: readonly string[];
}

/** Where a service can be reached: `{name}` in the URL stands for a variable. */
export interface Server {
  readonly url: string;
  readonly variables: readonly ServerVariable[];
}

/** What the address of a channel is made from. */
export interface Addressed {
  readonly address: string;
  readonly parameters: readonly Parameter[];
}

/** What is put where the address has `{name}`. */
export type ParameterValues = Readonly<Record<string, string | number>>;

/** A place where the document lets a token stand. */
export interface Credential {
  readonly place: "query" | "cookie" | "header" | "bearer";
  readonly name?: string;
}

/** Why a connection may be closed, and whether to come back. */
export interface CloseCode {
  readonly reason: string;
  readonly reconnect: "yes" | "once" | "no";
}

/** Close codes by number: those of the document, and the usual ones that mean to come back. One that is missing ends the connection. */
export type CloseCodes = Readonly<Record<number, CloseCode>>;

/** A message that the runtime says by itself: its name, and what it is but for the clock. */
export interface Beat {
  readonly name: string;
  readonly content: Readonly<Record<string, unknown>>;
}

/**
 * Messages that show that the other side is there: who is `by` says `ping` every interval, and is answered with `pong`, or
 * with anything if there is none. `time` leads to the field of the ping that has the seconds since 1970, which the pong gives
 * back; they are whole where that is an integer.
 */
export interface Heartbeat {
  readonly by: "server" | "client";
  readonly ping: Beat;
  readonly pong?: Beat;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly time?: Path;
  readonly isWhole?: boolean;
}

/** What says the messages of a heartbeat. */
export interface Beats {
  /** The frame of a ping at a time, in milliseconds since 1970. */
  ping(heartbeat: Heartbeat | undefined, unixMs: number): string | undefined;
  /** The frame that answers a message, if that is a ping of the server that wants one. */
  pong(heartbeat: Heartbeat | undefined, heard: Heard): string | undefined;
}

/** What the server allows, as far as a client can keep to it. Sizes are bytes of UTF-8. */
export interface Limits {
  readonly messageBytes?: number;
}

/**
 * The message that carries an error, and where in it the code and the text stand: `content` is what it is but for those.
 *
 * `texts` are the words for a code in place of those of the refusal.
 */
export interface ErrorShape {
  readonly name: string;
  readonly content: Readonly<Record<string, unknown>>;
  readonly code: Path;
  readonly text: Path;
  readonly texts?: Readonly<Record<string, string>>;
}

/** Something that was said: the name and the content of a message. */
export interface Heard {
  readonly name: string;
  readonly message: unknown;
}

/** What a document says of requests and their answers. */
export interface Asked {
  readonly replies?: Readonly<Record<string, readonly string[]>>;
  readonly correlations?: Readonly<Record<string, Path>>;
  readonly error?: ErrorShape;
  readonly refusals?: Refusals;
}

/** What knows answers: what is none, and, on the legacy wire, what is one. */
export interface Answers {
  /** The error for who asked, if the document does not call this an answer. */
  wrong(channel: Asked, question: Heard, heard: Heard | undefined): Error | undefined;
  /** Whether the answer to `question` could be known as such. */
  isKnown(channel: Asked, question: Heard): boolean;
  /** Which of the questions, by their ids, `heard` answers or refuses; who is not sure has it heard by all. */
  find(channel: Asked, questions: ReadonlyMap<string, Heard>, heard: Heard): Answered | undefined;
}

/** What is known of an answer. */
export interface Answered {
  readonly id: string;
  readonly isSure: boolean;
  readonly refusal?: Refusal | undefined;
}

/** The classes for the codes that a service refuses with. */
export type Refusals = Readonly<Record<string, new (refusal: Refusal) => RefusedError>>;

/**
 * One address of a service, and everything that may be said there.
 *
 * `contract` is a hash of what the document says of the wire. `hasLines` is false where a message is plain text, so that
 * `wirepact.v1` can't be spoken.
 *
 * `replies` are the messages that a message may be answered with. `correlations` lead to what a message and its answer have in
 * common, where the document says that there is such a thing. `Replies` maps the names of messages to the types of their answers.
 */
export interface Channel<
  Incoming extends object,
  Outgoing extends object,
  Replies extends object = object,
> {
  readonly service: string;
  readonly name: string;
  readonly address: string;
  readonly parameters: readonly Parameter[];
  /** Stands beside `parameters`, so that only those bundle it who need it; the same goes for what is called like this below. */
  readonly addressOf?: (channel: Addressed, values: ParameterValues) => string;
  readonly withQuery?: (address: string, query: object) => string;
  readonly incoming: MessageSet<Incoming>;
  readonly outgoing: MessageSet<Outgoing>;
  readonly closeCodes: CloseCodes;
  readonly credentials: readonly Credential[];
  /** Where a token can stand in the handshake of every platform: in the query. */
  readonly withToken?: (
    address: string,
    token: string,
    credentials: readonly Credential[],
  ) => string;
  readonly contract?: string;
  readonly hasLines?: boolean;
  readonly limits?: Limits;
  readonly heartbeat?: Heartbeat;
  readonly beats?: Beats;
  readonly replies?: { readonly [Name in keyof Replies]: readonly (keyof Incoming & string)[] };
  readonly correlations?: Readonly<Record<string, Path>>;
  readonly answers?: Answers;
  readonly error?: ErrorShape;
  readonly errorMessage?: (channel: Asked, refusal: Refusal) => Heard | undefined;
  readonly refusals?: Refusals;
}
