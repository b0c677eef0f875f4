import type {
  Channel,
  Credential,
  Parameter,
  ParameterValues,
  Server,
  ServerVariable,
} from "./channel.ts";
import { InvalidParameterError } from "./errors.ts";

/** What the address of a channel is made from. */
export type Addressed = Pick<Channel<object, object>, "address" | "parameters">;

/** The address with its parameters filled in, to the letter: a slash at the end stays, or stays away. */
export function addressOf(channel: Addressed, values: ParameterValues): string {
  return channel.parameters.reduce(
    (address, each) => address.replace(`{${each.name}}`, () => segment(each, values[each.name])),
    channel.address,
  );
}

/** `url` as the start of WebSocket addresses: `http` becomes `ws`, a slash at the end goes. */
export function webSocketBase(url: string | URL): string {
  const { protocol, host, pathname, search, hash } = new URL(url);
  if (!/^(ws|http)s?:$/.test(protocol) || search || hash) {
    throw new TypeError(
      `url must be ws:, wss:, http: or https:, without query or fragment; it starts with ${protocol}`,
    );
  }
  return `${protocol.replace("http", "ws")}//${host}${pathname.replace(/\/$/, "")}`;
}

/** The URL of a server with `values` for its variables, and their defaults for the others: what a client is made with. */
export function serverUrl(server: Server, values: object = {}): string {
  const given = new Map<string, unknown>(Object.entries(values));
  return server.variables.reduce(
    (url, each) => url.replaceAll(`{${each.name}}`, () => part(each, given.get(each.name))),
    server.url,
  );
}

/** `address` with the fields of `query` behind it: a list is a parameter for each element, what is absent is left out. */
export function withQuery(address: string, query: object): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    texts(name, value).map((text) => `${encodeURIComponent(name)}=${encodeURIComponent(text)}`),
  );
  return pairs.reduce(joined, address);
}

/** `address` with a token in the first place of `credentials` that every platform can fill: the query. */
export function withToken(
  address: string,
  token: string,
  credentials: readonly Credential[],
): string {
  const name = queryName(credentials);
  return token === "" || name === undefined ? address : withQuery(address, { [name]: token });
}

/** Whether the document lets a token stand in the handshake where any platform can put it. */
export function takesToken(credentials: readonly Credential[]): boolean {
  return queryName(credentials) !== undefined;
}

function joined(address: string, pair: string): string {
  return `${address}${address.includes("?") ? "&" : "?"}${pair}`;
}

function texts(name: string, value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((each: unknown) => texts(name, each));
  switch (typeof value) {
    case "string":
      return [value];
    case "boolean":
    case "number":
      return [String(value)];
    default:
      throw new InvalidParameterError(name, "can't stand in a query");
  }
}

function queryName(credentials: readonly Credential[]): string | undefined {
  return credentials.find((each) => each.place === "query")?.name;
}

function part(variable: ServerVariable, given: unknown): string {
  const value = given ?? variable.default;
  if (typeof value !== "string") throw new InvalidParameterError(variable.name, "is missing");
  expectOneOf(variable, value);
  if (value !== variable.default && (value === "" || /[\s/?#@\\]/.test(value))) {
    throw new InvalidParameterError(variable.name, `can't be "${value}"`);
  }
  return value;
}

function segment(parameter: Parameter, value: string | number | undefined): string {
  if (value === undefined && parameter.default !== undefined)
    return text(parameter, parameter.default);
  if (value === undefined) throw new InvalidParameterError(parameter.name, "is missing");
  return parameter.type === "integer" ? integer(parameter, value) : text(parameter, String(value));
}

function integer({ name }: Parameter, value: string | number): string {
  if (!Number.isSafeInteger(value)) throw new InvalidParameterError(name, "must be an integer");
  return String(value);
}

function expectOneOf({ name, enum: allowed }: Parameter | ServerVariable, value: string): void {
  if (allowed?.includes(value) === false) {
    throw new InvalidParameterError(name, `must be one of ${allowed.join(", ")}`);
  }
}

function text(parameter: Parameter, value: string): string {
  const { name } = parameter;
  expectOneOf(parameter, value);
  // An empty segment is another address, and a URL swallows segments of one or two dots, encoded or not.
  if (value === "" || value === "." || value === "..") {
    throw new InvalidParameterError(name, `can't be "${value}"`);
  }
  return encodeURIComponent(value);
}
