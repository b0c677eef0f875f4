import type { Credential } from "./channel.ts";

/** `url` as the start of WebSocket addresses: `http` becomes `ws`, a slash at the end goes. */
export function webSocketBase(url: string | URL): string {
  const base = new URL(url).href.replace(/^http/, "ws").replace(/\/$/, "");
  if (/^wss?:[^?#]+$/.test(base)) return base;
  throw new TypeError("url must be ws:, wss:, http: or https:, without query or fragment");
}

/** `address` with a token in it, if there is one, and a place for it. */
export function withToken(
  address: string,
  token: string,
  credentials: readonly Credential[],
): string {
  const name = tokenPlace(credentials);
  if (!token || !name) return address;
  return `${address}${address.includes("?") ? "&" : "?"}${name}=${encodeURIComponent(token)}`;
}

/** The first place for a token that every platform can fill: a parameter of the query. */
export function tokenPlace(credentials: readonly Credential[]): string | undefined {
  return credentials.find((each) => each.place === "query")?.name;
}
