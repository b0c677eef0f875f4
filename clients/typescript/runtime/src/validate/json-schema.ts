/**
 * JSON Schema, as far as emitted schemas use it: what of a value is not as its schema says.
 *
 * The keywords are those that the generator holds up everywhere; it refuses documents with others. The same keywords are
 * looked at in Python (`wirepact.constraints`), and a test has both judge the same values.
 */
import { isObject, own } from "../paths.ts";
import { FORMATS } from "./formats.ts";
import type { Issue, Result, StandardSchema } from "./standard.ts";
import { identity, isMultiple, isOfKind, lengthOf, matches } from "./values.ts";

/** A JSON Schema of the draft 2020-12, whose references read `#/$defs/<name>`. */
export type JsonSchema = boolean | { readonly [keyword: string]: unknown };

/** What references mean, by name. */
export type Definitions = Readonly<Record<string, JsonSchema>>;

type Path = readonly (string | number)[];

/** A value beside the schema that it is held against, which is an object with `rules`. */
interface Look {
  readonly rules: Readonly<Record<string, unknown>>;
  readonly value: unknown;
  readonly path: Path;
  readonly definitions: Definitions;
}

type Check<Rule, Value> = (rule: Rule, value: Value, look: Look) => Iterable<Issue>;

/** What a keyword says of a value, whatever both are: the generator writes no rules that are of no use. */
type Keyword = Check<unknown, unknown>;

/** How many issues are told of one value: who made a mistake in a long list made it everywhere. */
const MOST_ISSUES = 10;

/** One of some JSON Schemas as a Standard Schema. A value that fits is handed on as it is. */
export function schemaOf<Output>(definitions: Definitions, name: string): StandardSchema<Output> {
  const validate = (value: unknown): Result<Output> => {
    const issues: Issue[] = [];
    for (const issue of faults(own(definitions, name), { value, path: [], definitions })) {
      if (issues.push(issue) === MOST_ISSUES) break;
    }
    return issues.length > 0 ? { issues } : { value: value as Output };
  };
  return { "~standard": { version: 1, vendor: "wirepact", validate } };
}

/** What is wrong with a value, a keyword at a time, and only as far as it is asked for. */
function* faults(schema: unknown, look: Omit<Look, "rules">): Generator<Issue, undefined> {
  if (schema === false) yield { message: "must not be there", path: look.path };
  if (!isObject(schema)) return;
  for (const keyword in schema) {
    const check = own(CHECKS, keyword);
    if (check) yield* check(schema[keyword], look.value, { ...look, rules: schema });
  }
}

function fits(schema: unknown, look: Omit<Look, "rules">): boolean {
  return faults(schema, look).next().done === true;
}

/** The same for something inside of the value, or for the whole under another schema. */
function inside(look: Look, key: string | number, schema: unknown): Generator<Issue, undefined> {
  const value = (look.value as Record<string | number, unknown>)[key];
  return faults(schema, { ...look, value, path: [...look.path, key] });
}

function* wrong(isWrong: boolean, { path }: Look, message: string): Generator<Issue, undefined> {
  if (isWrong) yield { message, path };
}

/** A keyword that says something about values of one kind, and nothing about all others. */
function about<Kind>(isMeant: (value: unknown) => value is Kind) {
  return <Rule>(check: Check<Rule, Kind>): Keyword =>
    (rule, value, look) =>
      isMeant(value) ? check(rule as Rule, value, look) : [];
}

const isText = (value: unknown): value is string => typeof value === "string";
const isNumber = (value: unknown): value is number => typeof value === "number";

const ofObjects = about(isObject);
const ofLists = about<readonly unknown[]>(Array.isArray);
const ofTexts = about(isText);
const ofNumbers = about(isNumber);
const ofAll = about((_value): _value is unknown => true);

/** A bound, by what is measured and how it is said. */
function bound<Value>(
  measure: (value: Value) => number,
  holds: (measured: number, bound: number) => boolean,
  words: (bound: number) => string,
): Check<number, Value> {
  return (rule, value, look) => wrong(!holds(measure(value), rule), look, words(rule));
}

const atLeast = (one: number, other: number): boolean => one >= other;
const atMost = (one: number, other: number): boolean => one <= other;
const itself = (value: number): number => value;
const sizeOf = (value: object): number => Object.keys(value).length;

const CHECKS: Readonly<Record<string, Keyword>> = {
  $ref: ofAll((rule: string, _, look) =>
    faults(own(look.definitions, rule.replace("#/$defs/", "")), look),
  ),
  type: ofAll((rule: string | readonly string[], value, look) => {
    const kinds = typeof rule === "string" ? [rule] : rule;
    const isMeant = kinds.some((kind) => isOfKind(value, kind));
    return wrong(!isMeant, look, `must be of type ${kinds.join(" or ")}`);
  }),
  const: ofAll((rule, value, look) =>
    wrong(identity(value) !== identity(rule), look, `must be ${JSON.stringify(rule)}`),
  ),
  enum: ofAll((rule: readonly unknown[], value, look) => {
    const isListed = rule.map(identity).includes(identity(value));
    const listed = rule.map((each) => JSON.stringify(each)).join(", ");
    return wrong(!isListed, look, `must be one of ${listed}`);
  }),

  allOf: ofAll(function* (rule: readonly unknown[], _, look) {
    for (const each of rule) yield* faults(each, look);
  }),
  anyOf: ofAll((rule: readonly unknown[], _, look) => {
    const isAny = rule.some((each) => fits(each, look));
    return wrong(!isAny, look, `must be one of ${rule.length} alternatives`);
  }),
  oneOf: ofAll((rule: readonly unknown[], _, look) => {
    const count = rule.filter((each) => fits(each, look)).length;
    return wrong(count !== 1, look, `must be exactly one of ${rule.length} alternatives`);
  }),
  not: ofAll((rule, _, look) => wrong(fits(rule, look), look, "must not be what it is")),
  if: ofAll((rule, _, look) => faults(look.rules[fits(rule, look) ? "then" : "else"], look)),

  required: ofObjects(function* (rule: readonly string[], value, look) {
    for (const name of rule) {
      const path = [...look.path, name];
      yield* wrong(!Object.hasOwn(value, name), { ...look, path }, "is missing");
    }
  }),
  properties: ofObjects(function* (rule: object, value, look) {
    for (const [name, schema] of Object.entries(rule)) {
      if (Object.hasOwn(value, name)) yield* inside(look, name, schema);
    }
  }),
  patternProperties: ofObjects(function* (rule: object, value, look) {
    for (const [pattern, schema] of Object.entries(rule)) {
      for (const name in value) if (matches(pattern, name)) yield* inside(look, name, schema);
    }
  }),
  additionalProperties: ofObjects(function* (rule, value, look) {
    const { properties = {}, patternProperties = {} } = look.rules;
    const patterns = Object.keys(patternProperties as object);
    for (const name in value) {
      const isNamed = Object.hasOwn(properties as object, name);
      if (isNamed || patterns.some((each) => matches(each, name))) continue;
      yield* inside(look, name, rule);
    }
  }),
  propertyNames: ofObjects(function* (rule, value, look) {
    for (const name in value) {
      yield* wrong(!fits(rule, { ...look, value: name }), look, `must not have a field ${name}`);
    }
  }),
  dependentRequired: ofObjects(function* (rule: object, value, look) {
    for (const [name, needed] of Object.entries(rule)) {
      if (!Object.hasOwn(value, name)) continue;
      for (const each of needed as readonly string[]) {
        yield* wrong(!Object.hasOwn(value, each), look, `needs ${each} beside ${name}`);
      }
    }
  }),
  dependentSchemas: ofObjects(function* (rule: object, value, look) {
    for (const [name, schema] of Object.entries(rule)) {
      if (Object.hasOwn(value, name)) yield* faults(schema, look);
    }
  }),
  minProperties: ofObjects(bound(sizeOf, atLeast, (size) => `must have at least ${size} fields`)),
  maxProperties: ofObjects(bound(sizeOf, atMost, (size) => `must have at most ${size} fields`)),

  prefixItems: ofLists(function* (rule: readonly unknown[], value, look) {
    for (const index of value.slice(0, rule.length).keys()) yield* inside(look, index, rule[index]);
  }),
  items: ofLists(function* (rule, value, look) {
    const { prefixItems = [] } = look.rules;
    const first = (prefixItems as readonly unknown[]).length;
    for (let index = first; index < value.length; index += 1) yield* inside(look, index, rule);
  }),
  contains: ofLists((rule, list, look) => {
    const { minContains = 1, maxContains = Infinity } = look.rules;
    const count = list.filter((value) => fits(rule, { ...look, value })).length;
    const isEnough = count >= (minContains as number) && count <= (maxContains as number);
    return wrong(!isEnough, look, "does not contain what it must, or too much of it");
  }),
  uniqueItems: ofLists((rule: boolean, value, look) => {
    const isUnique = !rule || new Set(value.map(identity)).size === value.length;
    return wrong(!isUnique, look, "must not have the same item twice");
  }),
  minItems: ofLists(bound(sizeOf, atLeast, (size) => `must have at least ${size} items`)),
  maxItems: ofLists(bound(sizeOf, atMost, (size) => `must have at most ${size} items`)),

  minLength: ofTexts(bound(lengthOf, atLeast, (size) => `must have at least ${size} characters`)),
  maxLength: ofTexts(bound(lengthOf, atMost, (size) => `must have at most ${size} characters`)),
  pattern: ofTexts((rule: string, value, look) =>
    wrong(!matches(rule, value), look, `must match ${rule}`),
  ),
  format: ofTexts((rule: string, value, look) => {
    const isFormat = own(FORMATS, rule);
    return wrong(isFormat !== undefined && !isFormat(value), look, `must be a ${rule}`);
  }),

  minimum: ofNumbers(bound(itself, atLeast, (value) => `must be at least ${value}`)),
  maximum: ofNumbers(bound(itself, atMost, (value) => `must be at most ${value}`)),
  exclusiveMinimum: ofNumbers(
    bound(
      itself,
      (one, other) => one > other,
      (value) => `must be more than ${value}`,
    ),
  ),
  exclusiveMaximum: ofNumbers(
    bound(
      itself,
      (one, other) => one < other,
      (value) => `must be less than ${value}`,
    ),
  ),
  multipleOf: ofNumbers((rule: number, value, look) =>
    wrong(!isMultiple(value, rule), look, `must be a multiple of ${rule}`),
  ),
};
