// biome-ignore-all lint/a11y/useSemanticElements: a grid of roles, since rows of a <table> cannot be laid out as CSS grids or virtualised.
// biome-ignore-all lint/a11y/useFocusableInteractive: rows and heads are read, not operated; the button in each row is the one tab stop.
import { type CellData, FlexRender, type Row as TableRow } from "@tanstack/react-table";
import { ChevronRight } from "lucide-react";
import { type MouseEvent, memo } from "react";
import { RowDetail } from "../log-detail/row-detail";
import { cx } from "../ui/class-names";
import type { LogColumns } from "./columns";
import type { Row } from "./kind-view";
import { outcomeRowClass } from "./outcome";

interface LogRowProps {
  row: TableRow<LogColumns["features"], Row>;
  columns: LogColumns;
  appId: string;
  expanded: boolean;
  /** The one row of the table that the tab key reaches; arrows go on from there. */
  tabStop: boolean;
  onToggle: (id: string) => void;
}

/** Marks the button of a row, by which the arrow keys find the next one. */
export const ROW_BUTTON = "data-row-button";

function LogRowView({ row, columns, appId, expanded, tabStop, onToggle }: LogRowProps) {
  const detailId = `detail-${row.id}`;
  const [time, ...cells] = row.getAllCells();
  // With the mouse the whole row opens it, unless a text was being selected; with keys the button does.
  const clicked = (event: MouseEvent<HTMLElement>) => {
    const onButton = event.target instanceof Element && event.target.closest("button");
    if (!onButton && document.getSelection()?.isCollapsed !== false) onToggle(row.id);
  };
  return (
    <>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the button inside is the way for keys. */}
      <div
        role="row"
        tabIndex={-1}
        onClick={clicked}
        className={cx(
          "grid h-8 cursor-default items-center gap-x-3 sm:gap-x-4 border-line border-b px-3 outline-none hover:bg-hover has-focus-visible:bg-accent-wash sm:px-4",
          columns.grid,
          outcomeRowClass(row.original.outcome),
        )}
      >
        <div role="cell" className="min-w-0">
          <button
            type="button"
            {...{ [ROW_BUTTON]: row.id }}
            tabIndex={tabStop ? 0 : -1}
            aria-expanded={expanded}
            aria-controls={expanded ? detailId : undefined}
            onClick={() => onToggle(row.id)}
            className="flex h-6 max-w-full scroll-my-16 items-center gap-1 whitespace-nowrap rounded-sm pr-1 text-left"
          >
            <ChevronRight
              aria-hidden
              className={cx("size-3.5 shrink-0 text-faint transition-transform duration-100", expanded && "rotate-90")}
            />
            {time ? <CellContent cell={time} /> : null}
          </button>
        </div>
        {cells.map((cell, index) => (
          <div key={cell.id} role="cell" className={cx("min-w-0 truncate", columns.heads[index + 1]?.className)}>
            <CellContent cell={cell} />
          </div>
        ))}
      </div>
      {expanded ? (
        <div role="row" id={detailId} className="border-line border-b bg-surface">
          <div role="cell" aria-colspan={columns.heads.length}>
            <RowDetail row={row.original} appId={appId} />
          </div>
        </div>
      ) : null}
    </>
  );
}

type Cell = ReturnType<LogRowProps["row"]["getAllCells"]>[number];
function CellContent({ cell }: { cell: Cell }) {
  return <FlexRender<LogColumns["features"], Row, CellData> cell={cell} />;
}

export const LogRow = memo(LogRowView);
