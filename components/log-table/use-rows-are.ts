import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useSyncExternalStore } from "react";
import { type LogQuery, searchPages } from "./events.queries";
import type { PagesState } from "./log-pages";

/** How the rows of a search stand: what is counted beside them waits for them. */
export type RowsAre = "asked" | "there" | "none" | "failed";

function rowsAre({ answered, error, count, hasMore }: PagesState): RowsAre {
  if (!answered) return error === undefined ? "asked" : "failed";
  return count === 0 && !hasMore ? "none" : "there";
}

export function useRowsAre(query: LogQuery): RowsAre {
  const client = useQueryClient();
  const pages = useMemo(() => searchPages(client, query), [client, query]);
  return rowsAre(useSyncExternalStore(pages.subscribe, pages.state, pages.state));
}
