import "server-only";
import type { Granted } from "@/lib/access/granted";
import type { NearestAnswer } from "@/lib/contracts/events";
import { EARLIEST, LATEST } from "@/lib/log-kinds/time";
import { recordView } from "@/lib/system-audit/reading";
import { findRows } from "./search";
import type { SearchQuery } from "./search-query";

type Question = Omit<SearchQuery, "limit" | "cursor">;

async function newestIn(ctx: Granted<"events:read">, query: Question): Promise<NearestAnswer["earlier"]> {
  // A window that reaches to the end of time has nothing on that side, and is no window to search.
  if (query.fromMicros >= query.toMicros) return { occurred_at: null };
  const { events, partial, searched_to } = await findRows(ctx, { ...query, limit: 1 });
  const [row] = events;
  if (row) return { occurred_at: String(row.occurred_at) };
  return { occurred_at: null, ...(partial && { partial, searched_to }) };
}

/**
 * When the newest row before a window happened, and the newest one after it. Only times: told as a view of the window
 * itself, so that a question is one row of the system log with its search, and none that the reader never asked. It is told
 * all the same: filters are the reader's own, and whether a row matches them may be just what is sought.
 */
export async function nearestTo(ctx: Granted<"events:read">, query: Question): Promise<NearestAnswer> {
  const [earlier, later] = await Promise.all([
    newestIn(ctx, { ...query, fromMicros: EARLIEST, toMicros: query.fromMicros }),
    newestIn(ctx, { ...query, fromMicros: query.toMicros, toMicros: LATEST }),
  ]);
  recordView(ctx, query);
  return { earlier, later };
}
