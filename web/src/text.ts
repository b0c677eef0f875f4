/** How values are written on the page. */

const VALUE = new Intl.NumberFormat("en", { maximumSignificantDigits: 7, useGrouping: false });
const INDEX = new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** A measured value or a limit. */
export function valueText(value: number): string {
  return VALUE.format(value);
}

/** A value that was computed, to three digits of the `range` that matters. */
export function roundedText(value: number, range: number): string {
  const digits = Math.max(0, Math.min(10, 3 - Math.floor(Math.log10(range || 1))));
  return String(Number(value.toFixed(digits)));
}

/** A capability index. */
export function indexText(index: number): string {
  return INDEX.format(index);
}

/**
 * A wall-clock time of the factory, which has no zone and is shown as it is: `12:00:00`, with the date before it unless
 * that is `today`.
 */
export function clockText(time: string, today: string = localDate(new Date())): string {
  const [date = "", clock = ""] = time.split("T");
  const seconds = clock.slice(0, 8);
  return date === today ? seconds : `${date} ${seconds}`;
}

/** A moment in seconds since 1970, by the clock of whoever looks. */
export function momentText(seconds: number): string {
  const at = new Date(seconds * 1000);
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(":");
}

/** A time in UTC that says so nowhere, by the clock of whoever looks. */
export function utcText(time: string): string {
  return momentText(Date.parse(`${time}Z`) / 1000);
}

/** How large a file is. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function two(part: number): string {
  return String(part).padStart(2, "0");
}

function localDate(date: Date): string {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
