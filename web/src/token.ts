/**
 * The token that stands behind the `#` of the address: `/#token=…`. Browsers send that part to nobody; it is taken out of
 * the address at once. Where there is none, a session cookie speaks for the visitor, or nothing does.
 */
export function takenToken(): string {
  const token = new URLSearchParams(location.hash.slice(1)).get("token") ?? "";
  if (token) history.replaceState(null, "", location.pathname + location.search);
  return token;
}
