import type { ApiKey } from "@/lib/contracts/api-keys";
import { type PresetId, printLogState, resolveWindow, type TimeWindow } from "../log-filters/url-state";

const MINUTE_MS = 60_000;
/** Windows that end now, narrowest first. */
const UNTIL_NOW: readonly PresetId[] = ["15m", "1h", "24h", "7d", "30d"];

/** The narrowest preset that reaches back to the key's making; for older keys from its making to just after its last use. */
function windowOf({ created_at, last_used_at }: ApiKey, nowMs: number): TimeWindow {
  const madeMs = Date.parse(created_at);
  // A minute of room: the database's clock made the time, and this one is compared with it.
  const reaches = (preset: PresetId) => Date.parse(resolveWindow({ preset }, nowMs).from) <= madeMs - MINUTE_MS;
  const preset = UNTIL_NOW.find(reaches);
  if (preset) return { preset };
  // `last_used_at` moves once a minute, so the last use may be up to a minute later.
  const usedMs = Date.parse(last_used_at ?? created_at) + 2 * MINUTE_MS;
  const toSecond = (ms: number) => new Date(Math.floor(ms / 1000) * 1000).toISOString();
  return { from: toSecond(madeMs), to: toSecond(usedMs) };
}

/** A way to rows, and what it is called. */
interface RowsLink {
  href: string;
  text: string;
}

/**
 * Where a key's rows are: the Calls page of its home app, filtered by its prefix, over the time in which it was used.
 * One that addresses every app may have rows elsewhere, so its link says whose log it opens.
 * Undefined while it was never used, and where that app cannot be opened.
 */
export function rowsOfKey(key: ApiKey, appNames: Readonly<Record<string, string>>, now: string): RowsLink | undefined {
  const appName = appNames[key.app_id];
  if (!key.last_used_at || appName === undefined) return undefined;
  const filters = { caller_key_prefix: key.prefix };
  const state = { appId: key.app_id, window: windowOf(key, Date.parse(now)), filters };
  return {
    href: `/logs/calls?${printLogState(state)}`,
    text: key.org_wide ? `Rows by this key in ${appName}` : "Rows by this key",
  };
}
