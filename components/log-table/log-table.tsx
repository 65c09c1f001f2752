// biome-ignore-all lint/a11y/useSemanticElements: a grid of roles, since rows of a <table> cannot be laid out as CSS grids or virtualised.
// biome-ignore-all lint/a11y/useFocusableInteractive: rows and heads are read, not operated; the button in each row is the one tab stop.
import { useTable } from "@tanstack/react-table";
import { type KeyboardEvent, type ReactNode, useCallback, useState } from "react";
import { cx } from "../ui/class-names";
import { Skeleton } from "../ui/skeleton";
import type { LogColumns } from "./columns";
import type { Row } from "./kind-view";
import { LogRow, ROW_BUTTON } from "./log-row";
import { dayOf } from "./time-text";

const KEYS_DOWN = ["ArrowDown", "j"];
const KEYS_UP = ["ArrowUp", "k"];

/** Where the arrow keys lead from a row's button, or undefined. */
function neighbour(
  event: KeyboardEvent<HTMLElement>,
  buttons: readonly HTMLElement[],
  at: number,
): HTMLElement | undefined {
  if (KEYS_DOWN.includes(event.key)) return buttons[at + 1];
  if (KEYS_UP.includes(event.key)) return buttons[at - 1];
  if (event.key === "Home") return buttons[0];
  return event.key === "End" ? buttons.at(-1) : undefined;
}

/** Arrows and j k move between rows, → opens, ← closes. Only on a row's button: inside an open row keys are its own. */
function moveWithin(event: KeyboardEvent<HTMLElement>): void {
  const target = event.target instanceof HTMLElement ? event.target : undefined;
  if (!target?.hasAttribute(ROW_BUTTON) || event.metaKey || event.ctrlKey || event.altKey) return;
  const isOpen = target.getAttribute("aria-expanded") === "true";
  if (event.key === (isOpen ? "ArrowLeft" : "ArrowRight")) {
    event.preventDefault();
    target.click();
    return;
  }
  const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>(`[${ROW_BUTTON}]`)];
  const next = neighbour(event, buttons, buttons.indexOf(target));
  if (!next) return;
  event.preventDefault();
  next.focus();
}

interface LogTableProps {
  label: string;
  rows: Row[];
  columns: LogColumns;
  appId: string;
  /** Rows of another search are shown until the asked ones arrive. */
  stale: boolean;
}

/** Rows, newest first, under a head that stays. */
export function LogTable({ label, rows, columns, appId, stale }: LogTableProps) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [focused, setFocused] = useState<string>();
  const toggle = useCallback((id: string) => {
    setOpen((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  }, []);
  const table = useTable({
    features: columns.features,
    columns: columns.columns,
    data: rows,
    getRowId: (row) => row.id,
  });
  const models = table.getRowModel().rows;
  const tabStop = models.some(({ id }) => id === focused) ? focused : models[0]?.id;
  return (
    <div
      role="table"
      aria-label={label}
      aria-busy={stale}
      inert={stale}
      onKeyDown={moveWithin}
      onFocus={(event) => {
        const id = event.target.getAttribute(ROW_BUTTON);
        if (id) setFocused(id);
      }}
      className={cx("min-w-0 transition-opacity duration-100", stale && "opacity-50")}
    >
      <TableHead columns={columns} />
      <div role="rowgroup">
        {models.map((row, index) => {
          const day = dayOf(row.original.occurred_at);
          const first = index === 0 || day !== dayOf(models[index - 1]?.original.occurred_at ?? "");
          return (
            <DayAndRow key={row.id} day={first ? day : undefined} span={columns.heads.length}>
              <LogRow
                row={row}
                columns={columns}
                appId={appId}
                expanded={open.has(row.id)}
                tabStop={row.id === tabStop}
                onToggle={toggle}
              />
            </DayAndRow>
          );
        })}
      </div>
    </div>
  );
}

function DayAndRow({ day, span, children }: { day: string | undefined; span: number; children: ReactNode }) {
  return (
    <>
      {day ? (
        <div role="row" className="flex h-7 items-center border-line border-b bg-surface px-3 sm:px-4">
          <div role="rowheader" aria-colspan={span} className="font-medium text-muted text-xs">
            {day}
          </div>
        </div>
      ) : null}
      {children}
    </>
  );
}

function TableHead({ columns }: { columns: LogColumns }) {
  return (
    <div role="rowgroup" className="sticky top-0 z-10 border-line border-b bg-page">
      <div role="row" className={cx("grid h-8 items-center gap-x-3 sm:gap-x-4 px-3 sm:px-4", columns.grid)}>
        {columns.heads.map(({ id, head, hint, className }, index) => (
          <div
            key={id}
            role="columnheader"
            title={hint}
            className={cx("min-w-0 truncate font-medium text-muted text-xs", index === 0 && "pl-[1.125rem]", className)}
          >
            {head}
          </div>
        ))}
      </div>
    </div>
  );
}

const SKELETON_ROWS = 14;

/** Rows of the right shape while the real ones are on their way. */
export function LogTableSkeleton({ columns }: { columns: LogColumns }) {
  return (
    <div aria-hidden>
      <TableHead columns={columns} />
      {Array.from({ length: SKELETON_ROWS }, (_, row) => row).map((row) => (
        <div
          key={row}
          className={cx("grid h-8 items-center gap-x-3 sm:gap-x-4 border-line border-b px-3 sm:px-4", columns.grid)}
        >
          {columns.heads.map(({ id, className }, index) => (
            <div key={id} className={className}>
              <Skeleton className={index === 0 ? "w-4/5" : row % 3 === 0 ? "w-2/3" : "w-1/2"} />
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}
