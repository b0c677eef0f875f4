/** `url` as the start of WebSocket addresses: `http` becomes `ws`, a slash at the end goes. */
export function webSocketBase(url: string | URL): string {
  const { href } = new URL(url);
  if (/^(ws|http)s?:[^?#]+$/.test(href)) return href.replace(/^http/, "ws").replace(/\/$/, "");
  throw new TypeError("url must be ws(s): or http(s):, without ? and #");
}
