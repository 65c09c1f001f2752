/** What the browser needs of a kind's declaration; the declaration itself brings its validation library along. */
export interface FieldView {
  name: string;
  label: string;
  description: string;
  type: string;
  /** Has an exact filter. */
  filterable: boolean;
  /** The only values it can have, where they are fixed. */
  options?: readonly string[];
}

export interface KindView {
  id: string;
  title: string;
  fields: readonly FieldView[];
}

/** A row as the API answers it: flat, absent fields null. */
export type Row = Record<string, unknown> & { id: string; seq: number; created_at: string; occurred_at: string };
