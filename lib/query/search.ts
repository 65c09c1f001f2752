import "server-only";
import type { Granted } from "@/lib/access/granted";
import { matches } from "@/lib/filters/matches";
import { narrowed } from "@/lib/filters/narrow";
import { formatTime } from "@/lib/log-kinds/time";
import { recordView } from "@/lib/system-audit/reading";
import { encodeSearch, encodeSnapshot } from "./cursor";
import { comparePlaces, firstPlace, type Place } from "./place";
import { type ReadPlan, readPlan } from "./read-plan";
import { type FlatRow, flatten, shown, visible } from "./row";
import { searchLog } from "./search-log";
import { SEARCH_BUDGETS, type SearchQuery } from "./search-query";

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

/** What one look at the logs found: matching rows in order, and where to go on. */
interface Look {
  found: Candidate[];
  /** Undefined: nothing is left. */
  next: Place | undefined;
  /** A budget ended it. */
  isPartial: boolean;
}

async function look({ logs, asOf, how }: ReadPlan, query: SearchQuery): Promise<Look> {
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
  const isFull = known.length > query.limit;
  return {
    found: page.filter(({ row }) => matches(row, query.filter)),
    next: isFull ? page.at(-1)?.place : floor,
    isPartial: !isFull && floor !== undefined,
  };
}

/** Rows of one look at most: their documents are all read. */
const LOOK_MAX = 2_000;

/**
 * Looks until the page is full. One look does for what the term index narrows; what is left out, compared or one of too many
 * is found by reading rows, so that a look may find fewer, or none.
 */
async function fillPage(plan: ReadPlan, query: SearchQuery): Promise<Look> {
  const { limit } = query;
  const deadline = performance.now() + (query.budgets ?? SEARCH_BUDGETS).deadlineMs;
  let { found, next, isPartial } = await look(plan, query);
  for (let rows = limit * 4; next && !isPartial && found.length < limit; rows *= 4) {
    isPartial = performance.now() >= deadline;
    if (isPartial) break;
    const cursor = { ...next, asOf: plan.asOf };
    const further = await look(plan, { ...query, cursor, limit: Math.min(rows, LOOK_MAX) });
    found = [...found, ...further.found];
    ({ next, isPartial } = further);
  }
  if (found.length <= limit) return { found, next, isPartial };
  return { found: found.slice(0, limit), next: found[limit - 1]?.place, isPartial: false };
}

/** searchEvents for the product's own questions, which show nobody a row, and so are no view of any. */
export async function findRows(ctx: Granted<"events:read">, query: SearchQuery): Promise<SearchPage> {
  const pin = query.cursor?.asOf ?? query.asOf;
  const plan = await readPlan(ctx, { appIds: query.appIds, ...(pin && { asOf: pin }) });
  const { found, next, isPartial } = await fillPage(plan, narrowed(query));
  return {
    events: found.map(({ row }) => shown(row, plan.how)),
    next_cursor: next ? encodeSearch({ ...next, asOf: plan.asOf }) : null,
    has_more: next !== undefined,
    snapshot: encodeSnapshot(plan.asOf),
    ...(next && isPartial ? { partial: true, searched_to: formatTime(next.occurredAtMicros) } : {}),
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
