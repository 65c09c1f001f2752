"use client";

import { defaultRangeExtractor, type Range, useVirtualizer, type Virtualizer } from "@tanstack/react-virtual";
import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { LogPages } from "./log-pages";
import { ROW_LINE } from "./log-row";

/** Until they are measured; as the styles of `LINE` and of a day's heading say. */
const ROW_PX = 32;
const DAY_PX = 28;
/** Rows in the HTML, enough for a window of 1,300 px before any script runs. */
const SERVER_ROWS = 40;
/** Rows in the page beyond those in view, on each side. */
const OVERSCAN_ROWS = 12;
/** The rows in the page change in steps of so many: not on every scrolled pixel. */
const STEP_ROWS = 6;
/** How far ahead of the view rows are asked for. */
const AHEAD_SCREENS = 1.5;

/** Where the rows are scrolled to, and how high one is: one line or two. */
export interface RowsPlace {
  scrollPx: number;
  rowPx?: number;
}

interface RowsInViewOptions {
  /** The head and then the rows; what it stands in scrolls. By its parent and not by a ref to that: a parent's ref is set after a child's effects. */
  grid: RefObject<HTMLElement | null>;
  /** Sticks to the top of it. */
  head: RefObject<HTMLElement | null>;
  pages: LogPages;
  count: number;
  /** Indexes of rows that begin a day. */
  dayStarts: readonly number[];
  /** Index of an open row → height of its detail, px. */
  open: ReadonlyMap<number, number>;
  /** Stays in the page when it is scrolled away: without it the focus would be lost. */
  focused: number | undefined;
  /** How it was left. */
  start: RowsPlace;
  onLeave: (place: RowsPlace) => void;
}

type Rows = Virtualizer<HTMLElement, HTMLElement>;

function stepped({ startIndex, endIndex, count, ...rest }: Range): Range {
  const start = Math.max(0, Math.floor((startIndex - OVERSCAN_ROWS) / STEP_ROWS) * STEP_ROWS);
  const end = Math.min(count - 1, Math.ceil((endIndex + OVERSCAN_ROWS) / STEP_ROWS) * STEP_ROWS);
  return { ...rest, startIndex: start, endIndex: end, count, overscan: 0 };
}

/** How high a row's line is: one line or two, as the window allows. */
function useRowPx(grid: RefObject<HTMLElement | null>, startPx: number): number {
  const [rowPx, setRowPx] = useState(startPx);
  // Talks to the browser's layout.
  useLayoutEffect(() => {
    const box = grid.current?.parentElement;
    if (!box) return;
    const measure = () => setRowPx((px) => box.querySelector<HTMLElement>(`[${ROW_LINE}]`)?.offsetHeight ?? px);
    const resized = new ResizeObserver(measure);
    resized.observe(box);
    measure();
    return () => resized.disconnect();
  }, [grid]);
  return rowPx;
}

/** Which rows are in the page: those in view and some around them. `want`s the rows that will be needed next. */
export function useRowsInView(options: RowsInViewOptions) {
  const { grid, head, pages, count, dayStarts, open, focused, start, onLeave } = options;
  const rowPx = useRowPx(grid, start.rowPx ?? ROW_PX);
  const box = () => grid.current?.parentElement ?? null;
  const headPx = () => head.current?.offsetHeight ?? 0;
  const days = useMemo(() => new Set(dayStarts), [dayStarts]);
  const want = (rows: Rows) => {
    const { startIndex, endIndex } = rows.range ?? { startIndex: 0, endIndex: 0 };
    const ahead = Math.ceil((AHEAD_SCREENS * (rows.scrollRect?.height ?? 0)) / rowPx);
    pages.want(Math.max(0, startIndex - ahead), endIndex + ahead);
  };
  const rows = useVirtualizer<HTMLElement, HTMLElement>({
    count,
    getScrollElement: box,
    estimateSize: (index) => rowPx + (days.has(index) ? DAY_PX : 0) + (open.get(index) ?? 0),
    // Another function whenever a height changed: the sizes are read anew then.
    // biome-ignore lint/correctness/useExhaustiveDependencies: these are what `estimateSize` reads.
    getItemKey: useCallback((index: number) => index, [rowPx, days, open]),
    initialRect: { width: 0, height: (SERVER_ROWS - OVERSCAN_ROWS) * ROW_PX },
    initialOffset: start.scrollPx,
    rangeExtractor: (range) => {
      const indexes = defaultRangeExtractor(stepped(range));
      if (focused === undefined || focused >= count || indexes.includes(focused)) return indexes;
      return [...indexes, focused].sort((a, b) => a - b);
    },
    onChange: want,
  });
  const latest = useRef({ want, onLeave, rowPx });
  useLayoutEffect(() => {
    latest.current = { want, onLeave, rowPx };
  });
  // What is in view changes with the rows that are there, too.
  // biome-ignore lint/correctness/useExhaustiveDependencies: these are what `want` reads.
  useEffect(() => latest.current.want(rows), [rows, rowPx, count, dayStarts, open]);
  useLayoutEffect(
    () => () => latest.current.onLeave({ scrollPx: rows.scrollOffset ?? 0, rowPx: latest.current.rowPx }),
    [rows],
  );

  /** Scrolls as little as needed to have a row's heading and line in view. */
  const reveal = (index: number) => {
    const element = box();
    const row = rows.measurementsCache[index];
    if (!element || !row) return;
    const lineEnd = row.start + rowPx + (days.has(index) ? DAY_PX : 0);
    const viewPx = element.clientHeight - headPx();
    if (row.start < element.scrollTop) element.scrollTop = row.start;
    else if (lineEnd > element.scrollTop + viewPx) element.scrollTop = lineEnd - viewPx;
  };
  /** Scrolls down as little as needed to have an open row's detail in view; one higher than the view from its line on. */
  const revealOpen = (index: number) => {
    const element = box();
    const row = rows.measurementsCache[index];
    if (!element || !row) return;
    const needed = Math.min(row.start, row.end - (element.clientHeight - headPx()));
    if (needed > element.scrollTop) element.scrollTop = needed;
  };
  const screenRows = () => Math.max(1, Math.floor((rows.scrollRect?.height ?? ROW_PX) / rowPx) - 2);
  const items = rows.getVirtualItems();
  return { items, totalPx: rows.getTotalSize(), reveal, revealOpen, screenRows, tabStop: rows.range?.startIndex ?? 0 };
}
