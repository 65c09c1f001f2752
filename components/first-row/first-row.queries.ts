import { type Query, queryOptions } from "@tanstack/react-query";
import { failureOf, fetchJson } from "../log-table/fetch-json";
import type { Row } from "../log-table/kind-view";

interface FirstPage {
  /** The oldest row of the log, if it has any. */
  events: Row[];
}

const FIRST_DELAY_MS = 1_000;
const DELAY_MS_MAX = 15_000;
const GROWTH = 1.5;
/** About 13 minutes. Then it stops, since each question keeps the session from going idle. */
const ASKED_MAX = 60;

/** How long to wait before the next question, ms; false: ask no more. `asked`: questions that were answered so far. */
export function nextDelayMs(asked: number): number | false {
  if (asked >= ASKED_MAX) return false;
  return Math.min(FIRST_DELAY_MS * GROWTH ** Math.max(0, asked - 1), DELAY_MS_MAX);
}

function delayOf({ state }: Query<FirstPage, Error, FirstPage, readonly unknown[]>): number | false {
  if (state.data && state.data.events.length > 0) return false;
  if (state.error && failureOf(state.error).signedOut) return false;
  return nextDelayMs(state.dataUpdateCount + state.errorUpdateCount);
}

/**
 * The first row of an application's log, asked for until it is there: ever more slowly, and not while the page is hidden.
 * `round`: another one begins quickly again.
 */
export function firstRowQuery(appId: string, round: number) {
  return queryOptions({
    queryKey: ["events", "first", appId, round] as readonly unknown[],
    queryFn: ({ signal }) =>
      fetchJson<FirstPage>(`/v1/events?${new URLSearchParams({ app_id: appId, limit: "1" })}`, signal),
    gcTime: 0,
    staleTime: 0,
    retry: false,
    refetchInterval: delayOf,
    refetchIntervalInBackground: false,
    // Whoever comes back from the terminal wants to see it now.
    refetchOnWindowFocus: (query) => (delayOf(query) === false ? false : "always"),
  });
}
