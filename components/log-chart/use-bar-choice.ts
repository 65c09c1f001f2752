import { type KeyboardEvent, type PointerEvent, useState } from "react";
import { indexAt } from "./bars";

/** Bars from `anchor` to `at`, both inclusive, in either order. */
export interface Choice {
  anchor: number;
  at: number;
}

interface Held {
  /** What the choice is of: with another answer, the bars are others. */
  of: unknown;
  hovered: number | undefined;
  choice: Choice | undefined;
  isDragging: boolean;
}

const nothing = (of: unknown): Held => ({ of, hovered: undefined, choice: undefined, isDragging: false });

/** Page Up and Page Down. */
const LEAP = 10;

/** Where a key leads, from the bar at `at`. */
function stepOf(key: string, at: number, last: number): number | undefined {
  const steps = new Map([
    ["ArrowLeft", at - 1],
    ["ArrowDown", at - 1],
    ["ArrowRight", at + 1],
    ["ArrowUp", at + 1],
    ["PageDown", at - LEAP],
    ["PageUp", at + LEAP],
    ["Home", 0],
    ["End", last],
  ]);
  const to = steps.get(key);
  return to === undefined ? undefined : Math.min(last, Math.max(0, to));
}

/** What is chosen after a key; undefined: the key is not for the bars. */
function choiceAfter(
  { key, shiftKey }: Pick<KeyboardEvent, "key" | "shiftKey">,
  choice: Choice | undefined,
  last: number,
): Choice | undefined {
  const isWide = choice !== undefined && choice.anchor !== choice.at;
  if (key === "Escape") return isWide ? { anchor: choice.at, at: choice.at } : undefined;
  // After a zoom nothing is chosen yet: the first key goes to the newest bar.
  const to = stepOf(key, choice ? choice.at : last + 1, last);
  return to === undefined ? undefined : { anchor: shiftKey && choice ? choice.anchor : to, at: to };
}

interface Bars {
  /** The answer that they are. */
  of: unknown;
  count: number;
  /** Some bars were chosen. */
  onChoose: (choice: Choice) => void;
}

const placeOf = ({ clientX, currentTarget }: PointerEvent, count: number) => {
  const { left, width } = currentTarget.getBoundingClientRect();
  return indexAt((clientX - left) / width, count);
};

/** Which bars are pointed at, dragged over, or walked to by keyboard. */
export function useBarChoice({ of, count, onChoose }: Bars) {
  const [held, setHeld] = useState(() => nothing(of));
  if (held.of !== of) setHeld(nothing(of));
  const { choice, isDragging } = held;
  const change = (next: Partial<Held>) => setHeld({ ...held, ...next });
  const last = count - 1;

  const keyDown = (event: KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey || count === 0) return;
    const isZoom = event.key === "Enter" && choice !== undefined;
    const next = choiceAfter(event, choice, last);
    if (!isZoom && !next) return;
    event.preventDefault();
    if (isZoom) onChoose(choice);
    else change({ hovered: undefined, choice: next, isDragging: false });
  };
  const pointer = {
    onPointerDown: (event: PointerEvent) => {
      if (event.button !== 0 || !event.isPrimary || count === 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      const at = placeOf(event, count);
      change({ hovered: undefined, choice: { anchor: at, at }, isDragging: true });
    },
    onPointerMove: (event: PointerEvent) => {
      if (count === 0 || !event.isPrimary) return;
      const at = placeOf(event, count);
      if (isDragging && choice) {
        if (at !== choice.at) change({ choice: { ...choice, at } });
      } else if (at !== held.hovered) change({ hovered: at });
    },
    onPointerUp: () => {
      if (!isDragging || !choice) return;
      change({ choice: undefined, isDragging: false });
      onChoose(choice);
    },
    // The finger scrolls the page instead.
    onPointerCancel: () => change({ hovered: undefined, choice: undefined, isDragging: false }),
    onPointerLeave: () => change({ hovered: undefined }),
  };
  const handlers = {
    ...pointer,
    onKeyDown: keyDown,
    onFocus: () => count > 0 && !choice && change({ choice: { anchor: last, at: last } }),
    onBlur: () => change({ choice: undefined, isDragging: false }),
  };
  return { choice, hovered: held.hovered, isDragging, handlers };
}
