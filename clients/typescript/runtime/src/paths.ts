import type { Path } from "./channel.ts";

/** Whether a value is an object of JSON: no list, no `null`. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value that a text stands for in JSON; `undefined`, which JSON does not have, if it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What stands under a name, if it is not there by inheritance only: names come from documents and from servers. */
export function own<Value>(
  record: Readonly<Record<string, Value>> | undefined,
  name: string,
): Value | undefined {
  return record && Object.hasOwn(record, name) ? record[name] : undefined;
}

/** What stands where `path` leads to in a message; `undefined` if it leads nowhere. */
export function at(message: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (here, name) => (isObject(here) ? own(here, name) : undefined),
    message,
  );
}

/** `content` with a value where `path` leads to. What it was made of stays as it was. */
export function filled(content: object, [name, ...rest]: Path, value: unknown): object {
  if (name === undefined) return content;
  const inside = (content as Record<string, unknown>)[name] ?? {};
  return { ...content, [name]: rest.length === 0 ? value : filled(inside, rest, value) };
}
