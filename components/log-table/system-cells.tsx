import { actorOf, PLATFORM } from "./actor";
import { cellText } from "./cell-text";
import type { Row } from "./kind-view";
import { useKeyNames } from "./log-actions";

export const actorCell = (row: Row) => <Actor row={row} />;

function Actor({ row }: { row: Row }) {
  const actor = actorOf(row, useKeyNames());
  const text = cellText(actor);
  return (
    <span title={text} className={actor === PLATFORM ? "text-muted" : undefined}>
      {text}
    </span>
  );
}
