import type { Path } from "./channel.ts";

/** What stands where `path` leads to in a message; `undefined` if it leads nowhere. */
export function at(message: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (here, name) => (here as Record<string, unknown> | null | undefined)?.[name],
    message,
  );
}

/** `content` with a value where `path` leads to. What it was made of stays as it was. */
export function filled(content: object, [name, ...rest]: Path, value: unknown): object {
  if (name === undefined) return content;
  const inside = (content as Record<string, unknown>)[name] ?? {};
  return { ...content, [name]: rest.length === 0 ? value : filled(inside, rest, value) };
}
