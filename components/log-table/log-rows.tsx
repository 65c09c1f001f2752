"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { lazy, Suspense, useCallback, useMemo } from "react";
import type { LogColumns } from "./columns";
import { type LogQuery, type SearchPage, searchQuery } from "./events.queries";
import type { Row } from "./kind-view";
import { LogEnd } from "./log-end";
import { LogTable, LogTableSkeleton } from "./log-table";
import { searchState, spokenState } from "./search-state";
import { NothingFound, SearchFailed } from "./states";

/** Loaded when a log is empty: most never are. */
const FirstRow = lazy(async () => ({ default: (await import("../first-row/first-row")).FirstRow }));

const NO_ROWS: Row[] = [];

interface LogRowsProps {
  title: string;
  query: LogQuery;
  columns: LogColumns;
  onClearFilters: () => void;
  onWiden: (() => void) | undefined;
  /** Asks anew, with another "now". */
  onRefresh: () => void;
}

/** One search, page by page, and which of its states to show. */
function useLogSearch(query: LogQuery) {
  const search = useInfiniteQuery({
    ...searchQuery(query),
    // Of the same app only: another app's rows under this app's name would be wrong even for a moment.
    placeholderData: (before, beforeQuery) => (beforeQuery?.queryKey[2].appId === query.appId ? before : undefined),
  });
  const pages: readonly SearchPage[] | undefined = search.data?.pages;
  const rows = useMemo(() => pages?.flatMap(({ events }) => events) ?? NO_ROWS, [pages]);
  const last = pages?.at(-1);
  const stale = search.isPlaceholderData;
  const hasMore = search.hasNextPage;
  const failed = search.isError && !search.isFetchNextPageError;
  const state = searchState({ failed, answered: pages !== undefined, stale, rows: rows.length, hasMore });
  return {
    search,
    rows,
    state,
    stale,
    spoken: spokenState(state, { rows: rows.length, hasMore, searching: search.isFetching }),
    searchedTo: last?.partial ? last.searched_to : undefined,
  } as const;
}

/** The rows of a search, or which of its other states it is in. */
export function LogRows({ title, query, columns, onClearFilters, onWiden, onRefresh }: LogRowsProps) {
  const { search, rows, searchedTo, state, stale, spoken } = useLogSearch(query);
  const { fetchNextPage, refetch } = search;
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  return (
    <section
      // Rows bring a tab stop of their own; without them the keyboard must still be able to scroll.
      tabIndex={state === "rows" && !stale ? -1 : 0}
      aria-label={title}
      className="relative min-h-0 flex-1 overflow-auto outline-offset-[-2px]"
    >
      <p role="status" className="sr-only">
        {spoken}
      </p>
      {state === "failed" ? <SearchFailed error={search.error} onRetry={() => void refetch()} /> : null}
      {state === "pending" ? <LogTableSkeleton columns={columns} /> : null}
      {state === "nothing" ? (
        <Nothing title={title} query={query} onClearFilters={onClearFilters} onWiden={onWiden} onRefresh={onRefresh} />
      ) : null}
      {state === "rows" ? (
        <>
          <LogTable label={title} rows={rows} columns={columns} appId={query.appId} stale={stale} />
          {stale ? null : (
            <LogEnd
              count={rows.length}
              hasMore={search.hasNextPage}
              loading={search.isFetchingNextPage}
              error={search.isFetchNextPageError ? search.error : undefined}
              searchedTo={searchedTo}
              from={query.from}
              onMore={more}
            />
          )}
        </>
      ) : null}
    </section>
  );
}

/** No row was found: because of the filters, because of the window, or because the log has none at all. */
function Nothing({ title, query, onClearFilters, onWiden, onRefresh }: Omit<LogRowsProps, "columns">) {
  const filtered = Object.keys(query.filters).length > 0;
  const nothing = <NothingFound title={title} filtered={filtered} onClearFilters={onClearFilters} onWiden={onWiden} />;
  if (filtered) return nothing;
  return (
    <Suspense>
      <FirstRow appId={query.appId} otherwise={nothing} onShow={onRefresh} />
    </Suspense>
  );
}
