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
