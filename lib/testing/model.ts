import type { Test } from "@/lib/filters/filter";
import { call } from "@/lib/log-kinds/call/call";
import type { CountQuery } from "@/lib/query/counting";
import type { SearchQuery } from "@/lib/query/search-query";
import type { TailQuery } from "@/lib/query/tail";
import type { PastRow } from "./past";

/**
 * What search, tail, facets and histogram should answer, worked out the slow and obvious way from all rows in memory.
 */
export interface ModelRow extends PastRow {
  appId: string;
  logId: number;
  /** As sent. */
  fields: Record<string, unknown>;
}

const same = (a: unknown, b: string) => String(a).normalize("NFC").toLowerCase() === b.normalize("NFC").toLowerCase();

/** Without elements and words. */
function holds(row: ModelRow, test: Test): boolean {
  if ("all" in test) return test.all.every((one) => holds(row, one));
  if ("any" in test) return test.any.some((one) => holds(row, one));
  if ("not" in test) return !holds(row, test.not);
  const has = { id: row.id, occurred_at: row.occurredAtMicros }[test.field] ?? row.fields[test.field];
  if (has === undefined || has === null) return false;
  const { operator, bound } = test.compared ?? {};
  const is = { ">": Number(has) > Number(bound), "<": Number(has) < Number(bound), "=": Number(has) === bound };
  if (operator) return [...operator].some((one) => is[one as keyof typeof is]);
  return [has].flat().some((one) => same(one, test.value));
}

const satisfies = (row: ModelRow, filter: SearchQuery["filter"]) =>
  filter.every((part) => holds(row, "test" in part ? part.test : part));

type Windowed = Pick<SearchQuery, "appIds" | "fromMicros" | "toMicros" | "filter">;

const isIn = (row: ModelRow, query: Windowed) =>
  query.appIds.includes(row.appId) &&
  row.occurredAtMicros >= query.fromMicros &&
  row.occurredAtMicros < query.toMicros &&
  satisfies(row, query.filter);

/** All rows of a search in order, as `log:seq`. */
export function modelSearch(rows: readonly ModelRow[], query: Windowed): string[] {
  return rows
    .filter((row) => isIn(row, query))
    .sort((a, b) => b.occurredAtMicros - a.occurredAtMicros || a.logId - b.logId || b.seq - a.seq)
    .map((row) => `${row.appId}:${row.seq}`);
}

/** All rows of a tail in order. */
export function modelTail(rows: readonly ModelRow[], query: Pick<TailQuery, "appId" | "filter">): number[] {
  return rows
    .filter((row) => row.appId === query.appId && satisfies(row, query.filter))
    .map((row) => row.seq)
    .sort((a, b) => a - b);
}

/** Rows per value of a field; null: absent. */
export function modelFacet(rows: readonly ModelRow[], query: CountQuery, field: string): Map<unknown, number> {
  const counts = new Map<unknown, number>();
  // They are all calls: other kinds' fields have nothing to count.
  if (!call.fields.some(({ name }) => name === field)) return counts;
  for (const row of rows.filter((one) => isIn(one, query))) {
    const value = row.fields[field] === undefined ? null : String(row.fields[field]);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}

/** Rows per bucket start (µs) and outcome, without empty ones. */
export function modelHistogram(
  rows: readonly ModelRow[],
  query: CountQuery,
  bucketMicros: number,
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows.filter((one) => isIn(one, query))) {
    const start = Math.floor(row.occurredAtMicros / bucketMicros) * bucketMicros;
    const key = `${start} ${row.fields.outcome}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
