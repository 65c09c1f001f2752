import { actorOf, isNobody, outsideSystemOf } from "./actor";
import { cellText, NoValue } from "./cell-text";
import type { Row } from "./kind-view";
import { useKeyNames } from "./log-actions";
import { Outcome } from "./outcome";

export const actorCell = (row: Row) => <Actor row={row} />;

function Actor({ row }: { row: Row }) {
  const actor = actorOf(row, useKeyNames());
  const text = cellText(actor);
  const system = outsideSystemOf(row);
  if (system !== undefined)
    return <OutsideActor actor={actor === system ? "" : text} via={`via ${cellText(system)}`} />;
  return (
    <span title={text} className={isNobody(actor) ? "text-muted" : undefined}>
      {text}
    </span>
  );
}

/** What another system says of who it was. That it says so stays in sight, however long the name is. */
function OutsideActor({ actor, via }: { actor: string; via: string }) {
  return (
    <span title={`${actor} ${via}`.trim()} className="flex min-w-0 items-center gap-1">
      {actor === "" ? null : <span className="truncate">{actor}</span>}
      <span className={actor === "" ? "truncate text-muted" : "max-w-[60%] shrink-0 truncate text-muted"}>{via}</span>
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

/** What it was done to, and what is other than before; where nothing is, what else there is to say. */
export function actDetailsCell(row: Row) {
  const target = cellText(isThere(row.target_name) ? row.target_name : row.target_id);
  const changes: readonly Change[] = Array.isArray(row.changes) ? row.changes : [];
  const texts = changes.length > 0 ? changes.map(changeText) : detailTexts(row.details);
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
