import type { CloseCode, CloseCodes } from "./channel.ts";

/** The standard codes of RFC 6455 section 7.4.1, and the house's own, for channels whose document is silent. */
const DEFAULTS: CloseCodes = {
  1000: { reason: "", reconnect: "no" },
  1001: { reason: "Server is shutting down", reconnect: "yes" },
  1003: { reason: "Text frames only", reconnect: "no" },
  1005: { reason: "", reconnect: "yes" },
  1006: { reason: "Connection lost", reconnect: "yes" },
  1008: { reason: "Too many connections", reconnect: "yes" },
  1009: { reason: "Message too big", reconnect: "no" },
  1011: { reason: "Internal error", reconnect: "yes" },
  1012: { reason: "Server is restarting", reconnect: "yes" },
  1013: { reason: "Try again later", reconnect: "yes" },
  1014: { reason: "Bad gateway", reconnect: "yes" },
  4400: { reason: "Bad request", reconnect: "no" },
  4401: { reason: "Token missing, invalid or expired", reconnect: "once" },
  4403: { reason: "Not allowed", reconnect: "no" },
  4404: { reason: "No such thing", reconnect: "no" },
  4406: { reason: "Version not supported", reconnect: "no" },
  4408: { reason: "Nothing heard in time", reconnect: "yes" },
  4429: { reason: "Too many messages", reconnect: "yes" },
  4480: { reason: "Too slow", reconnect: "yes" },
  4500: { reason: "Unhandled error", reconnect: "yes" },
};

const UNDECLARED: CloseCode = { reason: "", reconnect: "no" };

/** The line for `code`: the document's, otherwise the standard one. A code that nobody declares ends the connection. */
export function closeCode(code: number, declared: CloseCodes): CloseCode {
  return declared[code] ?? DEFAULTS[code] ?? UNDECLARED;
}
