import type { Kind, Sign } from "./channel.ts";
import { at } from "./paths.ts";

/** Whether a parsed frame shows all of *signs*: how messages are told apart where constants are not enough. */
export function shows(value: unknown, signs: readonly Sign[]): boolean {
  return signs.every((sign) => showsOne(placeIn(value, sign.path), sign));
}

function showsOne(value: unknown, sign: Sign): boolean {
  return sign.kinds.includes(kindOf(value)) || (sign.values ?? []).some((each) => each === value);
}

/** What stands at the end of *path*; `undefined`, which JSON does not have, if it leads nowhere. */
function placeIn(value: unknown, path: Sign["path"]): unknown {
  let here = value;
  for (const step of path) {
    if (typeof step === "number")
      here = Array.isArray(here) ? (here as unknown[])[step] : undefined;
    else here = at(here, [step]);
  }
  return here;
}

function kindOf(value: unknown): Kind {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  switch (typeof value) {
    case "boolean":
    case "number":
    case "object":
    case "string":
      return typeof value as Kind;
    default:
      return "absent";
  }
}
