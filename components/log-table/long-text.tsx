"use client";

import { type ShownText, useShowText } from "./log-actions";

interface LongTextProps {
  /** What it is: URL, reason. */
  label: string;
  /** As it was logged; this is what is copied. */
  whole: string;
  /** In one line, with every character visible. */
  shown: string;
  className: string | undefined;
  of: NonNullable<ShownText["of"]>;
  /** Opens whatever its length: what people come to copy. */
  always?: boolean | undefined;
}

/** What fits the cell of the widest table is read there; anything longer opens whole in a box. */
const LONG_CHARS = 24;

/**
 * A text that a cell may cut. Not a tab stop: with keys the row is opened, and its detail has the same text with the same
 * box.
 */
export function LongText({ label, whole, shown, className, of, always }: LongTextProps) {
  const showText = useShowText();
  if (shown.length <= LONG_CHARS && !always) {
    return (
      <span title={shown} className={className}>
        {shown}
      </span>
    );
  }
  return (
    <button
      type="button"
      tabIndex={-1}
      title={`Show the whole ${label}`}
      onClick={() => showText({ title: label, text: whole, of })}
      className={`block max-w-full truncate text-left decoration-faint underline-offset-2 hover:underline ${className ?? ""}`}
    >
      {shown}
    </button>
  );
}
