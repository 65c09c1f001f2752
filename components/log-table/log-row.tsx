// biome-ignore-all lint/a11y/useSemanticElements: a grid of roles, since rows of a <table> cannot be laid out as CSS grids or virtualised.
// biome-ignore-all lint/a11y/useFocusableInteractive: the button in each row takes the focus, as the grid pattern allows.
import { type CellData, FlexRender, type Row as TableRow } from "@tanstack/react-table";
import { ChevronRight } from "lucide-react";
import { lazy, type MouseEvent, memo, type ReactNode, Suspense, useEffect, useRef } from "react";
import { cx } from "../ui/class-names";
import { Skeleton } from "../ui/skeleton";
import type { LogColumn, LogColumns } from "./columns";
import type { Row } from "./kind-view";

/** Loaded when the first row is opened or about to be: most visits only read rows. */
export const loadRowDetail = () => import("../log-detail/row-detail");
const RowDetail = lazy(async () => ({ default: (await loadRowDetail()).RowDetail }));

/** Marks the button of a row, by its index: where the focus goes. */
export const ROW_BUTTON = "data-row-button";
/** Marks the line of a row, whose height is the height of all. */
export const ROW_LINE = "data-row-line";

/** Two lines in a narrow table, one in a wide one; the same for rows, their skeletons and nothing else. */
export const LINE =
  "grid h-13 content-center items-center gap-x-3 gap-y-0.5 border-line border-b px-3 @2xl:h-8 @2xl:gap-x-4 @2xl:px-4";

type LogTableRow = TableRow<LogColumns["features"], Row>;

interface LogRowProps {
  /** Undefined: known to be there, not read yet. */
  row: LogTableRow | undefined;
  index: number;
  columns: LogColumns;
  /** The heading above it, where it is the first row of its day. */
  day: string | undefined;
  /** Rows left out between the one before and this one, px. */
  gapPx: number;
  expanded: boolean;
  /** How high its detail was when it was last seen, px; 0: not yet. */
  detailPx: number;
  /** The one row of the table that the tab key reaches; arrows go on from there. */
  tabStop: boolean;
  onToggle: (index: number) => void;
  /** How high an open row's detail became, px. */
  onDetailHeight: (index: number, px: number) => void;
}

function LogRowView(props: LogRowProps) {
  const { row, index, columns, day, gapPx, expanded, detailPx, tabStop, onToggle, onDetailHeight } = props;
  const detailId = `detail-${index}`;
  // With the mouse the whole row opens it, unless a text was being selected; with keys the button does.
  const clicked = (event: MouseEvent<HTMLElement>) => {
    const onButton = event.target instanceof Element && event.target.closest("button");
    if (row && !onButton && document.getSelection()?.isCollapsed !== false) onToggle(index);
  };
  const [time, ...others] = columns.columns;
  const [timeCell, ...cells] = row?.getAllCells() ?? [];
  return (
    // The head is row 1.
    <div role="row" aria-rowindex={index + 2} style={gapPx > 0 ? { marginTop: gapPx } : undefined}>
      {day ? (
        // Each row says its date: a heading among the rows would only be counted as one of them.
        <div
          aria-hidden
          className="flex h-7 items-center border-line border-b bg-surface px-3 font-medium text-muted text-xs @2xl:px-4"
        >
          {day}
        </div>
      ) : null}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: for the mouse only; the button inside is the way for keys. */}
      <div
        role="presentation"
        {...{ [ROW_LINE]: "" }}
        onClick={clicked}
        className={cx(
          LINE,
          columns.grid,
          "cursor-default hover:bg-hover has-focus-visible:bg-accent-wash",
          expanded && "border-transparent",
          row && columns.rowClass?.(row.original),
        )}
      >
        <div role="gridcell" aria-colindex={1} className={cx("min-w-0", time?.className)}>
          {timeCell ? (
            <button
              type="button"
              {...{ [ROW_BUTTON]: index }}
              tabIndex={tabStop ? 0 : -1}
              aria-expanded={expanded}
              aria-controls={expanded ? detailId : undefined}
              onClick={() => onToggle(index)}
              onPointerEnter={() => void loadRowDetail()}
              className="flex h-6 max-w-full items-center gap-1 whitespace-nowrap rounded-sm pr-1 text-left"
            >
              <ChevronRight
                aria-hidden
                className={cx(
                  "size-3.5 shrink-0 text-faint transition-transform duration-100",
                  expanded && "rotate-90",
                )}
              />
              <CellContent cell={timeCell} />
            </button>
          ) : (
            <Skeleton className="w-4/5" />
          )}
        </div>
        {others.map((column, at) => (
          <RowCell key={column.id} column={column} cell={cells[at]} index={at + 2} />
        ))}
      </div>
      {expanded && row ? (
        <div role="gridcell" aria-colindex={1} aria-colspan={columns.columns.length} id={detailId}>
          <Measured onHeight={(px) => onDetailHeight(index, px)}>
            <Suspense fallback={<div style={{ height: detailPx }} />}>
              <RowDetail row={row.original} />
            </Suspense>
          </Measured>
        </div>
      ) : null}
    </div>
  );
}

type Cell = ReturnType<LogTableRow["getAllCells"]>[number];

function CellContent({ cell }: { cell: Cell }) {
  return <FlexRender<LogColumns["features"], Row, CellData> cell={cell} />;
}

function RowCell({ column, cell, index }: { column: LogColumn; cell: Cell | undefined; index: number }) {
  return (
    <div role="gridcell" aria-colindex={index} className={cx("min-w-0 truncate", column.className)}>
      {cell ? <CellContent cell={cell} /> : <Skeleton className="w-1/2" />}
    </div>
  );
}

interface MeasuredProps {
  onHeight: (px: number) => void;
  children: ReactNode;
}

/** Tells how high its content is, now and whenever that changes. */
function Measured({ onHeight, children }: MeasuredProps) {
  const place = useRef<HTMLDivElement>(null);
  const tell = useRef(onHeight);
  // Talks to the browser's layout: only it knows the height of wrapped text.
  useEffect(() => {
    tell.current = onHeight;
  });
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const observer = new ResizeObserver(() => tell.current(element.offsetHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={place} className="border-line border-b bg-surface">
      {children}
    </div>
  );
}

/** The table makes its rows anew whenever others come into view; what a row shows depends on its document alone. */
function isSame({ row: before, ...earlier }: LogRowProps, { row: after, ...later }: LogRowProps): boolean {
  const names = Object.keys(later) as (keyof typeof later)[];
  return before?.original === after?.original && names.every((name) => earlier[name] === later[name]);
}

export const LogRow = memo(LogRowView, isSame);
