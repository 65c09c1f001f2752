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

type Change = Readonly<Record<string, unknown>>;

const isThere = (value: unknown) => value !== undefined && value !== null && value !== "";

/** One side of a change; nothing is a dash. */
const side = (value: unknown) => (isThere(value) ? cellText(value) : "–");

function changeText({ field, old, new: now }: Change): string {
  return `${cellText(field)}: ${side(old)} → ${side(now)}`;
}

/** What else the act says of itself, by name. */
function detailTexts(details: unknown): string[] {
  if (typeof details !== "object" || details === null) return [];
  return Object.entries(details).map(([name, value]) => `${cellText(name)}: ${cellText(value)}`);
}

export const actDetailsCell = (row: Row) => <ActDetails row={row} />;

/** What it was done to, and what is other than before; where nothing is, what else there is to say. */
function ActDetails({ row }: { row: Row }) {
  const names = useActNames();
  const changes: readonly Change[] = Array.isArray(row.changes) ? row.changes : [];
  const target = isReading(row) ? "" : cellText(isThere(row.target_name) ? row.target_name : row.target_id);
  const others = isReading(row) ? readingTexts(row, names) : detailTexts(row.details);
  const texts = changes.length > 0 ? changes.map(changeText) : others;
  const failed = row.outcome === "failure";
  if (!failed && target === "" && texts.length === 0) return <NoValue />;
  return (
    <span
      title={[target, ...texts].filter((one) => one !== "").join("\n")}
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
