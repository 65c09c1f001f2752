import "server-only";
import { matches } from "@/lib/filters/filter";
import type { Log } from "@/lib/query/log";
import { comparePlaces, type Place } from "@/lib/query/place";
import { flatten } from "@/lib/query/row";
import { searchKeys } from "@/lib/query/search-log";
import type { SearchQuery } from "@/lib/query/search-query";
import { type ChunkLimits, chunksOf, copyDocuments, type LogKey } from "./copy-documents";

export type KeyQuery = Omit<SearchQuery, "limit" | "cursor" | "kind"> & { kind: string };

/** How far a collection goes. */
export interface Collecting {
  /** Heads to stay below, per log id. */
  asOf: ReadonlyMap<number, number>;
  /** Most rows of the answer; one more is looked for, to know whether there are more. */
  rowsMax: number;
  chunk: ChunkLimits;
  signal: AbortSignal;
}

export interface Collected {
  /** In search order, at most `rowsMax`. */
  keys: LogKey[];
  truncated: boolean;
}

const placeOf = (key: LogKey): Place => ({ occurredAtMicros: key.occurred_us, logId: key.log.id, seq: key.seq });
const byPlace = (a: LogKey, b: LogKey) => comparePlaces(placeOf(a), placeOf(b));

/** Without heavy fields: they have no filter. */
const rowOf = ({ log, seq, created_us }: LogKey, core: string, detail: string | null) =>
  flatten(log, { seq, created_us, core, detail }, "light");

/**
 * Which of these rows satisfy the filter by what they say. Terms are hashes, so SQL may bring a row that does not, and the
 * count goes out before the rows do: a filter is settled here, at the price of reading its documents twice.
 */
async function matching(keys: LogKey[], query: KeyQuery, { chunk, signal }: Collecting): Promise<LogKey[]> {
  if (query.filter.length === 0) return keys;
  const kept: LogKey[] = [];
  for (const part of chunksOf(keys, chunk)) {
    const fits = new Set<number>();
    await copyDocuments(
      part,
      (index, core, detail) => {
        const key = part[index];
        if (key && matches(rowOf(key, core, detail), query.filter)) fits.add(index);
      },
      signal,
    );
    for (const [index, key] of part.entries()) if (fits.has(index)) kept.push(key);
  }
  return kept;
}

/** The first `most` rows of one log's window: where a search budget ends the walk, the walk goes on. */
async function keysOf(log: Log, query: KeyQuery, most: number, how: Collecting): Promise<LogKey[]> {
  const keys: LogKey[] = [];
  let cursor: SearchQuery["cursor"];
  for (;;) {
    how.signal.throwIfAborted();
    const want = most - keys.length;
    const search = { ...query, limit: want, ...(cursor && { cursor }) };
    const answer = await searchKeys(log, search, how.asOf.get(log.id) ?? 0, want);
    const found = answer.keys.map((key) => ({ ...key, log }));
    for (const key of await matching(found, query, how)) keys.push(key);
    const last = found.at(-1);
    const next = last && found.length >= want ? placeOf(last) : answer.searchedTo;
    if (keys.length >= most || !next) return keys;
    cursor = { ...next, asOf: new Map() };
  }
}

/** The newest rows over all logs; never more than one log's share above `rowsMax` in memory. */
export async function collectKeys(logs: readonly Log[], query: KeyQuery, how: Collecting): Promise<Collected> {
  const { rowsMax } = how;
  let found: LogKey[] = [];
  for (const log of logs) {
    const keys = await keysOf(log, query, rowsMax + 1, how);
    found = found.length === 0 ? keys : [...found, ...keys].sort(byPlace).slice(0, rowsMax + 1);
  }
  return { keys: found.slice(0, rowsMax), truncated: found.length > rowsMax };
}
