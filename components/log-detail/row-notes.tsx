import type { Row } from "../log-table/kind-view";
import { fullTime } from "../log-table/time-text";
import { Notice } from "../ui/notice";

/** The latest time that a Date can be, ms. */
const TIME_MS_MAX = 8_640_000_000_000_000;

/** Why a custom event is not found by the time that it brought. */
function whyBySubmission(eventTimeMs: number, occurredAt: string): string {
  const isPast = eventTimeMs < Date.parse(occurredAt);
  return isPast
    ? "The event time was more than 72 hours old, so this row is found by its submission."
    : "The event time was more than 24 hours ahead, so this row is found by its submission.";
}

/** What must be known to read the row rightly. */
export function RowNotes({ row }: { row: Row }) {
  const { time_source: source, event_time: sent } = row;
  if (source !== "submission" || typeof sent !== "number" || Math.abs(sent) > TIME_MS_MAX) return null;
  return (
    <Notice tone="info" title={whyBySubmission(sent, row.occurred_at)}>
      Event time, as sent: <span className="font-mono text-xs">{fullTime(new Date(sent).toISOString())} UTC</span>.
    </Notice>
  );
}
