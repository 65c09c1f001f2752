import "server-only";
import type { Granted } from "@/lib/access/granted";
import { AppError } from "@/lib/errors/app-error";
import { matches } from "@/lib/filters/filter";
import { findKind } from "@/lib/log-kinds/registry";
import { formatTime } from "@/lib/log-kinds/time";
import type { Log } from "@/lib/query/log";
import { comparePlaces } from "@/lib/query/place";
import { readPlan } from "@/lib/query/read-plan";
import { type Key, readRows } from "@/lib/query/read-rows";
import { flatten } from "@/lib/query/row";
import { searchKeys } from "@/lib/query/search-log";
import type { SearchQuery } from "@/lib/query/search-query";
import { csvColumns, csvHeader, csvLine } from "./csv";

/** The seed's cap: the newest so many rows are kept, and the answer says that there were more. */
export const DOWNLOAD_ROWS_MAX = 100_000;
/** Documents in memory at a time. */
const CHUNK_ROWS = 1_000;

type DownloadQuery = Omit<SearchQuery, "limit" | "cursor" | "kind"> & { kind: string };

interface LogKey extends Key {
  log: Log;
}

/** All keys of one log's window up to `most`: where a search budget ends the walk, the walk goes on. */
async function keysOf(log: Log, query: DownloadQuery, asOf: number, most: number): Promise<LogKey[]> {
  const keys: LogKey[] = [];
  let cursor: SearchQuery["cursor"];
  for (;;) {
    const search = { ...query, limit: most, ...(cursor && { cursor }) };
    const answer = await searchKeys(log, search, asOf, most - keys.length);
    for (const key of answer.keys) keys.push({ ...key, log });
    if (!answer.searchedTo || keys.length >= most) return keys;
    cursor = { ...answer.searchedTo, asOf: new Map() };
  }
}

/** The newest keys over all addressed logs; never more than one log's share above the cap in memory. */
async function collectKeys(
  ctx: Granted<"exports:create">,
  query: DownloadQuery,
): Promise<{ keys: LogKey[]; truncated: boolean }> {
  const { logs, asOf } = await readPlan(ctx, query);
  const place = (key: LogKey) => ({ occurredAtMicros: key.occurred_us, logId: key.log.id, seq: key.seq });
  let found: LogKey[] = [];
  for (const log of logs) {
    const keys = await keysOf(log, query, asOf.get(log.id) ?? 0, DOWNLOAD_ROWS_MAX + 1);
    found = [...found, ...keys].sort((a, b) => comparePlaces(place(a), place(b))).slice(0, DOWNLOAD_ROWS_MAX + 1);
  }
  return { keys: found.slice(0, DOWNLOAD_ROWS_MAX), truncated: found.length > DOWNLOAD_ROWS_MAX };
}

interface Writer {
  ctx: Granted<"exports:create">;
  query: DownloadQuery;
  columns: readonly string[];
}

/** The lines of some keys of one log, by seq. */
async function linesOf(
  { ctx, query, columns }: Writer,
  log: Log,
  keys: readonly LogKey[],
): Promise<Map<number, string>> {
  const texts = new Map<number, string>();
  for (const stored of await readRows(log, keys)) {
    const row = flatten(log, stored, ctx.seesHeavyFields ? "full" : "light");
    if (matches(row, query.filter)) texts.set(row.seq, csvLine(columns, row));
  }
  return texts;
}

async function* lines(writer: Writer, keys: readonly LogKey[]): AsyncGenerator<string> {
  yield csvHeader(writer.columns);
  for (let at = 0; at < keys.length; at += CHUNK_ROWS) {
    const chunk = keys.slice(at, at + CHUNK_ROWS);
    const texts = new Map<Log, Map<number, string>>();
    for (const log of new Set(chunk.map((key) => key.log))) {
      const mine = chunk.filter((key) => key.log === log);
      texts.set(log, await linesOf(writer, log, mine));
    }
    yield chunk.map((key) => texts.get(key.log)?.get(key.seq) ?? "").join("");
  }
}

/**
 * The filtered set as a streamed CSV, newest first. The keys are read first, so that count and `truncated` are settled
 * before the first byte; the documents follow a thousand at a time.
 */
export async function downloadCsv(ctx: Granted<"exports:create">, query: DownloadQuery): Promise<Response> {
  const kind = findKind(query.kind);
  if (!kind) throw new AppError("invalid_query", "kind: there is no such kind.");
  const { keys, truncated } = await collectKeys(ctx, query);
  const encoder = new TextEncoder();
  const source = lines({ ctx, query, columns: csvColumns(kind, ctx.seesHeavyFields) }, keys);
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await source.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await source.return(undefined);
    },
  });
  const stamp = formatTime(query.toMicros).slice(0, 19).replaceAll(/[-:]/g, "");
  const name = `affidavit-${query.kind}-${stamp}${truncated ? "-truncated" : ""}.csv`;
  return new Response(body, {
    headers: {
      "content-type": "text/csv; charset=utf-8; header=present",
      "content-disposition": `attachment; filename="${name}"`,
      "x-affidavit-rows": String(keys.length),
      "x-affidavit-truncated": String(truncated),
      "x-affidavit-csv": "apostrophe-v1",
    },
  });
}
