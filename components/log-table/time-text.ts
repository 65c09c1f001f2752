import { grouped } from "../ui/amounts";

/**
 * Times as people read them, always UTC. From the text and not through a Date where the decimals matter: a Date would cut
 * microseconds.
 */
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const UTC = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}:\d{2}:\d{2})(?:\.(\d+))?Z$/;

interface Parts {
  year: string;
  month: string;
  day: string;
  clock: string;
  millis: string;
}

function partsOf(time: string): Parts | undefined {
  const [, year = "", month = "", day = "", clock = "", fraction = ""] = UTC.exec(time) ?? [];
  const name = MONTHS[Number(month) - 1];
  return name ? { year, month: name, day, clock, millis: fraction.padEnd(3, "0").slice(0, 3) } : undefined;
}

/** `22 Nov`, `01:18:49`, `.123`: a narrow window shows only the middle. Undefined for what is no time. */
export function rowTime(time: string): { date: string; clock: string; millis: string } | undefined {
  const parts = partsOf(time);
  return parts && { date: `${parts.day} ${parts.month}`, clock: parts.clock, millis: `.${parts.millis}` };
}

/** `22 Nov 2026`: what rows of one day have in common. */
export function dayOf(time: string): string {
  const parts = partsOf(time);
  return parts ? `${Number(parts.day)} ${parts.month} ${parts.year}` : time;
}

/** `22 Nov 2026, 01:18:49`, with the milliseconds where they are not zero. */
export function fullTime(time: string): string {
  const parts = partsOf(time);
  if (!parts) return time;
  return `${dayOf(time)}, ${parts.clock}${parts.millis === "000" ? "" : `.${parts.millis}`}`;
}

const UNITS = [
  { ms: 86_400_000, short: "d", next: "h", nextMs: 3_600_000 },
  { ms: 3_600_000, short: "h", next: "min", nextMs: 60_000 },
  { ms: 60_000, short: "min", next: "s", nextMs: 1_000 },
];

/** How far two times lie apart, in the two largest units: `3 h 12 min`. Under a minute in seconds. */
export function distanceText(a: string, b: string): string {
  const ms = Math.abs(Date.parse(a) - Date.parse(b));
  const unit = UNITS.find((one) => ms >= one.ms);
  if (!unit) return `${Math.ceil(ms / 1_000)} s`;
  const rest = Math.floor((ms % unit.ms) / unit.nextMs);
  const whole = `${grouped(Math.floor(ms / unit.ms))} ${unit.short}`;
  return rest > 0 ? `${whole} ${rest} ${unit.next}` : whole;
}
