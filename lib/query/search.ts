import "server-only";
import type { Granted } from "@/lib/access/granted";
import { AppError } from "@/lib/errors/app-error";
import { matches } from "@/lib/filters/filter";
import { formatTime, parseMicros } from "@/lib/log-kinds/time";
import { encodeSearch, encodeSnapshot } from "./cursor";
import { headsOf, logsOfApps } from "./log";
import { comparePlaces, firstPlace, type Place } from "./place";
import { type FlatRow, flatten } from "./row";
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

function pinnedHeads(query: SearchQuery, heads: Map<number, number>): Map<number, number> {
  const pinned = query.cursor?.asOf ?? query.asOf;
  if (!pinned) return heads;
  for (const id of pinned.keys()) {
    if (!heads.has(id))
      throw new AppError(
        "invalid_cursor",
        "This cursor or snapshot belongs to other apps. Send it with the same app_id.",
      );
  }
  return new Map([...heads].map(([id, head]) => [id, Math.min(head, pinned.get(id) ?? 0)]));
}

/**
 * One page of rows in the window, newest first, each exactly once over a series of pages. A budget may end the walk early:
 * then `partial` says so and `next_cursor` goes on from there.
 */
export async function searchEvents(ctx: Granted<"events:read">, query: SearchQuery): Promise<SearchPage> {
  const logs = await logsOfApps(ctx, query.appIds);
  const asOf = pinnedHeads(query, await headsOf(logs.map((log) => log.id)));
  const how = ctx.seesHeavyFields ? "list" : "light";
  const answers = await Promise.all(
    logs.map(async (log) => ({ log, answer: await searchLog(log, query, asOf.get(log.id) ?? 0) })),
  );
  const candidates: Candidate[] = answers.flatMap(({ log, answer }) =>
    answer.rows.map((stored) => {
      const row = flatten(log, stored, how);
      return { row, place: { occurredAtMicros: parseMicros(row.occurred_at) ?? 0, logId: log.id, seq: row.seq } };
    }),
  );
  // Where a log's walk ended early, nothing beyond that place may be shown yet: its own rows there are unknown.
  const floor = firstPlace(answers.map(({ answer }) => answer.searchedTo));
  const known = candidates
    .filter(({ place }) => !floor || comparePlaces(place, floor) <= 0)
    .sort((a, b) => comparePlaces(a.place, b.place));
  const page = known.slice(0, query.limit);
  const next = known.length > query.limit ? page.at(-1)?.place : floor;
  return {
    events: page.map((one) => one.row).filter((row) => matches(row, query.filter)),
    next_cursor: next ? encodeSearch({ ...next, asOf }) : null,
    has_more: next !== undefined,
    snapshot: encodeSnapshot(asOf),
    ...(next && next === floor ? { partial: true, searched_to: formatTime(floor.occurredAtMicros) } : {}),
  };
}
