import type { NewestRow } from "@/lib/contracts/newest-row";
import { silenceOf } from "../data-sources/silence";
import { distanceText, fullTime } from "../log-table/time-text";
import { Notice } from "../ui/notice";

/** An hourly task may be late twice. */
const SILENT_MS = 3 * 3_600_000;

/** How long a Snowflake account has been silent: a task that is suspended shows only by this. */
export function Freshness({ newest, now }: { newest: NewestRow; now: string }) {
  const { text } = silenceOf(newest, now);
  if (newest.state === "unknown") return <p className="text-muted text-sm">{text}.</p>;
  if (newest.state === "none") {
    return (
      <Notice tone="warning" title={text}>
        Nothing has come from this data source. Until the SQL below has run, that is as it should be.
      </Notice>
    );
  }
  const { createdAt } = newest;
  if (Date.parse(now) - Date.parse(createdAt) < SILENT_MS) {
    return (
      <p className="text-muted text-sm">
        Newest row: {fullTime(createdAt)} UTC, {distanceText(now, createdAt)} ago.
      </p>
    );
  }
  return (
    <Notice tone="warning" title={text}>
      The newest one came {fullTime(createdAt)} UTC. Look at the task in Snowflake (it may be suspended) and at the
      grants below.
    </Notice>
  );
}
