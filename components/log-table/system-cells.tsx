import { actorOf, isNobody, outsideSystemOf } from "./actor";
import { cellText } from "./cell-text";
import type { Row } from "./kind-view";
import { useKeyNames } from "./log-actions";

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
