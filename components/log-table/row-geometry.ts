/**
 * Where rows lie without asking the browser: all rows are equally high, the first of a day carries the day's heading above
 * it, and an open row carries its detail below it. Positions follow from a few numbers, so a log of 100,000 rows costs what
 * a log of fifty does.
 */
export interface Geometry {
  /** Height of a row's line, px. */
  rowPx: number;
  /** Height of a day's heading, px. */
  dayPx: number;
  /** Indexes of rows that begin a day, ascending. */
  dayStarts: readonly number[];
  /** Index of an open row → height of its detail, px. */
  open: ReadonlyMap<number, number>;
}

/** How many of the ascending numbers are below a limit. */
function countBelow(ascending: readonly number[], limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Top of a row (of its day's heading, where it has one), px from the first row. At `count`: the height of all rows. */
export function topOf({ rowPx, dayPx, dayStarts, open }: Geometry, index: number): number {
  let details = 0;
  for (const [at, height] of open) if (at < index) details += height;
  return index * rowPx + countBelow(dayStarts, index) * dayPx + details;
}

/** Top of the row's own line, below its day's heading. */
export function lineTopOf(geometry: Geometry, index: number): number {
  const { dayStarts, dayPx } = geometry;
  const begins = dayStarts[countBelow(dayStarts, index)] === index;
  return topOf(geometry, index) + (begins ? dayPx : 0);
}

/** The row at a height, px from the first row: the last one that starts at or above it. From 0 to `count - 1`. */
export function rowAt(geometry: Geometry, px: number, count: number): number {
  let low = 0;
  let high = Math.max(0, count - 1);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (topOf(geometry, middle) <= px) low = middle;
    else high = middle - 1;
  }
  return low;
}
