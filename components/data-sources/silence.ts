import { NEWEST_ROW_DAYS, type NewestRow, type NewestRows } from "@/lib/contracts/newest-row";
import { distanceText } from "../log-table/time-text";

const SILENT_MS = 24 * 3_600_000;
const UNKNOWN = "not known: the log is too large to look quickly";

function words(newest: NewestRow, now: string): string {
  if (newest.state === "unknown") return UNKNOWN;
  if (newest.state === "none") return `none in ${NEWEST_ROW_DAYS} days`;
  return `${distanceText(now, newest.createdAt)} ago`;
}

/** When rows of each kind last came, in words; `silent` when somebody should look: no query was recorded for a day. */
export function silenceOf({ query, custom }: NewestRows, now: string): { text: string; silent: boolean } {
  const silent =
    query.state === "none" || (query.state === "found" && Date.parse(now) - Date.parse(query.createdAt) >= SILENT_MS);
  return { text: `Queries: ${words(query, now)} · custom events: ${words(custom, now)}`, silent };
}
