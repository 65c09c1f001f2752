// biome-ignore-all lint/a11y/useSemanticElements: a grid of roles, since rows of a <table> cannot be laid out as CSS grids or virtualised.
// biome-ignore-all lint/a11y/useFocusableInteractive: the button in each row takes the focus, as the grid pattern allows.
"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useTable } from "@tanstack/react-table";
import { type KeyboardEvent, type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { grouped } from "../ui/amounts";
import { cx } from "../ui/class-names";
import { copyText } from "../ui/copy-text";
import type { LogColumns } from "./columns";
import { eventQuery } from "./events.queries";
import type { Row } from "./kind-view";
import { useLogActions } from "./log-actions";
import { recallView, rememberView } from "./log-memory";
import type { LogPages, PagesState } from "./log-pages";
import { LogRow, ROW_BUTTON } from "./log-row";
import { useSingleKeys } from "./page-keys";
import { rowKeyTarget } from "./row-keys";
import { TableHead } from "./table-head";
import { dayOf } from "./time-text";
import { useRevealOpened } from "./use-reveal-opened";
import { type RowsPlace, useRowsInView } from "./use-rows-in-view";

interface LogTableProps {
  label: string;
  pages: LogPages;
  state: PagesState;
  columns: LogColumns;
  /** The history entry that shows it, and its "now": what Back restores goes by them. */
  entry: string;
  asOfMs: number;
  /** Rows of another search are shown until the asked ones arrive. */
  stale: boolean;
}

/** Rows, newest first, under a head that stays. Only those in view are in the page. */
export function LogTable({ label, pages, state, columns, entry, asOfMs, stale }: LogTableProps) {
  const { count, dayStarts, hasMore } = state;
  const { open, toggle: flip, setDetailHeight, remember, start } = useRememberedView(entry, asOfMs);
  const grid = useRef<HTMLDivElement>(null);
  const head = useRef<HTMLDivElement>(null);
  const [focused, setFocused] = useState<number>();
  const view = useRowsInView({ grid, head, pages, count, dayStarts, open, focused, start, onLeave: remember });
  const toggle = useRevealOpened({ grid, open, toggle: flip, reveal: view.revealOpen });
  const focus = useRowFocus(grid, setFocused, view.reveal);
  const copyRow = useCopyRow();
  const [letters] = useSingleKeys();

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const at = rowIndexOf(event.target);
    if (at === undefined) return returnToRow(event, focused);
    const context = { at, count, screenRows: view.screenRows(), expanded: open.has(at), letters };
    const target = rowKeyTarget(event, context);
    if (target === undefined) return;
    event.preventDefault();
    if (target === "toggle") toggle(at);
    else if (target === "copy") void copyRow(pages.row(at));
    else focus.moveTo(target);
  };

  const indexes = view.items.map(({ index }) => index);
  const tabStop = focused !== undefined && indexes.includes(focused) ? focused : view.tabStop;
  const tableRows = useTableRows(columns, pages, indexes);
  let end = 0;
  return (
    <div
      ref={grid}
      role="grid"
      aria-label={label}
      aria-busy={stale}
      aria-rowcount={hasMore ? -1 : count + 1}
      aria-colcount={columns.columns.length}
      inert={stale}
      onKeyDown={onKeyDown}
      onFocus={focus.onFocus}
      onBlur={focus.onBlur}
      className={cx("min-w-0 transition-opacity duration-100", stale && "opacity-50")}
    >
      <TableHead ref={head} columns={columns} />
      <div
        role="rowgroup"
        className="flow-root"
        style={{ paddingBottom: view.totalPx - (view.items.at(-1)?.end ?? 0) }}
      >
        {view.items.map(({ index, ...item }) => {
          const row = tableRows.get(index);
          const gapPx = item.start - end;
          end = item.end;
          return (
            <LogRow
              key={index}
              row={row}
              index={index}
              columns={columns}
              day={row && dayStarts.includes(index) ? dayOf(row.original.occurred_at) : undefined}
              gapPx={gapPx}
              expanded={open.has(index)}
              detailPx={open.get(index) ?? 0}
              tabStop={index === tabStop}
              onToggle={toggle}
              onDetailHeight={setDetailHeight}
            />
          );
        })}
      </div>
    </div>
  );
}

/** The table's rows for what is in the page, by index; without those that are not read yet. */
function useTableRows(columns: LogColumns, pages: LogPages, indexes: readonly number[]) {
  const known = indexes.flatMap((index) => {
    const row = pages.row(index);
    return row ? [{ index, row }] : [];
  });
  const table = useTable({
    features: columns.features,
    columns: columns.definitions,
    data: known.map(({ row }) => row),
    getRowId: (row: Row) => row.id,
  });
  const rows = table.getRowModel().rows;
  return new Map(known.flatMap(({ index }, at) => (rows[at] ? [[index, rows[at]] as const] : [])));
}

/** The row whose button has the focus. */
function rowIndexOf(target: EventTarget): number | undefined {
  const mark = target instanceof HTMLElement ? target.getAttribute(ROW_BUTTON) : null;
  return mark === null ? undefined : Number(mark);
}

/** Inside an open row keys are its own, but Escape leads back to the row. */
function returnToRow(event: KeyboardEvent<HTMLElement>, focused: number | undefined): void {
  if (event.key !== "Escape" || event.defaultPrevented || focused === undefined) return;
  event.currentTarget.querySelector<HTMLElement>(`[${ROW_BUTTON}="${focused}"]`)?.focus();
}

/** Open rows and scroll position, from the memory of this history entry and back into it. */
function useRememberedView(entry: string, asOfMs: number) {
  const client = useQueryClient();
  const [start] = useState(() => {
    const known = recallView(client, entry);
    return known?.asOfMs === asOfMs ? known : undefined;
  });
  const [open, setOpen] = useState<ReadonlyMap<number, number>>(start?.open ?? new Map<number, number>());
  // Talks to the memory outside of React.
  useEffect(() => {
    if (recallView(client, entry)?.asOfMs === asOfMs) rememberView(client, entry, { asOfMs, open });
  }, [client, entry, asOfMs, open]);
  const toggle = useCallback((index: number) => {
    setOpen((before) => {
      const after = new Map(before);
      if (!after.delete(index)) after.set(index, 0);
      return after;
    });
  }, []);
  const setDetailHeight = useCallback((index: number, px: number) => {
    setOpen((before) => (!before.has(index) || before.get(index) === px ? before : new Map(before).set(index, px)));
  }, []);
  const remember = (place: RowsPlace) => {
    if (recallView(client, entry)?.asOfMs === asOfMs) rememberView(client, entry, { asOfMs, ...place });
  };
  return { open, toggle, setDetailHeight, remember, start: start ?? { scrollPx: 0 } };
}

/** The one row that the tab key reaches, and moving it. */
function useRowFocus(
  grid: RefObject<HTMLElement | null>,
  setFocused: (index: number) => void,
  reveal: (index: number) => void,
) {
  const pending = useRef<number>(undefined);
  // The row may only now be in the page, or only now have been read.
  useLayoutEffect(() => {
    if (pending.current === undefined) return;
    const button = grid.current?.querySelector<HTMLElement>(`[${ROW_BUTTON}="${pending.current}"]`);
    if (!button) return;
    pending.current = undefined;
    button.focus({ preventScroll: true });
  });
  const moveTo = (index: number) => {
    pending.current = index;
    setFocused(index);
    reveal(index);
  };
  const onFocus = (event: { target: EventTarget }) => {
    const index = rowIndexOf(event.target);
    if (index !== undefined) setFocused(index);
  };
  const onBlur = (event: { relatedTarget: EventTarget | null }) => {
    if (event.relatedTarget !== null) pending.current = undefined;
  };
  return { moveTo, onFocus, onBlur };
}

/** Copies a row whole, as the API answers it. */
function useCopyRow() {
  const client = useQueryClient();
  const { appId, say } = useLogActions();
  return async (row: Row | undefined) => {
    if (!row) return;
    const whole = await client.query(eventQuery(appId, row)).catch(() => undefined);
    const done = whole !== undefined && (await copyText(JSON.stringify(whole, null, 2)));
    const number = `#${grouped(row.seq)}`;
    say(done ? `Row ${number} copied as JSON` : `Row ${number} could not be copied. Open it and copy from there.`);
  };
}
