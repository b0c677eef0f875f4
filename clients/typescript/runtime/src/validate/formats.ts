/** The formats of JSON Schema that the generator holds up: whether a text is a `uuid`, an `email`, a `uri` and so on. */

type Test = (text: string) => boolean;

function whole(pattern: string): Test {
  const expression = new RegExp(`^(?:${pattern})$`);
  return (text) => expression.test(text);
}

const ZONE = "(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])";
const CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]+)?";
const LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
const HOST = `${LABEL}(?:\\.${LABEL})*`;
const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const QUOTED = '"(?:[^"\\\\\\x00-\\x1f\\x7f-\\uffff]|\\\\[ -~])*"';
const IN_URI = "(?:[A-Za-z0-9._~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*";
const TIMES = "T(?:[0-9]+H(?:[0-9]+M(?:[0-9]+S)?)?|[0-9]+M(?:[0-9]+S)?|[0-9]+S)";
const DATES = "(?:[0-9]+Y(?:[0-9]+M(?:[0-9]+D)?)?|[0-9]+M(?:[0-9]+D)?|[0-9]+D)";
const BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

const isDayAndMonth = whole("[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])");
const isClock = whole(CLOCK);
const isTime = whole(CLOCK + ZONE);
const isHost = whole(HOST);
const isInUri = whole(IN_URI);
const hasScheme = whole("[A-Za-z][A-Za-z0-9+.-]*:[^]*");
const isIpv4 = whole(`${BYTE}(?:\\.${BYTE}){3}`);
const isGroup = whole("[0-9A-Fa-f]{1,4}");
const hasAtSign = /^([^]*)@(\[[^]*\]|[^@\]]*)$/;
const isMailbox = whole(`${ATOM}(?:\\.${ATOM})*|${QUOTED}`);

/** A day of the calendar, which begins with the year 1. */
function isDate(text: string): boolean {
  if (!isDayAndMonth(text) || text.startsWith("0000")) return false;
  const date = new Date(`${text}T00:00:00Z`);
  // A day that its month does not have is one of the next month to a `Date`.
  return date.getUTCDate() === Number(text.slice(8));
}

/** A day and a time of it, with the `T` between them. */
function dated(isRest: Test): Test {
  return (text) =>
    isDate(text.slice(0, 10)) && /[Tt]/.test(text.charAt(10)) && isRest(text.slice(11));
}

function isHostname(text: string): boolean {
  return text.length <= 253 && isHost(text);
}

/** Eight groups, or fewer around one `::`; the last two may be written as an address of version 4. */
function isIpv6(text: string): boolean {
  const [before = "", after, ...more] = text.split("::");
  if (more.length > 0) return false;
  const groups = [before, after ?? ""].flatMap((half) => (half === "" ? [] : half.split(":")));
  const last = groups.at(-1) ?? "";
  const isMixed = last.includes(".") && text.endsWith(last);
  if (isMixed && !isIpv4(groups.pop() ?? "")) return false;
  const count = groups.length + (isMixed ? 2 : 0);
  return groups.every(isGroup) && (after === undefined ? count === 8 : count < 8);
}

function isEmail(text: string): boolean {
  const [, name = "", host = ""] = hasAtSign.exec(text) ?? [];
  if (!isMailbox(name)) return false;
  if (!host.startsWith("[")) return isHostname(host);
  const address = host.slice(1, -1);
  return /^ipv6:/i.test(address) ? isIpv6(address.slice(5)) : isIpv4(address);
}

function isUriReference(text: string): boolean {
  const [before = "", ...rest] = text.split("#");
  return isInUri(before.replace(/[[\]]/g, "")) && isInUri(rest.join("#"));
}

/** Those that are looked at, by their names. Any other says nothing, as in JSON Schema. */
export const FORMATS: Readonly<Record<string, Test>> = {
  date: isDate,
  "date-time": dated(isTime),
  "date-time-local": dated(isClock),
  duration: whole(`P(?:${DATES}(?:${TIMES})?|${TIMES}|[0-9]+W)`),
  email: isEmail,
  hostname: isHostname,
  ipv4: isIpv4,
  ipv6: isIpv6,
  time: isTime,
  uri: (text) => hasScheme(text) && isUriReference(text),
  "uri-reference": isUriReference,
  uuid: whole("[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"),
};
