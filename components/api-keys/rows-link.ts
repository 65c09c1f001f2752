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

/**
 * Where a key's rows are: the Calls page of its home app, filtered by its prefix, over the time in which it was used.
 * Undefined while it was never used, and where that app cannot be opened.
 */
export function rowsOfKey(key: ApiKey, appIds: readonly string[], now: string): string | undefined {
  if (!key.last_used_at || !appIds.includes(key.app_id)) return undefined;
  const filters = { caller_key_prefix: key.prefix };
  return `/logs/calls?${printLogState({ appId: key.app_id, window: windowOf(key, Date.parse(now)), filters })}`;
}
