import { CircleAlert } from "lucide-react";
import { counted } from "../ui/amounts";
import { Button } from "../ui/button";
import type { PagesState } from "./log-pages";
import { rowNoun } from "./row-noun";
import { fullTime } from "./time-text";

interface RowsStatusProps {
  state: PagesState;
  /** Only rows that match a filter were counted. */
  filtered: boolean;
  asOfMs: number;
  stale: boolean;
  onRetry: () => void;
}

/** The line below the rows: how many were read, whether that is all of them, and as of when. */
export function RowsStatus({ state, filtered, asOfMs, stale, onRetry }: RowsStatusProps) {
  const asOf = fullTime(new Date(asOfMs).toISOString());
  return (
    <div className="flex h-8 shrink-0 items-center justify-between gap-3 border-line border-t bg-surface px-3 text-muted text-xs sm:px-4">
      {state.error === undefined ? (
        <span className="truncate">{progressText(state, filtered, stale)}</span>
      ) : (
        <span className="flex min-w-0 items-center gap-2 text-red">
          <CircleAlert aria-hidden className="size-3.5 shrink-0" />
          <span className="truncate">Some rows could not be read</span>
          <Button size="small" className="h-6" onClick={onRetry}>
            Try again
          </Button>
        </span>
      )}
      <span className="shrink-0">
        <span className="max-sm:sr-only">Read </span>as of <span className="font-mono">{asOf}</span>{" "}
        <span className="text-faint">UTC</span>
      </span>
    </div>
  );
}

function progressText({ count, hasMore }: PagesState, filtered: boolean, stale: boolean): string {
  if (stale) return "Searching";
  const row = rowNoun(filtered);
  const rows = counted(count, row);
  if (hasMore) return `${rows} read, more below`;
  return count === 1 ? `The only ${row} of this window` : `All ${rows} of this window`;
}
