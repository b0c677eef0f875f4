/** Looks at what is heard and said with the schemas of a service, and does with what does not fit as it is told. */
import type { Heard, MessageSet } from "../channel.ts";
import { type Decoded, decoder, type Unknown } from "../decoder.ts";
import { WirepactError } from "../errors.ts";
import type { Validation } from "../options.ts";
import { own } from "../paths.ts";
import type { Frame } from "../socket.ts";
import type { Known } from "../unlisted.ts";
import { type Issue, type Result, sentence, type StandardSchema } from "./standard.ts";

/** What a message must be: of the values that the document lists. */
export type MessageSchema<Message> = StandardSchema<Known<Message>>;

/** What the messages of one direction must be, by name. A message that is missing here may be anything. */
export type Schemas<Messages extends object> = {
  readonly [Name in keyof Messages]?: StandardSchema<Messages[Name]>;
};

/** The same for both directions of a channel, seen from the client. */
export interface ChannelSchemas<Incoming extends object, Outgoing extends object> {
  readonly incoming: Schemas<Incoming>;
  readonly outgoing: Schemas<Outgoing>;
}

/** The channels of a service by name: what emitted modules export as `channels`. */
type Channels = Readonly<Record<string, ChannelSchemas<object, object>>>;

/** Schemas to take in the place of the service's, as far as there are any. */
export type Instead<Service> = {
  readonly [Channel in keyof Service]?: {
    readonly [Direction in keyof Service[Channel]]?: Service[Channel][Direction];
  };
};

/** A message that is not what the document says. */
export interface Invalid {
  readonly direction: "incoming" | "outgoing";
  readonly channel: string;
  readonly name: string;
  readonly message: unknown;
  readonly issues: readonly Issue[];
}

/** What is done with a message that does not fit, instead of a warning. */
export type Report = (invalid: Invalid) => void;

/** How to look at messages. */
export interface ValidatingOptions<Service> {
  /**
   * What is done with what the server says, if it does not fit: `warn`, once for each message of a channel, and hand it on; hand it
   * on as an `unknown` one, with the `problem`; or call a function, and hand it on. `ignore` looks at nothing. To `warn` is the default.
   */
  readonly incoming?: "warn" | "unknown" | "ignore" | Report;
  /** The same with what is to be sent; `throw` an `InvalidMessageError` instead of sending it. To `warn` is the default. */
  readonly outgoing?: "warn" | "throw" | "ignore" | Report;
  /** Schemas of your own for some of the messages: any Standard Schema whose output is of the message's type. */
  readonly instead?: Instead<Service>;
}

/** A message is not what the document says, and was not sent. */
export class InvalidMessageError extends WirepactError {
  readonly invalid: Invalid;

  constructor(invalid: Invalid) {
    super(`${invalid.name} is not what the document says: ${problemOf(invalid)}; nothing was sent`);
    this.invalid = invalid;
  }
}

/**
 * Has a client look at its messages: `new SpcClient({ url, validate: validating(channels) })`.
 *
 * What fits is handed on as its schema gives it, which matters for schemas that change what they read; what is sent stays as it is.
 * The messages of a heartbeat are told of like others, and never kept from the connection.
 */
export function validating<Service extends Record<keyof Service, ChannelSchemas<object, object>>>(
  service: Service,
  options: ValidatingOptions<Service> = {},
): Validation {
  const { incoming = "warn", outgoing = "warn" } = options;
  const warn = warning();
  const channels: Channels = service;
  const instead: Instead<Channels> = options.instead ?? {};

  function look(direction: Invalid["direction"], channel: string, heard: Heard): Looked {
    const { name, message } = heard;
    const schemas = {
      ...own(channels, channel)?.[direction],
      ...own(instead, channel)?.[direction],
    };
    const schema = own(schemas as Readonly<Record<string, StandardSchema<unknown>>>, name);
    const result = schema ? resultOf(schema, message) : { value: message };
    if (!result.issues) return { heard: { name, message: result.value } };
    return { heard, invalid: { direction, channel, name, message, issues: result.issues } };
  }

  return (channel) => {
    const beats = [channel.heartbeat?.ping.name, channel.heartbeat?.pong?.name];

    function heard(decoded: Heard, raw: Frame): Heard {
      const { heard, invalid } = look("incoming", channel.name, decoded);
      if (!invalid) return heard;
      if (incoming === "unknown") return beats.includes(heard.name) ? heard : unknown(invalid, raw);
      report(invalid, typeof incoming === "function" ? incoming : warn);
      return heard;
    }

    function said(decoded: Heard): void {
      const { invalid } = look("outgoing", channel.name, decoded);
      if (invalid && outgoing === "throw") throw new InvalidMessageError(invalid);
      if (invalid) report(invalid, typeof outgoing === "function" ? outgoing : warn);
    }

    return {
      ...channel,
      incoming: incoming === "ignore" ? channel.incoming : listening(channel.incoming, heard),
      outgoing: outgoing === "ignore" ? channel.outgoing : speaking(channel.outgoing, said),
    };
  };
}

/** What looking at a message came to: what to hand on, and what is wrong with it, if anything is. */
interface Looked {
  readonly heard: Heard;
  readonly invalid?: Invalid;
}

/** Messages that are told apart as before, and then given to `look`. There are no constants, so that all is read by its `forms`. */
function listening<Messages extends object>(
  messages: MessageSet<Messages>,
  look: (heard: Heard, raw: Frame) => Heard,
): MessageSet<Messages> {
  const decode = decoder(messages);
  const read = (_: unknown, frame: Frame): Decoded => look(decode(frame), frame) as Decoded;
  return { paths: [], types: [], forms: { bytes: read, read, write: () => undefined } };
}

/** Messages that are given to `look` before they are written. */
function speaking<Messages extends object>(
  messages: MessageSet<Messages>,
  look: (said: Heard) => void,
): MessageSet<Messages> {
  const { forms } = messages;
  const decode = decoder(messages);
  return {
    ...messages,
    forms: {
      bytes: (set, frame) => forms?.bytes(set, frame),
      read: (set, frame, content) => forms?.read(set, frame, content),
      write(set, message) {
        const frame = forms?.write(set, message) ?? JSON.stringify(message);
        look(decode(frame));
        return frame;
      },
    },
  };
}

/** What a schema says, whatever it does: a connection goes on with a schema that throws. */
function resultOf(schema: StandardSchema<unknown>, message: unknown): Result<unknown> {
  try {
    const result = schema["~standard"].validate(message);
    if (!(result instanceof Promise)) return result;
    result.catch(() => {});
    return { issues: [{ message: "has a schema that takes its time, and messages can't wait" }] };
  } catch (error) {
    return { issues: [{ message: `has a schema that throws: ${String(error)}` }] };
  }
}

function unknown(invalid: Invalid, frame: Frame): Heard {
  const raw = typeof frame === "string" ? frame : new TextDecoder().decode(frame);
  const { name } = invalid;
  const message: Unknown = { type: "$unknown", name, raw, problem: problemOf(invalid) };
  return { name: "$unknown", message };
}

/** Reports from a function of the program's own, which does no harm to the connection by what it throws. */
function report(invalid: Invalid, to: Report): void {
  try {
    to(invalid);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

/** Writes to the console, once for each message of a channel. */
function warning(): Report {
  const warned = new Set<string>();
  return (invalid) => {
    const { direction, channel, name } = invalid;
    const key = `${direction} ${channel} ${name}`;
    if (warned.has(key)) return;
    warned.add(key);
    const whose = direction === "incoming" ? "the server says" : "this program says";
    console.warn(
      `${whose} ${name} at ${channel} otherwise than the document: ${problemOf(invalid)} (told once)`,
    );
  };
}

function problemOf({ issues }: Invalid): string {
  return issues.map(sentence).join(", ");
}
