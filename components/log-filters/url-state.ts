/**
 * What a log page shows, as its URL says it: `?app=…&window=24h&outcome=policy_denial`, or `from=` and `to=` in place of
 * `window=`. Nothing of a URL is ever ignored: what is not understood is a problem that the page shows instead of rows,
 * since rows under a filter that does not act would be a lie.
 */
export const PRESETS = [
  { id: "15m", label: "Last 15 minutes", minutes: 15 },
  { id: "1h", label: "Last hour", minutes: 60 },
  { id: "24h", label: "Last 24 hours", minutes: 24 * 60 },
  { id: "7d", label: "Last 7 days", minutes: 7 * 24 * 60 },
  { id: "30d", label: "Last 30 days", minutes: 30 * 24 * 60 },
] as const;
export type PresetId = (typeof PRESETS)[number]["id"];
const DEFAULT_PRESET: PresetId = "24h";

/** Relative to the moment of asking, or absolute: RFC 3339 UTC, from inclusive, to exclusive. */
export type TimeWindow = { preset: PresetId } | { from: string; to: string };

export interface LogState {
  /** Undefined: the home app. */
  appId: string | undefined;
  window: TimeWindow;
  /** Field → wanted value. */
  filters: Readonly<Record<string, string>>;
  /** One sentence per part of the URL that was not understood. */
  problems: readonly string[];
}

const ZONED = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/;

function toUtc(text: string): string | undefined {
  const time = ZONED.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

function readWindow(given: ReadonlyMap<string, string>, problems: string[]): TimeWindow {
  const [preset, from, to] = [given.get("window"), given.get("from"), given.get("to")];
  const fallback: TimeWindow = { preset: DEFAULT_PRESET };
  if (preset !== undefined && (from !== undefined || to !== undefined)) {
    problems.push("The time window is given twice: once as window=, once as from= and to=.");
    return fallback;
  }
  if (preset !== undefined) {
    const known = PRESETS.find(({ id }) => id === preset);
    if (known) return { preset: known.id };
    problems.push(`“${preset}” is no time window. There are ${PRESETS.map(({ id }) => id).join(", ")}.`);
    return fallback;
  }
  if (from === undefined && to === undefined) return fallback;
  const absolute = { from: toUtc(from ?? ""), to: toUtc(to ?? "") };
  if (absolute.from && absolute.to && absolute.from < absolute.to) return { from: absolute.from, to: absolute.to };
  problems.push(
    "An absolute window needs from= and to=, times with a zone such as 2026-11-22T00:00:00Z, from before to.",
  );
  return fallback;
}

/** URL parameters → state. `fields` are the names that have an exact filter. */
export function parseLogState(params: Iterable<readonly [string, string]>, fields: readonly string[]): LogState {
  const problems: string[] = [];
  const own = new Map<string, string>();
  const filters: Record<string, string> = {};
  for (const [name, value] of params) {
    const isOwn = name === "app" || name === "window" || name === "from" || name === "to";
    if (!isOwn && !fields.includes(name)) problems.push(`There is no filter named “${name}”.`);
    else if (isOwn ? own.has(name) : Object.hasOwn(filters, name))
      problems.push(`“${name}” is given twice; it takes one value.`);
    else if (isOwn) own.set(name, value);
    else if (value.trim() !== "") filters[name] = value.trim();
  }
  return { appId: own.get("app"), window: readWindow(own, problems), filters, problems };
}

/** State → URL parameters, in one order, so that equal states have equal URLs. Leaves out what is the default. */
export function printLogState({ appId, window, filters }: Omit<LogState, "problems">): string {
  const params = new URLSearchParams();
  if (appId !== undefined) params.set("app", appId);
  if (!("preset" in window)) {
    params.set("from", window.from);
    params.set("to", window.to);
  } else if (window.preset !== DEFAULT_PRESET) params.set("window", window.preset);
  for (const name of Object.keys(filters).sort()) params.set(name, filters[name] ?? "");
  return params.toString();
}

/** "Now" as the next whole second: windows end on it, easy to read and with the rows of this very second inside. */
export function toNextSecond(ms: number): number {
  return Math.ceil(ms / 1000) * 1000;
}

/** The window as two times. `asOfMs`: what "now" means. */
export function resolveWindow(window: TimeWindow, asOfMs: number): { from: string; to: string } {
  if (!("preset" in window)) return window;
  const minutes = PRESETS.find(({ id }) => id === window.preset)?.minutes ?? 0;
  return { from: new Date(asOfMs - minutes * 60_000).toISOString(), to: new Date(asOfMs).toISOString() };
}
