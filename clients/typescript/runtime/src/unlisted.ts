/**
 * Values that a document does not list, in what is heard: the server is newer than this code. Types only.
 *
 * A text (or a number) that is none of those listed has to have a type that equals none of them, or else `===` and
 * `switch` would narrow nothing. `string` and `string & {}` equal all of them. A text that begins with U+0000 equals
 * none, and can be used as any text; that it begins so is what the compiler believes, and nothing of a real value.
 */
declare const unlisted: unique symbol;

interface Brand {
  readonly [unlisted]: true;
}

/** A text, or a number, in the place of those that the document lists, and none of them. Nothing else is of this type. */
export type Unlisted<Kind extends string | number = string> = (Kind extends string
  ? `\u0000${string}`
  : 0 | 5e-324) &
  Brand;

/** An object in the place of those that the document lists, with another constant at `Name` than theirs. */
export type UnlistedVariant<Name extends string, Kind extends string | number = string> = {
  readonly [Key in Name]: Unlisted<Kind>;
} & Brand;

/** The values of a type that the document lists, here and in all that is inside: what may be sent. */
export type Known<Value> = Value extends Brand
  ? never
  : Value extends object
    ? Value extends Uint8Array | Blob | ((...values: never) => unknown)
      ? Value
      : { [Key in keyof Value]: Known<Value[Key]> }
    : Value;
