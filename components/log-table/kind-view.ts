/** What the browser needs of a kind's declaration; the declaration itself brings its validation library along. */
export interface FieldView {
  name: string;
  label: string;
  description: string;
  type: string;
  /** The only values it can have, where they are fixed. */
  options?: readonly string[];
  /** What is said below it in the panel. */
  hint?: string;
  /** Value → what the page shows for it, where values have words. */
  words?: Readonly<Record<string, string>>;
  /** Names of its elements' members, in the order to show. */
  members?: readonly string[];
}

export interface FilterView extends FieldView {
  /** What people look for first. */
  common: boolean;
}

export interface KindView {
  id: string;
  title: string;
  /** Many of its rows, in a sentence: `calls`. */
  noun: string;
  /** Fields of its own. */
  fields: readonly FieldView[];
  /** Exact filters in the order to show: `id`, fields, members of list elements, and `text` for words. */
  filters: readonly FilterView[];
  /** The longest window that its page shows, ms. */
  windowMaxMs?: number;
  /** The filter that is a row of tabs, and not among those of the panel. */
  tabs?: string;
  /** Names of the window's ends, where the panel has them, too. */
  windowFilters?: { after: string; before: string };
  /** What is said beside Refresh. */
  refreshNote?: string;
  /** How rows come into a log that has none of this kind. */
  origin?: string;
}

/** A row as the API answers it: flat, absent fields null. */
export type Row = Record<string, unknown> & { id: string; seq: number; created_at: string; occurred_at: string };
