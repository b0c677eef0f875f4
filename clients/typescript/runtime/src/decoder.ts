import type { MessageSet, MessageType, Path, Scalar } from "./channel.ts";
import { at, filled, isObject } from "./paths.ts";

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

/** Tells the messages of one direction apart by the constants that the document gives them, or else by their signs. */
export class Decoder<Messages extends object> {
  readonly #paths: readonly Path[];
  readonly #names: ReadonlyMap<string, string>;
  readonly #aliases: ReadonlyMap<string, MessageType<string>>;
  readonly #signed: readonly MessageType<string>[];
  readonly #shows: MessageSet<Messages>["shows"];
  readonly #binary: string | undefined;
  readonly #text: string | undefined;

  constructor(messages: MessageSet<Messages>) {
    this.#paths = messages.paths;
    const types: readonly MessageType<string>[] = messages.types;
    const json = types.filter((each) => each.encoding === undefined);
    this.#signed = json.some((each) => each.signs) ? json : [];
    this.#shows = messages.shows;
    this.#names = new Map(json.map((each) => [keyOf(each.constants), each.name]));
    this.#aliases = new Map(
      json.flatMap((each) => (each.aliases ?? []).map((alias) => [keyOf(alias), each] as const)),
    );
    this.#binary = types.find((each) => each.encoding === "binary")?.name;
    this.#text = types.find((each) => each.encoding === "text")?.name;
  }

  /** Never throws. The content of a known message is trusted to fit its type; no schema is checked here. */
  decode(frame: string | ArrayBuffer): Decoded {
    if (typeof frame === "string") return this.#ofText(frame);
    return this.#binary === undefined
      ? this.#ofText(new TextDecoder().decode(frame))
      : { name: this.#binary, message: new Uint8Array(frame) };
  }

  #ofText(raw: string): Decoded {
    const decoded = this.#json(raw);
    // The type of a text is `string`, which is no object to TypeScript, and yet what listeners get.
    return decoded.name === "$unknown" && this.#text !== undefined
      ? { name: this.#text, message: raw as unknown as object }
      : decoded;
  }

  #json(raw: string): Decoded {
    const content = parsed(raw);
    if (this.#signed.length > 0) return this.#bySigns(content, raw);
    if (!isObject(content)) return unknown(undefined, raw);
    const values = this.#paths.map((path) => at(content, path));
    if (!values.every(isScalar)) return unknown(firstText(values), raw);
    const key = keyOf(values);
    const name = this.#names.get(key);
    return name === undefined ? this.#byAlias(content, key, raw) : { name, message: content };
  }

  /** A message under an older name, which it gives up here: listeners see the name that its type has. */
  #byAlias(content: Record<string, unknown>, key: string, raw: string): Decoded {
    const found = this.#aliases.get(key);
    if (found === undefined) {
      return unknown(firstText(this.#paths.map((path) => at(content, path))), raw);
    }
    const message = this.#paths.reduce<object>(
      (filling, path, index) => filled(filling, path, found.constants[index]),
      content,
    );
    return { name: found.name, message };
  }

  #bySigns(content: unknown, raw: string): Decoded {
    const found = this.#signed.find((each) => this.#shows?.(content, each.signs ?? []));
    // Listeners get it as the type that the document says, whatever kind of value that is.
    return found && content !== undefined
      ? { name: found.name, message: content as object }
      : unknown(undefined, raw);
  }
}

function unknown(name: string | undefined, raw: string): Decoded {
  return { name: "$unknown", message: { type: "$unknown", name, raw } satisfies Unknown };
}

function parsed(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}

function isScalar(value: unknown): value is Scalar {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

function keyOf(constants: readonly Scalar[]): string {
  return JSON.stringify(constants);
}

function firstText(values: readonly unknown[]): string | undefined {
  return values.find((value) => typeof value === "string");
}
