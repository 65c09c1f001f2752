import { cellText, NoValue } from "./cell-text";
import type { Row } from "./kind-view";
import { useSourceNames } from "./log-actions";
import { nameOf } from "./named";

/** What a cell can show of the details at most; the rest is cut by its width. */
const SHOWN_CHARS = 300;

/** The beginning of the details, as JSON in one line. */
export function detailsCell({ event_details: details }: Row) {
  // Every event has details: null here means that the list leaves long ones out.
  if (details === null || details === undefined) return <span className="text-muted">Long: open the row</span>;
  const text = cellText(details);
  return <span className="font-mono text-xs">{text.slice(0, SHOWN_CHARS).replace(/[\ud800-\udbff]$/, "")}</span>;
}

export const sourceCell = (row: Row) => <SourceName id={row.data_source_id} />;

/** The data source by its name, its id on hover; the id where there is no such data source, or none that the reader may know. */
function SourceName({ id }: { id: unknown }) {
  const name = nameOf(id, useSourceNames());
  const text = cellText(id);
  if (text === "") return <NoValue />;
  return (
    <span
      title={name === undefined ? text : `${cellText(name)}\n${text}`}
      className={name ? undefined : "font-mono text-xs"}
    >
      {name === undefined ? text : cellText(name)}
    </span>
  );
}

const TIME_SOURCES: Readonly<Record<string, string>> = { event_time: "Event time", submission: "Submission" };

export function timeSourceCell({ time_source: source }: Row) {
  const text = cellText(source);
  return text === "" ? <NoValue /> : <span>{TIME_SOURCES[text] ?? text}</span>;
}
