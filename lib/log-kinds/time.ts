/**
 * Times are integers of microseconds since 1970 (µs; safe in a double from 1684 to 2255). Never a JS `Date` where a
 * cursor is concerned: node-postgres gave `…12.012Z` for `…12.012336`, and a cut cursor re-reads or skips.
 */
export const EARLIEST = Date.parse("1700-01-01T00:00:00Z") * 1000;
export const LATEST = Date.parse("2255-01-01T00:00:00Z") * 1000;
const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt](?:[01]\d|2[0-3]):\d{2}:\d{2}(?:\.(\d+))?(?:[Zz]|[+-]\d{2}:\d{2})$/;

/** `Date.parse` makes 1 March of 30 February. */
const isInMonth = (day: number, month: number, year: number) =>
  day <= 28 || day <= new Date(Date.UTC(year, month, 0)).getUTCDate();

/**
 * RFC 3339 → µs; digits beyond the sixth are cut. Undefined where the text is no such time or before 1700, where whole µs
 * would soon not fit (and where only unset clocks are); what lies beyond 2255 is 2255.
 */
export function parseMicros(text: string): number | undefined {
  const match = RFC3339.exec(text);
  if (!match) return undefined;
  const [, year, month, day, fraction = ""] = match;
  if (!isInMonth(Number(day), Number(month), Number(year))) return undefined;
  const whole = Date.parse(fraction ? text.replace(`.${fraction}`, "") : text);
  if (Number.isNaN(whole)) return undefined;
  const micros = whole * 1000 + Number(fraction.slice(0, 6).padEnd(6, "0"));
  return micros >= EARLIEST ? Math.min(micros, LATEST) : undefined;
}

const HOUR_MICROS = 3_600_000_000;
/** The hour that was written last, as text up to its colon: rows come in order of time, and making a Date of each is slow. */
let written = { hour: Number.NaN, text: "" };

const twoDigits = (value: number) => (value < 10 ? `0${value}` : String(value));

/** µs → RFC 3339 UTC with exactly six decimals: the form of `created_at`. @throws RangeError for what is no time */
export function formatMicros(micros: number): string {
  const hour = Math.floor(micros / HOUR_MICROS);
  if (hour !== written.hour) written = { hour, text: new Date((hour * HOUR_MICROS) / 1000).toISOString().slice(0, 14) };
  const within = micros - hour * HOUR_MICROS;
  const seconds = Math.floor(within / 1_000_000);
  const decimals = String(within - seconds * 1_000_000).padStart(6, "0");
  return `${written.text}${twoDigits(Math.floor(seconds / 60))}:${twoDigits(seconds % 60)}.${decimals}Z`;
}

/** µs → RFC 3339 UTC with three decimals, or six where they are needed. */
export function formatTime(micros: number): string {
  const text = formatMicros(micros);
  return text.endsWith("000Z") ? `${text.slice(0, -4)}Z` : text;
}
