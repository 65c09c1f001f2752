const HOUR_MS = 3_600_000;

/** The newest row of a data source, as far as it could be found out. */
export type Newest = { state: "found"; createdAt: string } | { state: "none" } | { state: "unknown" };

/** How long a data source has brought no row, in words; `silent` when somebody should look. */
export function silenceOf(newest: Newest, now: string): { text: string; silent: boolean } {
  if (newest.state === "unknown") return { text: "Whether rows came lately is not known", silent: false };
  if (newest.state === "none") return { text: "No rows in the last 30 days", silent: true };
  const hours = Math.floor((Date.parse(now) - Date.parse(newest.createdAt)) / HOUR_MS);
  if (hours < 1) return { text: "Rows within the last hour", silent: false };
  if (hours < 48) return { text: `No rows for ${hours} ${hours === 1 ? "hour" : "hours"}`, silent: hours >= 24 };
  return { text: `No rows for ${Math.floor(hours / 24)} days`, silent: true };
}
