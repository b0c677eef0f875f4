import { expect, test } from "vitest";

import { webSocketBase } from "../src/address.ts";
import { addressOf, InvalidParameterError, serverUrl, withQuery, withToken } from "../src/index.ts";

const PRODUCT = {
  address: "/ws/spc/product/{id}/",
  parameters: [{ name: "id", type: "integer" }],
} as const;

const NAMED = {
  address: "/rooms/{room}/{kind}",
  parameters: [
    { name: "room", type: "string" },
    { name: "kind", type: "string", enum: ["audio", "video"] },
  ],
} as const;

test("an integer stands in the address, and the slash at the end stays", () => {
  expect(addressOf(PRODUCT, { id: 7 })).toBe("/ws/spc/product/7/");
});

test.each([
  ["a b", "a%20b"],
  ["a/b", "a%2Fb"],
  ["한국", "%ED%95%9C%EA%B5%AD"],
  ["?#%", "%3F%23%25"],
  ["$&", "%24%26"],
])("a text is encoded as one segment: %s", (room, encoded) => {
  expect(addressOf(NAMED, { room, kind: "audio" })).toBe(`/rooms/${encoded}/audio`);
});

test("a value that looks like a placeholder is not filled in again", () => {
  expect(addressOf(NAMED, { room: "{kind}", kind: "audio" })).toBe("/rooms/%7Bkind%7D/audio");
});

test.each(["", ".", ".."])("a text that would be another address is refused: '%s'", (room) => {
  expect(() => addressOf(NAMED, { room, kind: "audio" })).toThrow(InvalidParameterError);
});

test.each([1.5, Number.NaN, 2 ** 53, "7"])("%s is no integer", (id) => {
  expect(() => addressOf(PRODUCT, { id })).toThrow("id: must be an integer");
});

test("a value outside the enumeration is refused", () => {
  expect(() => addressOf(NAMED, { room: "a", kind: "smell" })).toThrow(
    "kind: must be one of audio, video",
  );
});

test("a missing parameter is refused", () => {
  expect(() => addressOf(PRODUCT, {})).toThrow("id: is missing");
});

test.each([
  ["http://example.org", "ws://example.org"],
  ["https://example.org/", "wss://example.org"],
  ["wss://example.org:8443/factory/", "wss://example.org:8443/factory"],
])("%s is the base %s", (url, base) => {
  expect(webSocketBase(url)).toBe(base);
});

test.each(["ftp://example.org", "ws://example.org/?a=b", "ws://example.org/#a"])(
  "%s is no base",
  (url) => {
    expect(() => webSocketBase(url)).toThrow(TypeError);
  },
);

test("the token is encoded, and an empty one leaves no trace", () => {
  const credentials = [{ place: "bearer" }, { place: "query", name: "token" }] as const;

  expect(withToken("ws://h/a/", "a+b/c=", credentials)).toBe("ws://h/a/?token=a%2Bb%2Fc%3D");
  expect(withToken("ws://h/a/", "", credentials)).toBe("ws://h/a/");
});

test("a query is encoded, a list repeats its name, and what is absent stays away", () => {
  const query = { "top of": "a&b=c", limit: 10, live: false, of: ["a", "b"], none: undefined };

  expect(withQuery("ws://h/a", query)).toBe(
    "ws://h/a?top%20of=a%26b%3Dc&limit=10&live=false&of=a&of=b",
  );
  expect(withQuery("ws://h/a", {})).toBe("ws://h/a");
});

test("a token stands behind the query", () => {
  const address = withQuery("ws://h/a", { limit: 1 });

  expect(withToken(address, "t", [{ place: "query", name: "token" }])).toBe(
    "ws://h/a?limit=1&token=t",
  );
});

test("an object can't stand in a query", () => {
  expect(() => withQuery("ws://h/a", { of: {} })).toThrow("of: can't stand in a query");
});

const LIVE = {
  url: "wss://{region}.example.com:{port}",
  variables: [
    { name: "region", enum: ["eu", "us"] },
    { name: "port", default: "8443" },
  ],
} as const;

test("the URL of a server has its variables filled in", () => {
  expect(serverUrl(LIVE, { region: "us" })).toBe("wss://us.example.com:8443");
  expect(serverUrl(LIVE, { region: "eu", port: "443" })).toBe("wss://eu.example.com:443");
});

test.each([
  [{}, "region: is missing"],
  [{ region: "asia" }, "region: must be one of eu, us"],
  [{ region: "eu", port: "1/evil" }, 'port: can\'t be "1/evil"'],
  [{ region: "eu", port: "" }, 'port: can\'t be ""'],
])("the URL of a server takes nothing else: %o", (values: Record<string, string>, problem) => {
  expect(() => serverUrl(LIVE, values)).toThrow(problem);
});

test("a parameter with a default may be left out", () => {
  const channel = {
    address: "/{symbol}/{depth}",
    parameters: [
      { name: "symbol", type: "string", enum: ["btc", "eth"], default: "btc" },
      { name: "depth", type: "integer", default: "10" },
    ],
  } as const;

  expect(addressOf(channel, {})).toBe("/btc/10");
  expect(addressOf(channel, { symbol: "eth", depth: 5 })).toBe("/eth/5");
});
