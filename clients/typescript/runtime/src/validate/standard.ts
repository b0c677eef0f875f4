/**
 * Standard Schema, version 1, as far as it is used here: https://standardschema.dev.
 *
 * Whatever has it can say what a message must be: the schemas that are emitted, and those of zod, valibot, ArkType and others.
 */

/** Where in a value something is: its keys and indexes, some libraries wrap them. */
export type IssuePath = readonly (PropertyKey | { readonly key: PropertyKey })[];

/** Something that is wrong with a value. */
export interface Issue {
  readonly message: string;
  readonly path?: IssuePath | undefined;
}

/** What looking at a value comes to. */
export type Result<Output> =
  { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly Issue[] };

/** Something that can tell whether a value is an `Output`. */
export interface StandardSchema<Output> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => Result<Output> | Promise<Result<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

/** An issue as a sentence: `alert.priority must be at most 5`. */
export function sentence({ message, path = [] }: Issue): string {
  const keys = path.map((each) => String(typeof each === "object" ? each.key : each));
  return keys.length === 0 ? message : `${keys.join(".")} ${message}`;
}
