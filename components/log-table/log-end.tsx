"use client";

import { ChevronsDown, LoaderCircle } from "lucide-react";
import { useEffect, useRef } from "react";
import { Button } from "../ui/button";
import { SearchFailed } from "./states";
import { fullTime } from "./time-text";

interface LogEndProps {
  /** Rows that are shown. */
  count: number;
  hasMore: boolean;
  loading: boolean;
  error: unknown;
  /** A budget ended the walk here; going on is the reader's choice. */
  searchedTo: string | undefined;
  from: string;
  onMore: () => void;
}

/** What comes after the last row: more of them, the end of the window, or why there are none. */
export function LogEnd({ count, hasMore, loading, error, searchedTo, from, onMore }: LogEndProps) {
  const place = useRef<HTMLDivElement>(null);
  const auto = hasMore && !loading && !error && searchedTo === undefined;
  // Talks to the browser's scrolling: the next page is asked for a screen and a half ahead.
  useEffect(() => {
    const element = place.current;
    if (!element || !auto) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && onMore(), {
      // The scrolling parent: a margin around the window would be clipped by it.
      root: element.parentElement,
      rootMargin: "0px 0px 150% 0px",
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [auto, onMore]);

  if (error) return <SearchFailed error={error} onRetry={onMore} className="py-6" />;
  return (
    <div ref={place} className="flex min-h-12 flex-wrap items-center justify-center gap-3 px-4 py-2 text-muted text-xs">
      {loading ? (
        <span role="status" className="inline-flex items-center gap-2">
          <LoaderCircle aria-hidden className="size-3.5 animate-spin" />
          Loading older rows
        </span>
      ) : hasMore ? (
        <>
          {searchedTo ? <span>Searched back to {fullTime(searchedTo)} UTC so far.</span> : null}
          <Button size="small" onClick={onMore}>
            <ChevronsDown aria-hidden className="size-3.5" />
            {searchedTo ? "Continue" : "Load older rows"}
          </Button>
        </>
      ) : (
        <span>
          End of the window, {fullTime(from)} UTC · {count.toLocaleString("en-US")} {count === 1 ? "row" : "rows"}
        </span>
      )}
    </div>
  );
}
