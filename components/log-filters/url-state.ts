/**
 * What a log page shows, as its URL says it: `?app=…&window=24h&outcome=policy_denial`, or `from=` and `to=` in place of
 * `window=`. Nothing of a URL is ever ignored: what is not understood is a problem that the page shows instead of rows,
 * since rows under a filter that does not act would be a lie.
 */
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export const PRESETS = [
  { id: "15m", label: "Last 15 minutes", lengthMs: 15 * MINUTE_MS },
  { id: "1h", label: "Last hour", lengthMs: HOUR_MS },
  { id: "6h", label: "Last 6 hours", lengthMs: 6 * HOUR_MS },
  { id: "24h", label: "Last 24 hours", lengthMs: DAY_MS },
  { id: "yesterday", label: "Yesterday (UTC)", lengthMs: DAY_MS },
  { id: "7d", label: "Last 7 days", lengthMs: 7 * DAY_MS },
  { id: "30d", label: "Last 30 days", lengthMs: 30 * DAY_MS },
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

/** What a page takes of an address. */
export interface LogRules {
  /** Names that have an exact filter. */
  filters: readonly string[];
  /** The longest window that the page shows, ms. */
  windowMaxMs?: number | undefined;
}

/** Why a window longer than the page's longest is refused. */
export function tooLong(maxMs: number): string {
  const days = Math.round(maxMs / DAY_MS);
  return `This page shows at most ${days} days at once. For a longer time go on window by window; the API and exports have no such limit.`;
}

/** The presets that a page offers. */
export function presetsUpTo(maxMs = Number.POSITIVE_INFINITY) {
  return PRESETS.filter(({ lengthMs }) => lengthMs <= maxMs);
}

const lengthOf = (window: TimeWindow): number => {
  if (!("preset" in window)) return Date.parse(window.to) - Date.parse(window.from);
  return PRESETS.find(({ id }) => id === window.preset)?.lengthMs ?? 0;
};

/** Whether a page with that longest window shows this one. */
export function fits(window: TimeWindow, maxMs = Number.POSITIVE_INFINITY): boolean {
  return lengthOf(window) <= maxMs;
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

function lengthProblems(window: TimeWindow, maxMs: number | undefined): string[] {
  return maxMs === undefined || fits(window, maxMs) ? [] : [tooLong(maxMs)];
}

/** URL parameters → state. */
export function parseLogState(
  params: Iterable<readonly [string, string]>,
  { filters: known, windowMaxMs }: LogRules,
): LogState {
  const problems: string[] = [];
  const own = new Map<string, string>();
  const filters: Record<string, string> = {};
  for (const [name, value] of params) {
    const isOwn = name === "app" || name === "window" || name === "from" || name === "to";
    if (!isOwn && !known.includes(name)) problems.push(`There is no filter named “${name}”.`);
    else if (isOwn ? own.has(name) : Object.hasOwn(filters, name))
      problems.push(`“${name}” is given twice; it takes one value.`);
    else if (isOwn) own.set(name, value);
    else if (value.trim() !== "") filters[name] = value.trim();
  }
  const window = readWindow(own, problems);
  problems.push(...lengthProblems(window, windowMaxMs));
  return { appId: own.get("app"), window, filters, problems };
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
  const lengthMs = lengthOf(window);
  const end = window.preset === "yesterday" ? asOfMs - (asOfMs % DAY_MS) : asOfMs;
  return { from: new Date(end - lengthMs).toISOString(), to: new Date(end).toISOString() };
}

/** Nobody chose it. */
export const isUsualWindow = (window: TimeWindow) => "preset" in window && window.preset === DEFAULT_PRESET;

/** The window in words. */
export function windowLabel(window: TimeWindow): string {
  if (!("preset" in window)) return "Custom window";
  return PRESETS.find(({ id }) => id === window.preset)?.label ?? window.preset;
}

type Shared = Omit<LogState, "problems" | "appId"> & { appId: string };

/** A state that means the same tomorrow and to somebody with another home app: times and app said out loud. */
export function freeze(state: Shared, asOfMs: number): Shared {
  return { ...state, window: resolveWindow(state.window, asOfMs) };
}

const WIDER = [
  { label: "24 hours", lengthMs: DAY_MS, preset: "24h" },
  { label: "7 days", lengthMs: 7 * DAY_MS, preset: "7d" },
  { label: "30 days", lengthMs: 30 * DAY_MS, preset: "30d" },
  { label: "a year", lengthMs: 365 * DAY_MS, preset: undefined },
  { label: "10 years", lengthMs: 3_652 * DAY_MS, preset: undefined },
] as const;

/** The next wider window with the same end, and how long it is; undefined where it is as wide as they get. */
export function widerWindow(
  window: TimeWindow,
  resolved: { from: string; to: string },
  maxMs = Number.POSITIVE_INFINITY,
): { window: TimeWindow; label: string } | undefined {
  const end = Date.parse(resolved.to);
  const wider = WIDER.find(({ lengthMs }) => lengthMs > end - Date.parse(resolved.from) && lengthMs <= maxMs);
  if (!wider) return undefined;
  const endsNow = "preset" in window && window.preset !== "yesterday";
  if (endsNow && wider.preset) return { window: { preset: wider.preset }, label: wider.label };
  return { window: { from: new Date(end - wider.lengthMs).toISOString(), to: resolved.to }, label: wider.label };
}

/** Five minutes on each side of a row. */
export function windowAround(time: string): TimeWindow {
  const at = Date.parse(time);
  return { from: new Date(at - 5 * MINUTE_MS).toISOString(), to: new Date(at + 5 * MINUTE_MS).toISOString() };
}

/** A window as long as another, whose newest row is the given one. */
export function windowUpTo(time: string, as: { from: string; to: string }): TimeWindow {
  const end = toNextSecond(Date.parse(time) + 1);
  const lengthMs = Date.parse(as.to) - Date.parse(as.from);
  return { from: new Date(end - lengthMs).toISOString(), to: new Date(end).toISOString() };
}
