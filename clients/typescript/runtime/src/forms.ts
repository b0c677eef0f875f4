/**
 * The forms of messages that are not told by their constants alone: by signs, under an older name, as plain text, as bytes. Channels
 * that have such messages bring it along.
 */
import type { Forms, Messages, Scalar } from "./channel.ts";
import type { Decoded } from "./decoder.ts";
import { at, filled, isObject } from "./paths.ts";
import { shows } from "./signs.ts";

export const forms: Forms = {
  bytes(messages, frame) {
    const name = named(messages, "binary");
    return name === undefined ? undefined : { name, message: new Uint8Array(frame) };
  },
  read(messages, frame, content) {
    const found = bySigns(messages, content) ?? byAlias(messages, content);
    const name = named(messages, "text");
    if (found || name === undefined) return found;
    // The type of a text is `string`, which is no object to TypeScript, and yet what listeners get.
    return { name, message: frame as unknown as object };
  },
  write(messages, message) {
    if (message instanceof ArrayBuffer) return message;
    if (message instanceof Uint8Array) return new Uint8Array(message).buffer;
    const isText = typeof message === "string" && named(messages, "text") !== undefined;
    return isText ? message : undefined;
  },
};

function named(messages: Messages, encoding: string): string | undefined {
  return messages.types.find((each) => each.encoding === encoding)?.name;
}

function bySigns(messages: Messages, content: unknown): Decoded | undefined {
  if (content === undefined) return undefined;
  const found = messages.types.find(({ signs }) => signs && shows(content, signs));
  // Listeners get it as the type that the document says, whatever kind of value that is.
  return found && { name: found.name, message: content as object };
}

/** A message gives up an older name here: listeners see the name that its type has. */
function byAlias({ paths, types }: Messages, content: unknown): Decoded | undefined {
  if (!isObject(content)) return undefined;
  const values = paths.map((path) => at(content, path));
  const isAlias = (alias: readonly Scalar[]): boolean =>
    alias.every((constant, index) => constant === values[index]);
  const found = types.find(({ aliases }) => aliases?.some(isAlias));
  const renamed = (filling: object, path: readonly string[], index: number): object =>
    filled(filling, path, found?.constants[index]);
  return found && { name: found.name, message: paths.reduce(renamed, content) };
}
