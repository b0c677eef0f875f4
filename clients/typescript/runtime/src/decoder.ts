import type { Messages } from "./channel.ts";
import { at, isObject, parsed } from "./paths.ts";

/**
 * A frame that fits no message of the document: the server is newer than this code.
 *
 * It is a member of every union of messages that is read, and does not disturb narrowing by `type`. `name` is the
 * value of the field that tells messages apart, where it is a text; `raw` the frame as it came.
 */
export interface Unknown {
  readonly type: "$unknown";
  readonly name: string | undefined;
  readonly raw: string;
  /** What is wrong with its content, if it is a message that this code knows, and that was looked at (`validate`). */
  readonly problem?: string;
}

/**
 * What a frame turned out to be: the name of a message with its content, or `$unknown`.
 *
 * The content is of the type that the document gives the message, which need not be an object.
 */
export interface Decoded {
  readonly name: string;
  readonly message: object;
}

/** Whether a message that was read is one that this code does not know. */
export function isUnknown(message: unknown): message is Unknown {
  return isObject(message) && message["type"] === "$unknown" && "raw" in message;
}

/** Never throws. The content of a known message is trusted to fit its type; no schema is checked here. */
export type Decode = (frame: string | ArrayBuffer) => Decoded;

/** Tells the messages of one direction apart by the constants that the document gives them, or else as its `forms` do. */
export function decoder(messages: Messages): Decode {
  const { forms, paths, types } = messages;
  const told = types.filter(({ encoding, signs }) => !encoding && !signs);
  const names = new Map(told.map((each) => [JSON.stringify(each.constants), each.name]));
  const decode: Decode = (frame) => {
    if (typeof frame !== "string") {
      return forms?.bytes(messages, frame) ?? decode(new TextDecoder().decode(frame));
    }
    const content = parsed(frame);
    const values = paths.map((path) => at(content, path));
    const name = values.includes(undefined) ? "" : names.get(JSON.stringify(values));
    if (name && isObject(content)) return { name, message: content };
    const text = values.find((value) => typeof value === "string");
    const unknown: Unknown = { type: "$unknown", name: text, raw: frame };
    return forms?.read(messages, frame, content) ?? { name: unknown.type, message: unknown };
  };
  return decode;
}
