/**
 * The lines of `wirepact.v1`, taken apart and put together. `docs/wire.md` is the text; its clauses are named here.
 *
 * Nothing here knows what a message is, or what a control line means.
 */

import { isObject, parsed } from "./paths.ts";

/** What is offered in the handshake. */
export const SUBPROTOCOL = "wirepact.v1";

/** The fields of a control line, which may hold anything. */
export type Fields = Readonly<Record<string, unknown>>;

/** A line of the protocol's own (V5). */
export interface Control {
  readonly name: string;
  readonly fields: Fields;
}

const CONTROL = /^!([a-z_]+)(?: (.*))?$/s;
const TAGGED = /^(?:#([\w-]+)|@([1-9]\d{0,15})(?::([!-~]+))?) (.*)$/s;

/** The control line that a line is, if it can be read as one. */
export function controlIn(line: string): Control | undefined {
  const [, name, said = "{}"] = CONTROL.exec(line) ?? [];
  const fields = name && parsed(said);
  return name && isObject(fields) ? { name, fields } : undefined;
}

/**
 * A line that is a message: its text, and of its tag the id, or else the offset and the audience (V13, V17). A tag that can't be read
 * is part of a message, which nobody will know.
 */
export function messageIn(
  line: string,
): readonly [text: string, id: string | undefined, offset: number, audience: string] {
  const [, id, offset = 0, audience = "", text = line] = TAGGED.exec(line) ?? [];
  return [text, id, Number(offset), audience];
}

/** A control line. A field that is `undefined` is left out. */
export function controlLine(name: string, fields: Fields): string {
  return `!${name} ${JSON.stringify(fields)}`;
}

/** The seconds in a field as milliseconds; 0 if it holds none. */
export function msIn(seconds: unknown): number {
  return typeof seconds === "number" && seconds > 0 ? seconds * 1000 : 0;
}

/** The text in a field; an empty one if it holds none. */
export function textIn(value: unknown): string {
  return typeof value === "string" ? value : "";
}
