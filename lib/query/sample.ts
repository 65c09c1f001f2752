import "server-only";
import type { Granted } from "@/lib/access/granted";
import { matches } from "@/lib/filters/matches";
import { readPlan } from "./read-plan";
import { type FlatRow, flatten, visible } from "./row";
import { searchLog } from "./search-log";
import type { SearchQuery } from "./search-query";

/** Rows that are read and counted one by one before an answer becomes an estimate. */
export const SAMPLE_MAX = 5_000;

export interface Sample {
  rows: { row: FlatRow; occurredAtMicros: number }[];
  /** All matching rows of the window are in it. */
  complete: boolean;
  /** All matching rows that occurred after this are in it, and some that occurred then, µs. */
  reachedMicros: number;
}

/** The newest matching rows of each addressed log, at most SAMPLE_MAX of each. */
export async function sampleRows(
  ctx: Granted<"events:read">,
  query: Omit<SearchQuery, "limit" | "cursor">,
): Promise<Sample> {
  const { logs, asOf, how } = await readPlan(ctx, query);
  const answers = await Promise.all(
    logs.map(async (log) => ({
      log,
      answer: await searchLog(log, { ...query, limit: SAMPLE_MAX - 1 }, asOf.get(log.id) ?? 0),
    })),
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
    .flatMap(({ log, answer }) =>
      answer.rows.map((stored) => ({ row: visible(flatten(log, stored), how), occurredAtMicros: stored.occurred_us })),
    )
    .filter(({ row, occurredAtMicros }) => occurredAtMicros >= reachedMicros && matches(row, query.filter));
  return { rows, complete: reachedMicros === Number.MIN_SAFE_INTEGER, reachedMicros };
}
