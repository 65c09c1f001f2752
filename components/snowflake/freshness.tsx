import { distanceText, fullTime } from "../log-table/time-text";
import { Notice } from "../ui/notice";

interface FreshnessProps {
  newest: { state: "found"; createdAt: string } | { state: "none" } | { state: "unknown" };
  /** How many days back were looked at. */
  days: number;
  /** RFC 3339 UTC. */
  now: string;
}

const HOUR_MS = 3_600_000;
/** An hourly task may be late once. */
const SILENT_MS = 3 * HOUR_MS;

/** How long a source has been silent: a grant that is missing in Snowflake shows only by this. */
export function Freshness({ newest, days, now }: FreshnessProps) {
  if (newest.state === "unknown") {
    return <p className="text-muted text-sm">When the newest row came could not be found out quickly.</p>;
  }
  if (newest.state === "none") {
    return (
      <Notice tone="warning" title={`No rows in the last ${days} days`}>
        Nothing has come from this data source. Until the SQL below has run, that is as it should be.
      </Notice>
    );
  }
  const silent = Date.parse(now) - Date.parse(newest.createdAt);
  if (silent < SILENT_MS) {
    return (
      <p className="text-muted text-sm">
        Newest row: {fullTime(newest.createdAt)} UTC, {distanceText(now, newest.createdAt)} ago.
      </p>
    );
  }
  return (
    <Notice tone="warning" title={`No rows for ${Math.floor(silent / HOUR_MS)} hours`}>
      The newest one came {fullTime(newest.createdAt)} UTC. Look at the task in Snowflake (it may be suspended) and at
      the grants below.
    </Notice>
  );
}
