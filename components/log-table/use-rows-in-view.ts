"use client";

import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import type { LogPages } from "./log-pages";
import { ROW_LINE } from "./log-row";
import { type Geometry, lineTopOf, rowAt, topOf } from "./row-geometry";

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

interface RowsInViewOptions {
  /** The head and then the rows; what it stands in scrolls. By its parent and not by a ref to that: a parent's ref is set after a child's effects. */
  grid: RefObject<HTMLElement | null>;
  /** Sticks to the top of it. */
  head: RefObject<HTMLElement | null>;
  pages: LogPages;
  count: number;
  dayStarts: readonly number[];
  open: ReadonlyMap<number, number>;
  /** Where it was scrolled to when it was left, px. */
  startPx: number;
  onScroll: (px: number) => void;
}

/** Which rows are in the page: those in view and some around them. `want`s the rows that will be needed next. */
export function useRowsInView(options: RowsInViewOptions) {
  const { grid, count, dayStarts, open, startPx } = options;
  const [rowPx, setRowPx] = useState(ROW_PX);
  const [range, setRange] = useState<readonly [number, number]>([0, SERVER_ROWS - 1]);
  const geometry: Geometry = { rowPx, dayPx: DAY_PX, dayStarts, open };
  const latest = useRef({ ...options, geometry });
  useLayoutEffect(() => {
    latest.current = { ...options, geometry };
  });

  const measure = useCallback(() => {
    const { head, pages, ...now } = latest.current;
    const box = now.grid.current?.parentElement;
    if (!box) return;
    const viewPx = box.clientHeight - (head.current?.offsetHeight ?? 0);
    const first = rowAt(now.geometry, box.scrollTop, now.count);
    const last = rowAt(now.geometry, box.scrollTop + viewPx, now.count);
    const ahead = Math.ceil((AHEAD_SCREENS * viewPx) / now.geometry.rowPx);
    pages.want(Math.max(0, first - ahead), last + ahead);
    const from = Math.max(0, Math.floor((first - OVERSCAN_ROWS) / STEP_ROWS) * STEP_ROWS);
    const to = Math.ceil((last + OVERSCAN_ROWS) / STEP_ROWS) * STEP_ROWS;
    setRange((before) => (before[0] === from && before[1] === to ? before : [from, to]));
  }, []);

  // Talks to the browser's layout: where it is scrolled to, and how high a row is in this window.
  useLayoutEffect(() => {
    const box = grid.current?.parentElement;
    if (!box) return;
    box.scrollTop = startPx;
    const scrolled = () => {
      flushSync(measure);
      latest.current.onScroll(box.scrollTop);
    };
    const resized = new ResizeObserver(() => {
      const line = box.querySelector<HTMLElement>(`[${ROW_LINE}]`);
      if (line) setRowPx(line.offsetHeight);
      measure();
    });
    resized.observe(box);
    box.addEventListener("scroll", scrolled, { passive: true });
    return () => {
      resized.disconnect();
      box.removeEventListener("scroll", scrolled);
    };
  }, [grid, startPx, measure]);
  // What is in view changes with the rows that are there, too.
  // biome-ignore lint/correctness/useExhaustiveDependencies: these are what the measuring reads through `latest`.
  useEffect(measure, [measure, rowPx, count, dayStarts, open]);

  /** Scrolls as little as needed to have a row in view. */
  const reveal = (index: number) => {
    const box = grid.current?.parentElement;
    if (!box) return;
    const viewPx = box.clientHeight - (latest.current.head.current?.offsetHeight ?? 0);
    const [top, line] = [topOf(geometry, index), lineTopOf(geometry, index)];
    if (top < box.scrollTop) box.scrollTop = top;
    else if (line + rowPx > box.scrollTop + viewPx) box.scrollTop = line + rowPx - viewPx;
  };
  const screenRows = () => Math.max(1, Math.floor((grid.current?.parentElement?.clientHeight ?? ROW_PX) / rowPx) - 2);
  const [first, last] = [Math.min(range[0], Math.max(0, count - 1)), Math.min(range[1], count - 1)];
  return {
    geometry,
    first,
    last,
    reveal,
    screenRows,
    tabStop: first === 0 ? 0 : Math.min(first + OVERSCAN_ROWS + STEP_ROWS, last),
  };
}
