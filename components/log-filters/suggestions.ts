import { printQuery } from "@/lib/filters/language/print";

/** What may be put where the caret is. */
export interface Suggestion {
  /** What is put there. */
  text: string;
  label: string;
  /** Beside it: what a field is, or how many rows have a value. */
  hint: string;
}

export interface Suggested {
  /** What they replace, UTF-16 units, half-open. */
  start: number;
  end: number;
  items: readonly Suggestion[];
}

export interface SuggestedField {
  name: string;
  label: string;
  options?: readonly string[];
}

/** A value and how many rows of the window have it. */
export interface CountedValue {
  value: string;
  hint: string;
}

const MOST = 8;
const NONE: readonly CountedValue[] = [];

/** The piece of the query that ends at the caret: what stands behind a space, a bracket or a minus, not inside quotes. */
export function pieceAt(text: string, caret: number): { start: number; field: string | undefined; typed: string } {
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at < caret; at += 1) {
    const character = text[at] ?? "";
    if (character === '"' && text[at - 1] !== "\\") isQuoted = !isQuoted;
    if (!isQuoted && (/[\s()]/.test(character) || (character === "-" && at === start))) start = at + 1;
  }
  const piece = text.slice(start, caret);
  const [, field, typed = ""] = /^([\w.-]+):(.*)$/s.exec(piece) ?? [];
  return { start, field, typed: field === undefined ? piece : typed.replace(/^"/, "") };
}

function valuesOf(field: SuggestedField, counted: readonly CountedValue[]): readonly CountedValue[] {
  if (counted.length > 0) return counted;
  return field.options?.map((value) => ({ value, hint: "" })) ?? [];
}

const has = (text: string, typed: string) => text.toLowerCase().includes(typed.toLowerCase());

/** @param counted values of the field at the caret, as the log has them */
export function suggest(
  { text, caret }: { text: string; caret: number },
  fields: readonly SuggestedField[],
  counted = NONE,
): Suggested {
  const { start, field: name, typed } = pieceAt(text, caret);
  const place = { start, end: caret };
  const field = fields.find((one) => one.name === name);
  if (field) {
    const values = valuesOf(field, counted).filter(({ value }) => has(value, typed));
    const items = values.slice(0, MOST).map(({ value, hint }) => ({
      text: `${printQuery({ type: "comparison", field: field.name, operator: "=", value })} `,
      label: value,
      hint,
    }));
    return { ...place, items };
  }
  if (name !== undefined || typed.startsWith('"')) return { ...place, items: [] };
  const known = fields.filter((one) => has(one.name, typed) || has(one.label, typed));
  const items = known.slice(0, MOST).map((one) => ({ text: `${one.name}:`, label: `${one.name}:`, hint: one.label }));
  return { ...place, items };
}
