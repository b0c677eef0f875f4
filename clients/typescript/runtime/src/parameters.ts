/** What varies in the address of a channel, its query and its token among it, and in that of a server. Who has nothing of that does not bundle it. */
import type { Addressed, Credential, Parameter, ParameterValues, Server } from "./channel.ts";
import { InvalidParameterError } from "./errors.ts";

/** The address with its parameters filled in, to the letter: a slash at the end stays, or stays away. */
export function addressOf(channel: Addressed, values: ParameterValues): string {
  return channel.parameters.reduce(
    (address, each) => address.replace(`{${each.name}}`, () => segment(each, values[each.name])),
    channel.address,
  );
}

/** The URL of a server with `values` for its variables, and their defaults for the others: what a client is made with. */
export function serverUrl(server: Server, values: object = {}): string {
  const given = new Map<string, unknown>(Object.entries(values));
  return server.variables.reduce((url, { name, default: usual, enum: allowed }) => {
    const value = given.get(name) ?? usual;
    if (typeof value !== "string") throw new InvalidParameterError(name, "is missing");
    expectOneOf(name, allowed, value);
    if (value !== usual && (value === "" || /[\s/?#@\\]/.test(value))) {
      throw new InvalidParameterError(name, `can't be "${value}"`);
    }
    return url.replaceAll(`{${name}}`, () => value);
  }, server.url);
}

/** `address` with the fields of `query` behind it: a list is a parameter for each element, what is absent is left out. */
export function withQuery(address: string, query: object): string {
  return Object.entries(query)
    .flatMap(([name, value]) => [value].flat(9).map((each: unknown) => [name, each] as const))
    .reduce((before, [name, value]) => {
      if (value === undefined || value === null) return before;
      if (typeof value === "object")
        throw new InvalidParameterError(name, "can't stand in a query");
      const pair = `${encodeURIComponent(name)}=${encodeURIComponent(value as string)}`;
      return before + (before.includes("?") ? "&" : "?") + pair;
    }, address);
}

/** `address` with a token in it, in the first place that every platform can fill: a parameter of the query. */
export function withToken(
  address: string,
  token: string,
  credentials: readonly Credential[],
): string {
  const name = credentials.find((each) => each.place === "query")?.name ?? "";
  return token ? withQuery(address, { [name]: token }) : address;
}

function segment(parameter: Parameter, value: string | number | undefined): string {
  const { name, type, enum: allowed, default: usual } = parameter;
  if (value !== undefined && type === "integer" && !Number.isSafeInteger(value)) {
    throw new InvalidParameterError(name, "must be an integer");
  }
  const text = value === undefined ? usual : String(value);
  if (text === undefined) throw new InvalidParameterError(name, "is missing");
  expectOneOf(name, allowed, text);
  // An empty segment is another address, and a URL swallows segments of one or two dots, encoded or not.
  if (/^\.{0,2}$/.test(text)) throw new InvalidParameterError(name, `can't be "${text}"`);
  return encodeURIComponent(text);
}

function expectOneOf(name: string, allowed: readonly string[] | undefined, text: string): void {
  if (allowed?.includes(text) === false) {
    throw new InvalidParameterError(name, `must be one of ${allowed.join(", ")}`);
  }
}
