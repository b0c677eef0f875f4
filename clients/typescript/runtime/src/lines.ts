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

/** A line that is a message: its text and its tag. The `offset` is 0 where it can't be recovered (V13, V17). */
export interface Tagged {
  readonly text: string;
  readonly id?: string | undefined;
  readonly offset: number;
  readonly audience: string;
}

const CONTROL = /^!([a-z_]{1,32})(?: (.*))?$/s;
const TAGGED = /^(?:#([\w-]{1,64})|@([1-9]\d{0,15})(?::([!-~]{1,512}))?) (.*)$/s;

/** What a line is. A tag or a control line that can't be read is a message, which nobody will know. */
export function readLine(line: string): Control | Tagged {
  const [, name, said] = CONTROL.exec(line) ?? [];
  const fields = name && parsed(said ?? "{}");
  if (name && isObject(fields)) return { name, fields };
  const [, id, offset, audience = "", text = line] = TAGGED.exec(line) ?? [];
  return { text, id, offset: Number(offset ?? 0), audience };
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
