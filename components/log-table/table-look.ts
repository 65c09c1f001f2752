import type { ReactNode } from "react";
import type { Row } from "./kind-view";

/** How a column looks; what it is comes from the kind's declaration. */
export interface ColumnLook {
  field: string;
  /** Ids that are shown where the field is empty: the first of these that is not. */
  otherwise?: readonly string[];
  /** Where the declaration's label is not what the head says. */
  head?: string;
  /** From which width of the table on it is shown, and where it stands in a narrow one. */
  className: string;
  mono?: boolean;
  /** An id: a cell too narrow for it cuts its middle. */
  isId?: boolean;
  unit?: string;
  /** May be longer than any cell: opens in a box. `always`: whatever its length. */
  long?: boolean | "always";
  /** Where it is more than the field's text. */
  render?: (row: Row) => ReactNode;
}

export interface TableLook {
  /** Tracks from the narrowest table up; must name as many as there are columns shown. The time comes first. */
  grid: string;
  /** What the time is called. */
  timeHead?: string;
  /** What stands beside the time of a row; nothing of most. */
  timeMark?: (row: Row) => ReactNode;
  columns: readonly ColumnLook[];
  /** Wash and mark of a row that failed. */
  rowClass?: (row: Row) => string | undefined;
}
