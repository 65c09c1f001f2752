import { cellText, NoValue } from "./cell-text";
import type { Row } from "./kind-view";

/** What a cell can show of the details at most; the rest is cut by its width. */
const SHOWN_CHARS = 300;

/** The beginning of the details, as JSON in one line. */
export function detailsCell({ event_details: details }: Row) {
  // Every event has details: null here means that the list leaves long ones out.
  if (details === null || details === undefined) return <span className="text-muted">Long: open the row</span>;
  const text = cellText(details);
  return <span className="font-mono text-xs">{text.slice(0, SHOWN_CHARS).replace(/[\ud800-\udbff]$/, "")}</span>;
}

const TIME_SOURCES: Readonly<Record<string, string>> = { event_time: "Event time", submission: "Submission" };

export function timeSourceCell({ time_source: source }: Row) {
  const text = cellText(source);
  return text === "" ? <NoValue /> : <span>{TIME_SOURCES[text] ?? text}</span>;
}
