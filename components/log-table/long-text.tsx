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
  /** An id: where it is cut, it loses its middle. */
  isId?: boolean | undefined;
}

/** What fits the cell of the widest table is read there; anything longer opens whole in a box. */
const LONG_CHARS = 24;

/**
 * A text that a cell may cut. Not a tab stop: with keys the row is opened, and its detail has the same text with the same
 * box.
 */
export function LongText({ label, whole, shown, className, of, always, isId }: LongTextProps) {
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
      // Two halves would be read with a space between them.
      aria-label={isId ? shown : undefined}
      onClick={() => showText({ title: label, text: whole, of })}
      className={`${isId ? "flex" : "block truncate"} max-w-full text-left decoration-faint underline-offset-2 hover:underline ${className ?? ""}`}
    >
      {isId ? <IdHalves id={shown} /> : shown}
    </button>
  );
}

/** Ids of one source begin alike, those of another end alike: whoever compares two wants both ends. */
const END_CHARS = 8;

function IdHalves({ id }: { id: string }) {
  const chars = [...id];
  const end = chars.slice(-END_CHARS).join("");
  return (
    <>
      <span className="truncate">{id.slice(0, id.length - end.length)}</span>
      <span className="shrink-0">{end}</span>
    </>
  );
}
