import "server-only";
import type { Granted } from "@/lib/access/granted";
import { matches } from "@/lib/filters/filter";
import { parseMicros } from "@/lib/log-kinds/time";
import { headsOf, logsOfApps } from "./log";
import { type FlatRow, flatten } from "./row";
import { searchLog } from "./search-log";
import type { SearchQuery } from "./search-query";

/** Rows that are read and counted one by one before an answer becomes an estimate. */
export const SAMPLE_MAX = 5_000;

export interface Sample {
  rows: { row: FlatRow; occurredAtMicros: number }[];
  /** All matching rows of the window are in it. */
  complete: boolean;
  /** All matching rows that occurred after this are in it, µs. */
  reachedMicros: number;
}

/** The newest matching rows of each addressed log, at most SAMPLE_MAX of each. */
export async function sampleRows(
  ctx: Granted<"events:read">,
  query: Omit<SearchQuery, "limit" | "cursor">,
): Promise<Sample> {
  const logs = await logsOfApps(ctx, query.appIds);
  const heads = await headsOf(logs.map((log) => log.id));
  const how = ctx.seesHeavyFields ? "list" : "light";
  const answers = await Promise.all(
    logs.map(async (log) => {
      const asOf = Math.min(heads.get(log.id) ?? 0, query.asOf?.get(log.id) ?? Number.MAX_SAFE_INTEGER);
      return { log, answer: await searchLog(log, { ...query, limit: SAMPLE_MAX - 1 }, asOf) };
    }),
  );
  const reached = answers.map(({ answer }) => {
    const last = answer.rows.length >= SAMPLE_MAX ? answer.rows.at(-1) : undefined;
    return Math.max(
      last?.occurred_us ?? Number.MIN_SAFE_INTEGER,
      answer.searchedTo?.occurredAtMicros ?? Number.MIN_SAFE_INTEGER,
    );
  });
  const reachedMicros = Math.max(...reached, Number.MIN_SAFE_INTEGER);
  const rows = answers
    .flatMap(({ log, answer }) => answer.rows.map((stored) => flatten(log, stored, how)))
    .filter((row) => matches(row, query.filter))
    .map((row) => ({ row, occurredAtMicros: parseMicros(row.occurred_at) ?? 0 }))
    .filter(({ occurredAtMicros }) => occurredAtMicros > reachedMicros);
  return { rows, complete: reachedMicros === Number.MIN_SAFE_INTEGER, reachedMicros };
}
