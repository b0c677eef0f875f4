/**
 * The token that stands behind the `#` of the address: `/#token=…`. Browsers send that part to nobody; it is taken out of
 * the address at once, and kept nowhere but in this page. Where there is none, a session cookie speaks for the visitor, or
 * nothing does.
 */
export function takenToken(): string {
  const place = new URLSearchParams(location.hash.slice(1));
  const token = place.get("token") ?? "";
  if (token) {
    place.delete("token");
    const rest = place.toString() && `#${place}`;
    history.replaceState(null, "", location.pathname + location.search + rest);
  }
  return token;
}

/** Whose token it is, as it says itself: good enough to know one's own messages by. */
export function subjectOf(token: string): string {
  const [, claims = ""] = token.split(".");
  try {
    const { sub } = JSON.parse(atob(claims.replaceAll("-", "+").replaceAll("_", "/")));
    return typeof sub === "string" ? sub : "";
  } catch {
    return "";
  }
}
