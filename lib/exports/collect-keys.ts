import "server-only";
import { fieldsRead, matches } from "@/lib/filters/matches";
import type { KindDef } from "@/lib/log-kinds/define";
import { KeyList } from "@/lib/query/key-list";
import type { Log } from "@/lib/query/log";
import { searchKeys } from "@/lib/query/search-log";
import type { SearchQuery } from "@/lib/query/search-query";
import { type ChunkLimits, chunksOf, copyDocuments } from "./copy-documents";
import { FieldReader } from "./field-reader";

export type KeyQuery = Omit<SearchQuery, "limit" | "cursor" | "kind"> & { kind: KindDef };

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
  /** At most `rowsMax`. */
  keys: KeyList;
  truncated: boolean;
}

/**
 * Which of these rows satisfy the filter by what they say. Terms are hashes, so SQL may bring a row that does not, and the
 * count goes out before the rows do: a filter is settled here, at the price of reading its documents twice.
 */
async function matching(keys: KeyList, query: KeyQuery, { chunk, signal }: Collecting): Promise<KeyList> {
  if (query.filter.length === 0) return keys;
  const reader = new FieldReader(query.kind, fieldsRead(query.filter));
  const fits = new Uint8Array(keys.length);
  let from = 0;
  for (const part of chunksOf(keys, chunk)) {
    const begin = from;
    await copyDocuments(
      part,
      (index, documents) => {
        if (matches(reader.read(documents), query.filter)) fits[begin + index] = 1;
      },
      signal,
    );
    from += part.length;
  }
  return keys.filter((index) => fits[index] === 1);
}

/** The first `most` rows of one log's window: where a search budget ends the walk, the walk goes on. */
async function keysOf(log: Log, query: KeyQuery, most: number, how: Collecting): Promise<KeyList> {
  let keys = KeyList.EMPTY;
  let cursor: SearchQuery["cursor"];
  for (;;) {
    how.signal.throwIfAborted();
    const want = most - keys.length;
    const search = { ...query, kind: query.kind.id, limit: want, ...(cursor && { cursor }) };
    const answer = await searchKeys(log, search, how.asOf.get(log.id) ?? 0, want);
    const found = answer.keys;
    keys = keys.merge(await matching(found, query, how));
    const next = found.length >= want ? found.place(found.length - 1) : answer.searchedTo;
    if (keys.length >= most || !next) return keys;
    cursor = { ...next, asOf: new Map() };
  }
}

/** The newest rows over all logs; never more than one log's share above `rowsMax` in memory. */
export async function collectKeys(logs: readonly Log[], query: KeyQuery, how: Collecting): Promise<Collected> {
  const { rowsMax } = how;
  let found = KeyList.EMPTY;
  let fromMicros = query.fromMicros;
  for (const log of logs) {
    found = found.merge(await keysOf(log, { ...query, fromMicros }, rowsMax + 1, how)).slice(0, rowsMax + 1);
    // Once there are enough, a row of a further log counts only where it is as new as the last of them.
    if (found.length > rowsMax) fromMicros = found.occurredMicros(rowsMax);
  }
  return { keys: found.slice(0, rowsMax), truncated: found.length > rowsMax };
}
