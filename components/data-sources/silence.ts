import { NEWEST_ROW_DAYS, type NewestRow } from "@/lib/contracts/newest-row";

const HOUR_MS = 3_600_000;

/** How long a data source has brought no row, in words; `silent` when somebody should look. */
export function silenceOf(newest: NewestRow, now: string): { text: string; silent: boolean } {
  if (newest.state === "unknown") return { text: "When the newest row came was not found quickly", silent: false };
  if (newest.state === "none") return { text: `No rows in the last ${NEWEST_ROW_DAYS} days`, silent: true };
  const hours = Math.floor((Date.parse(now) - Date.parse(newest.createdAt)) / HOUR_MS);
  if (hours < 1) return { text: "Rows within the last hour", silent: false };
  if (hours < 48) return { text: `No rows for ${hours} ${hours === 1 ? "hour" : "hours"}`, silent: hours >= 24 };
  return { text: `No rows for ${Math.floor(hours / 24)} days`, silent: true };
}
