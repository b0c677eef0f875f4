/** What JSON Schema says of values, where that is not what JavaScript says. */
import { isObject } from "../paths.ts";

/** Characters as people count them and JSON Schema does, not the halves that some of them have in JavaScript. */
export const lengthOf = (text: string): number => [...text].length;

/** Whether a value is of a type of JSON Schema. A whole number is an integer, however it is written. */
export function isOfKind(value: unknown, kind: string): boolean {
  switch (kind) {
    case "integer":
      return Number.isInteger(value);
    case "array":
      return Array.isArray(value);
    case "object":
      return isObject(value);
    case "null":
      return value === null;
    default:
      return typeof value === kind;
  }
}

/** A text that is the same for values that are the same to JSON Schema: the order of fields means nothing. */
export function identity(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(identity).join()}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const fields = Object.keys(value).sort();
  return `{${fields.map((name) => `${JSON.stringify(name)}:${identity(value[name])}`).join()}}`;
}

const expressions = new Map<string, RegExp>();

/** Whether a regular expression is found in a text. Those that are none where Unicode is meant are read as of old. */
export function matches(pattern: string, text: string): boolean {
  const found = expressions.get(pattern) ?? expressionOf(pattern);
  expressions.set(pattern, found);
  return found.test(text);
}

function expressionOf(pattern: string): RegExp {
  try {
    return new RegExp(pattern, "u");
  } catch {
    return new RegExp(pattern);
  }
}

/** Whether it is one as people count: 0.3 is a multiple of 0.1, though not as computers divide. */
export function isMultiple(value: number, step: number): boolean {
  const [one, ofOne] = decimal(value);
  const [other, ofOther] = decimal(step);
  const places = ofOne < ofOther ? ofOther : ofOne;
  return (one * 10n ** (places - ofOne)) % (other * 10n ** (places - ofOther)) === 0n;
}

/** A number as it is written: its digits, and how many of them are behind the point. */
function decimal(value: number): [digits: bigint, places: bigint] {
  const [digits = "", exponent = "0"] = String(value).split("e");
  const [whole = "", fraction = ""] = digits.split(".");
  const places = fraction.length - Number(exponent);
  const all = BigInt(whole + fraction);
  return places < 0 ? [all * 10n ** BigInt(-places), 0n] : [all, BigInt(places)];
}
