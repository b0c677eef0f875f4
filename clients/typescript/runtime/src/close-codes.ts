import type { CloseCode, CloseCodes } from "./channel.ts";

/** The codes of RFC 6455 section 7.4.1 and of the house that mean to come back, where the document is silent; others do not. */
const COME_BACK = [1001, 1005, 1006, 1008, 1011, 1012, 1013, 1014, 4408, 4429, 4480, 4500];
const COME_BACK_ONCE = 4401;

/** The line for `code`: the document's, otherwise what is usual. A code that nobody declares ends the connection. */
export function closeCode(code: number, declared: CloseCodes): CloseCode {
  const usual = COME_BACK.includes(code) ? "yes" : "no";
  return declared[code] ?? { reason: "", reconnect: code === COME_BACK_ONCE ? "once" : usual };
}
