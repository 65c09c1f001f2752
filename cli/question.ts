import { formatMicros, formatTime, parseMicros } from "../lib/log-kinds/time";
import type { Given, Options } from "./command";
import { UsageFault } from "./faults";

/** Options that say which rows. */
export const FILTERS = {
  kind: { value: "kind", about: "Only rows of this kind, such as `call`" },
  filter: {
    value: "name=value",
    many: true,
    about: "Only rows whose field has this value; case does not matter, and of several all must hold",
  },
  query: {
    value: "query",
    about:
      "Only rows that a query of the query language finds, such as `outcome:policy_denial -provider_id:google latency_ms:>500`",
  },
} as const satisfies Options;

export const WINDOW = {
  from: {
    value: "time",
    about: "Start of the window, inclusive: RFC 3339 with a zone, or a day such as `2026-11-22` (UTC)",
  },
  to: { value: "time", about: "End of the window, exclusive. Default: now, and a minute more for clocks that differ" },
  last: { value: "duration", about: "Instead of `--from`: the last so much, such as `15m`, `24h`, `7d`" },
} as const satisfies Options;

const UNIT_MICROS: Record<string, number> = { s: 1e6, m: 60e6, h: 3_600e6, d: 86_400e6, w: 604_800e6 };
const CLOCK_SLACK_MICROS = 60_000_000;
export const nowMicros = (): number => Date.now() * 1_000;

/** `90s`, `15m`, `24h`, `7d`, `2w` → µs. */
function parseDuration(text: string): number | undefined {
  const [, amount, unit = ""] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  const micros = UNIT_MICROS[unit];
  return micros === undefined || Number(amount) === 0 ? undefined : Number(amount) * micros;
}

export function parseTime(option: string, text: string): number {
  const micros = parseMicros(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text);
  if (micros !== undefined) return micros;
  throw new UsageFault(
    `--${option} ${text}: write a time with its zone, such as 2026-11-22T00:01:02Z, or a day such as 2026-11-22.`,
  );
}

/** A time, or how long ago. @throws UsageFault */
export function parseSince(option: string, text: string): number {
  const ago = parseDuration(text);
  return ago === undefined ? parseTime(option, text) : nowMicros() - ago;
}

/** @throws UsageFault */
export function windowOf({ from, to, last }: Given<typeof WINDOW>): { from: number; to: number } {
  if ((from === undefined) === (last === undefined)) {
    throw new UsageFault("Say which time: --last 24h, or --from and --to.");
  }
  const end = to === undefined ? nowMicros() + CLOCK_SLACK_MICROS : parseTime("to", to);
  if (from !== undefined) {
    const start = parseTime("from", from);
    if (start >= end) throw new UsageFault("--from must be before --to.");
    return { from: start, to: end };
  }
  const length = parseDuration(last ?? "");
  if (length === undefined) throw new UsageFault(`--last ${last}: write a duration such as 15m, 24h or 7d.`);
  return { from: (to === undefined ? nowMicros() : end) - length, to: end };
}

export const windowParams = (window: { from: number; to: number }): [string, string][] => [
  ["from", formatTime(window.from)],
  ["to", formatTime(window.to)],
];

/** A time as `created_after` takes it. */
export const sinceParam = (micros: number): [string, string] => ["created_after", formatMicros(micros)];

/** Names that the address has for other things; as a filter they would act as those. */
const TAKEN = new Set([
  "from",
  "to",
  "kind",
  "app_id",
  "limit",
  "cursor",
  "after",
  "created_after",
  "as_of",
  "format",
  "q",
]);

/** `--kind`, `--filter` and `--query` as parameters. @throws UsageFault */
export function filterParams({ kind, filter = [], query }: Given<typeof FILTERS>): [string, string][] {
  const params: [string, string][] = kind === undefined ? [] : [["kind", kind]];
  for (const text of filter) {
    const equals = text.indexOf("=");
    const name = text.slice(0, Math.max(0, equals));
    if (name === "") throw new UsageFault(`--filter ${text}: write name=value, such as outcome=policy_denial.`);
    if (TAKEN.has(name)) throw new UsageFault(`--filter ${text}: ${name} is no field of a row; see the other options.`);
    params.push([name, text.slice(equals + 1)]);
  }
  if (query !== undefined) params.push(["q", query]);
  return params;
}

/** A whole number from 1. @throws UsageFault */
export function parseCount(option: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageFault(`--${option} ${text}: write a whole number from 1 on.`);
}
