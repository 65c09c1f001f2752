"use client";

import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import type { LogColumns } from "./columns";
import { type LogQuery, searchPages } from "./events.queries";
import type { KindView } from "./kind-view";
import { LogEnd } from "./log-end";
import type { LogPages, PagesState } from "./log-pages";
import { LogTable } from "./log-table";
import { isFiltered } from "./own-filters";
import { RowsStatus } from "./rows-status";
import { searchState, spokenState } from "./search-state";
import { NoAnswer } from "./states";
import { LogTableSkeleton } from "./table-head";

interface LogRowsProps {
  kind: KindView;
  query: LogQuery;
  /** The history entry that shows it. */
  entry: string;
  columns: LogColumns;
  /** What to show where the search ended without a row. */
  nothing: ReactNode;
}

interface Shown {
  pages: LogPages;
  query: LogQuery;
  entry: string;
}

const usePagesState = (pages: LogPages): PagesState => useSyncExternalStore(pages.subscribe, pages.state, pages.state);

/** The pages of a search, and meanwhile those of the one before, marked as such. */
function useShownSearch(query: LogQuery, entry: string) {
  const client = useQueryClient();
  const pages = useMemo(() => searchPages(client, query), [client, query]);
  const own = usePagesState(pages);
  const isSettled = own.answered || own.error !== undefined;
  const [last, setLast] = useState<Shown>({ pages, query, entry });
  if (isSettled && (last.pages !== pages || last.entry !== entry)) setLast({ pages, query, entry });
  // Of the same app only: another app's rows under this app's name would be wrong even for a moment.
  const stale = !isSettled && last.pages !== pages && last.query.appId === query.appId && last.pages.state().count > 0;
  const shown: Shown = stale ? last : { pages, query, entry };
  const state = usePagesState(shown.pages);
  // Talks to the server: the first page of a search that is shown for the first time; what nobody waits for is given up.
  useEffect(() => {
    // Rows that are known already are wanted by the table, from where it stands.
    if (!pages.state().answered) pages.want(0, 0);
    return () => pages.abort();
  }, [pages]);
  return { pages, own, shown, state, stale };
}

/** The rows of a search, or which of its other states it is in. */
export function LogRows({ kind, query, entry, columns, nothing }: LogRowsProps) {
  const { pages, own, shown, state, stale } = useShownSearch(query, entry);
  const { count, hasMore } = state;
  const what = searchState({
    failed: own.error !== undefined && !own.answered,
    answered: state.answered,
    stale,
    rows: count,
    hasMore,
  });
  const filtered = isFiltered(kind, shown.query.filters);
  const searching = stale || !own.answered;
  return (
    <>
      <section
        // Rows bring a tab stop of their own; without them the keyboard must still be able to scroll.
        tabIndex={what === "rows" && !stale ? -1 : 0}
        aria-label={kind.title}
        className="@container relative min-h-0 flex-1 overflow-y-auto overflow-x-hidden outline-offset-[-2px] [overflow-anchor:none]"
      >
        <p role="status" className="sr-only">
          {what === "failed" ? "" : spokenState(what, { rows: count, hasMore, searching })}
        </p>
        {what === "failed" ? <NoAnswer error={own.error} onRetry={() => pages.retry()} /> : null}
        {what === "pending" ? <LogTableSkeleton columns={columns} /> : null}
        {what === "nothing" ? nothing : null}
        {what === "rows" ? (
          <>
            <LogTable
              key={`${shown.entry} ${shown.query.asOfMs}`}
              label={kind.title}
              pages={shown.pages}
              state={state}
              columns={columns}
              entry={shown.entry}
              asOfMs={shown.query.asOfMs}
              stale={stale}
            />
            {stale ? null : (
              <LogEnd
                state={state}
                filtered={filtered}
                from={query.from}
                onMore={() => pages.more()}
                onRetry={() => pages.retry()}
              />
            )}
          </>
        ) : null}
      </section>
      {what === "rows" ? (
        <RowsStatus
          state={state}
          filtered={filtered}
          asOfMs={shown.query.asOfMs}
          stale={stale}
          onRetry={() => pages.retry()}
        />
      ) : null}
    </>
  );
}
