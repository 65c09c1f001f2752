import { formatTime } from "../lib/log-kinds/time";

/** `2,500` */
export const grouped = (count: number): string => count.toLocaleString("en-US");

/** `1 row`, `2,500 rows` */
export function counted(count: number, nouns: string): string {
  return `${grouped(count)} ${count === 1 ? nouns.replace(/s$/, "") : nouns}`;
}

/** A stretch of time, µs since 1970, both ends inside. */
export interface Span {
  from: number;
  to: number;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `14 Sep 2020 00:44:05` in UTC. */
export function readableTime(micros: number): string {
  const text = formatTime(micros);
  const [year, month, day] = text.slice(0, 10).split("-");
  return `${Number(day)} ${MONTHS[Number(month) - 1]} ${year} ${text.slice(11, 19)}`;
}

export function describeSpan({ from, to }: Span): string {
  const [first, last] = [readableTime(from), readableTime(to)];
  return first === last ? `${first} UTC` : `${first} – ${last} UTC`;
}

const SECOND = 1_000_000;

/** The portal's page of a kind, with a window around these times. Its end is exclusive, so it is the next whole second. */
export function portalLink(address: string, appId: string | undefined, { from, to }: Span, kind = "call"): string {
  const query = new URLSearchParams({
    // The page of system rows has one log only.
    ...(appId !== undefined && kind !== "system" && { app: appId }),
    from: formatTime(Math.floor(from / SECOND) * SECOND),
    to: formatTime((Math.floor(to / SECOND) + 1) * SECOND),
  });
  return `${address}/logs/${kind === "call" ? "calls" : kind}?${query}`;
}

/** C0 but tab, C1, line separators, bidi controls and marks: what could move a terminal's cursor or reverse a line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is meant.
const UNSEEN = /[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
const escaped = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** Text of a row for a screen: a row must not be able to rewrite what stands above it. */
export const visible = (text: string): string => text.replace(UNSEEN, escaped);

/** JSON of a row for a screen or a program: the same value, with the same characters escaped. */
export const rowJson = (row: unknown): string => visible(JSON.stringify(row));
