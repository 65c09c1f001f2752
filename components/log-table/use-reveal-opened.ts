"use client";

import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef } from "react";

/** What says that the person moves on by themselves: the view stays theirs from then on. */
const MOVES = ["wheel", "touchmove", "pointerdown", "keydown"] as const;

interface RevealOptions {
  grid: RefObject<HTMLElement | null>;
  /** Index of an open row → height of its detail, px; 0: not yet. */
  open: ReadonlyMap<number, number>;
  toggle: (index: number) => void;
  reveal: (index: number) => void;
}

/**
 * Keeps the row that was opened last in view while its detail is loading and growing, until somebody scrolls or acts.
 * @returns `toggle` that remembers which row it was
 */
export function useRevealOpened({ grid, open, toggle, reveal }: RevealOptions): (index: number) => void {
  const opened = useRef<number>(undefined);
  // Talks to the browser's layout: before it is painted, so that the row does not jump.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a height that changed is a reason to scroll.
  useLayoutEffect(() => {
    if (opened.current !== undefined && (open.get(opened.current) ?? 0) > 0) reveal(opened.current);
  }, [open]);
  useEffect(() => {
    const box = grid.current?.parentElement;
    if (!box) return;
    const forget = () => {
      opened.current = undefined;
    };
    for (const move of MOVES) box.addEventListener(move, forget, { capture: true, passive: true });
    return () => {
      for (const move of MOVES) box.removeEventListener(move, forget, { capture: true });
    };
  }, [grid]);
  return useCallback(
    (index: number) => {
      opened.current = index;
      toggle(index);
    },
    [toggle],
  );
}
