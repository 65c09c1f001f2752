import { changeTexts, detailTexts } from "./act-details";
import { isReading, readingTexts } from "./act-reading";
import { cellText, NoValue } from "./cell-text";
import type { Row } from "./kind-view";
import { useActNames } from "./log-actions";
import { Outcome } from "./outcome";

export const eventCell = (row: Row) => <EventName row={row} />;

/** Our own acts in words, with their name on hover; those of other systems by their name. */
function EventName({ row: { event } }: { row: Row }) {
  const { events } = useActNames();
  const name = cellText(event);
  const isOwn = Object.hasOwn(events, name);
  return (
    <span title={name} className={isOwn ? undefined : "font-mono text-xs"}>
      {isOwn ? events[name] : name}
    </span>
  );
}

const inSight = (text: string) => ({ shown: text, whole: text });

export const actDetailsCell = (row: Row) => <ActDetails row={row} />;

/** What it was done to, and what is other than before; where nothing is, what else there is to say. */
function ActDetails({ row }: { row: Row }) {
  const names = useActNames();
  const changes = changeTexts(row, names.apps);
  const target = isReading(row) ? "" : cellText(row.target_name || row.target_id);
  const others = isReading(row) ? readingTexts(row, names).map(inSight) : detailTexts(row);
  const told = changes.length > 0 ? changes : others;
  const texts = told.flatMap(({ shown }) => shown ?? []);
  const failed = row.outcome === "failure";
  if (!failed && target === "" && told.length === 0) return <NoValue />;
  return (
    <span
      title={[target, ...told.map(({ whole }) => whole)].filter((one) => one !== "").join("\n")}
      className={failed ? "flex min-w-0 items-center gap-1.5" : undefined}
    >
      {failed ? (
        <span className="shrink-0">
          <Outcome value="failure" />
        </span>
      ) : null}
      <span className={failed ? "truncate" : undefined}>
        {target}
        {target !== "" && texts.length > 0 ? <span className="text-faint"> · </span> : null}
        <span className="text-muted">{texts.join(", ")}</span>
      </span>
    </span>
  );
}
