// biome-ignore-all lint/a11y/useSemanticElements: a grid of roles, since rows of a <table> cannot be laid out as CSS grids or virtualised.
// biome-ignore-all lint/a11y/useFocusableInteractive: heads are read, not operated.
import type { Ref } from "react";
import { cx } from "../ui/class-names";
import { Skeleton } from "../ui/skeleton";
import type { LogColumns } from "./columns";
import { LINE } from "./log-row";

/** What the columns are; for screen readers only where a row has two lines. */
export function TableHead({ columns: { grid, columns }, ref }: { columns: LogColumns; ref?: Ref<HTMLDivElement> }) {
  return (
    <div ref={ref} role="rowgroup" className="sticky top-0 z-10 border-line border-b bg-page @max-2xl:sr-only">
      <div role="row" aria-rowindex={1} className={cx("grid h-8 items-center gap-x-4 px-4", grid)}>
        {columns.map(({ id, head, hint, className }, index) => (
          <div
            key={id}
            role="columnheader"
            aria-colindex={index + 1}
            title={hint}
            className={cx("min-w-0 truncate font-medium text-muted text-xs", index === 0 && "pl-[1.125rem]", className)}
          >
            {head}
          </div>
        ))}
      </div>
    </div>
  );
}

const SKELETON_ROWS = 24;

/** About as wide as what will stand there, and on its side of the column. */
function skeletonClass(column: number, row: number, className: string): string {
  if (column === 0) return "ml-[1.125rem] w-32";
  const width = row % 3 === 0 ? "w-2/3" : "w-1/2";
  return cx("@max-2xl:w-14", width, className.includes("text-right") && "ml-auto");
}

/** Rows of the right shape while the real ones are on their way. */
export function LogTableSkeleton({ columns }: { columns: LogColumns }) {
  return (
    <div aria-hidden>
      <TableHead columns={columns} />
      {/* Where the first day's heading will be: the rows must not move when they come. */}
      <div className="flex h-7 items-center border-line border-b bg-surface px-3 @2xl:px-4">
        <Skeleton className="w-16" />
      </div>
      {Array.from({ length: SKELETON_ROWS }, (_, row) => row).map((row) => (
        <div key={row} className={cx(LINE, columns.grid)}>
          {columns.columns.map(({ id, className }, index) => (
            <div key={id} className={cx("min-w-0", className)}>
              <Skeleton className={skeletonClass(index, row, className)} />
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}
