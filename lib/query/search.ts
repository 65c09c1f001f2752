import "server-only";
import type { Granted } from "@/lib/access/granted";
import { matches } from "@/lib/filters/matches";
import { formatTime } from "@/lib/log-kinds/time";
import { recordView } from "@/lib/system-audit/reading";
import { encodeSearch, encodeSnapshot } from "./cursor";
import { comparePlaces, firstPlace, type Place } from "./place";
import { readPlan } from "./read-plan";
import { type FlatRow, flatten, shown, visible } from "./row";
import { searchLog } from "./search-log";
import type { SearchQuery } from "./search-query";

export interface SearchPage {
  events: FlatRow[];
  next_cursor: string | null;
  has_more: boolean;
  /** Pins later questions to what this answer saw. */
  snapshot: string;
  /** A budget ended the walk: rows older than `searched_to` were not looked at; continue with `next_cursor`. */
  partial?: true;
  searched_to?: string;
}

interface Candidate {
  row: FlatRow;
  place: Place;
}

/** searchEvents for the product's own questions, which show nobody a row, and so are no view of any. */
export async function findRows(ctx: Granted<"events:read">, query: SearchQuery): Promise<SearchPage> {
  const pin = query.cursor?.asOf ?? query.asOf;
  const { logs, asOf, how } = await readPlan(ctx, { appIds: query.appIds, ...(pin && { asOf: pin }) });
  const answers = await Promise.all(
    logs.map(async (log) => ({ log, answer: await searchLog(log, query, asOf.get(log.id) ?? 0) })),
  );
  const candidates: Candidate[] = answers.flatMap(({ log, answer }) =>
    answer.rows.map((stored) => ({
      row: visible(flatten(log, stored), how),
      place: { occurredAtMicros: stored.occurred_us, logId: log.id, seq: stored.seq },
    })),
  );
  // Where a log's walk ended early, nothing beyond that place may be shown yet: its own rows there are unknown.
  const floor = firstPlace(answers.map(({ answer }) => answer.searchedTo));
  const known = candidates
    .filter(({ place }) => !floor || comparePlaces(place, floor) <= 0)
    .sort((a, b) => comparePlaces(a.place, b.place));
  const page = known.slice(0, query.limit);
  const next = known.length > query.limit ? page.at(-1)?.place : floor;
  return {
    events: page.filter(({ row }) => matches(row, query.filter)).map(({ row }) => shown(row, how)),
    next_cursor: next ? encodeSearch({ ...next, asOf }) : null,
    has_more: next !== undefined,
    snapshot: encodeSnapshot(asOf),
    ...(next && next === floor ? { partial: true, searched_to: formatTime(floor.occurredAtMicros) } : {}),
  };
}

/**
 * One page of rows in the window, newest first, each exactly once over a series of pages. A budget may end the walk early:
 * then `partial` says so and `next_cursor` goes on from there.
 */
export async function searchEvents(ctx: Granted<"events:read">, query: SearchQuery): Promise<SearchPage> {
  const page = await findRows(ctx, query);
  recordView(ctx, query);
  return page;
}
