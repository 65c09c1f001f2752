import { ChevronsDown, LoaderCircle } from "lucide-react";
import { counted } from "../ui/amounts";
import { Button } from "../ui/button";
import type { PagesState } from "./log-pages";
import { rowNoun } from "./row-noun";
import { SearchFailed } from "./states";
import { fullTime } from "./time-text";

interface LogEndProps {
  state: PagesState;
  /** Only rows that match a filter were counted. */
  filtered: boolean;
  /** Start of the window, RFC 3339 UTC. */
  from: string;
  onMore: () => void;
  onRetry: () => void;
}

/** What comes after the last row: more of them, the end of the window, or why they could not be read. */
export function LogEnd({ state, filtered, from, onMore, onRetry }: LogEndProps) {
  const { count, hasMore, loading, error, searchedTo } = state;
  if (error !== undefined) return <SearchFailed error={error} onRetry={onRetry} className="py-6" />;
  return (
    <div className="flex min-h-12 flex-wrap items-center justify-center gap-3 px-4 py-2 text-center text-muted text-xs">
      {searchedTo !== undefined && !loading ? (
        <>
          <span>Searched back to {fullTime(searchedTo)} UTC so far.</span>
          <Button size="small" onClick={onMore}>
            <ChevronsDown aria-hidden className="size-3.5" />
            Search on
          </Button>
        </>
      ) : hasMore ? (
        <span className="inline-flex items-center gap-2">
          <LoaderCircle aria-hidden className="size-3.5 animate-spin" />
          Loading older rows
        </span>
      ) : (
        <span>
          End of the window, {fullTime(from)} UTC · {counted(count, rowNoun(filtered))}
        </span>
      )}
    </div>
  );
}
