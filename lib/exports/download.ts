import "server-only";
import { createHash, type Hash } from "node:crypto";
import type { Granted } from "@/lib/access/granted";
import { CSV_ROWS_MAX } from "@/lib/contracts/quick-csv";
import { AppError } from "@/lib/errors/app-error";
import { paramsOf } from "@/lib/filters/filter";
import { narrowed } from "@/lib/filters/narrow";
import { findKind } from "@/lib/log-kinds/registry";
import { formatMicros, formatTime } from "@/lib/log-kinds/time";
import { encodeSnapshot } from "@/lib/query/cursor";
import type { KeyList } from "@/lib/query/key-list";
import { readPlan } from "@/lib/query/read-plan";
import { recordDownload } from "@/lib/system-audit/reading";
import { type Collected, collectKeys, type KeyQuery } from "./collect-keys";
import { type ChunkLimits, chunksOf, copyDocuments } from "./copy-documents";
import { type Column, csvColumns, csvHeader } from "./csv";
import { LineWriter } from "./line-writer";

/** What one download may take. */
export interface DownloadLimits extends ChunkLimits {
  rowsMax: number;
}

export const DOWNLOAD_LIMITS: DownloadLimits = {
  rowsMax: CSV_ROWS_MAX,
  chunkRowsMax: 20_000,
  chunkBytesMax: 4_194_304,
};

export type DownloadQuery = Omit<KeyQuery, "kind"> & {
  kind: string;
  /** Ends the download at once, wherever it is. */
  signal?: AbortSignal;
  /** Tests set smaller ones. Default: DOWNLOAD_LIMITS. */
  limits?: DownloadLimits;
};

export interface CsvDownload {
  /** The manifest: what was asked, how many rows there are, and whether they are all. */
  headers: Record<string, string>;
  /** The file in pieces, each good until the next one is asked for. @throws where a row that was counted has gone since: what was sent is then not the whole file */
  body: AsyncGenerator<Buffer, void>;
  /** To be read after the body: the SHA-256 of all its bytes, in hex. */
  trailer: { name: string; value: () => string };
}

interface Writing {
  keys: KeyList;
  /** By log. */
  orgIds: ReadonlyMap<number, string>;
  columns: readonly Column[];
  chunk: ChunkLimits;
  signal: AbortSignal;
}

/** Chunks differ a little; a buffer for one is to fit the next, too. */
const SPARE = 1.2;

/** Writes chunks, each into the buffer of the one before the last. */
interface Desk {
  writer: LineWriter;
  buffers: [Buffer, Buffer];
}

/** The lines of a chunk. @throws where one is missing: retention has dropped it since the rows were counted */
async function linesOf(chunk: KeyList, { writer, buffers }: Desk, { orgIds, signal }: Writing): Promise<Buffer> {
  const starts = new Int32Array(chunk.length);
  const ends = new Int32Array(chunk.length);
  let taken = 0;
  writer.reset();
  await copyDocuments(
    chunk,
    (index, documents) => {
      taken += 1;
      starts[index] = writer.length;
      const created_at = formatMicros(chunk.createdMicros(index));
      writer.write({ seq: chunk.seq(index), created_at, org_id: orgIds.get(chunk.logId(index)) ?? "" }, documents);
      ends[index] = writer.length;
    },
    signal,
  );
  if (taken < chunk.length) throw new Error(`${chunk.length - taken} of the rows that were counted have gone since`);
  // Rows came in the database's order.
  const written = writer.bytes();
  const [free, sent] = buffers;
  const lines = free.length < written.length ? Buffer.allocUnsafe(Math.ceil(SPARE * written.length)) : free;
  buffers.splice(0, 2, sent, lines);
  let at = 0;
  for (let index = 0; index < chunk.length; index += 1) at += written.copy(lines, at, starts[index], ends[index]);
  return lines.subarray(0, at);
}

/**
 * The file in pieces. While the client takes one the next is made; that one is good until the one after it is asked for, so
 * that two buffers serve them all.
 */
async function* piecesOf(writing: Writing): AsyncGenerator<Buffer, void> {
  const desk: Desk = { writer: new LineWriter(writing.columns), buffers: [Buffer.alloc(0), Buffer.alloc(0)] };
  const chunks = chunksOf(writing.keys, writing.chunk);
  const nextLines = () => {
    const { value } = chunks.next();
    const lines = value && linesOf(value, desk, writing);
    // A download that ends before it asks for them has been told of its end already.
    lines?.catch(() => {});
    return lines;
  };
  yield Buffer.from(csvHeader(writing.columns));
  for (let coming = nextLines(); coming; ) {
    const lines = await coming;
    coming = nextLines();
    yield lines;
  }
}

async function* hashed(pieces: AsyncGenerator<Buffer, void>, hash: Hash): AsyncGenerator<Buffer, void> {
  for await (const piece of pieces) {
    hash.update(piece);
    yield piece;
  }
}

/** The filter as the parameters that ask for it: text that a header can carry, and that can be sent again as it is. */
const filterText = ({ filter }: DownloadQuery) => new URLSearchParams(paramsOf(filter)).toString();

/** All that the caller may read are told by one word: their names would outgrow what clients take of headers. */
const appsText = (ctx: Granted<"exports:create">, { appIds }: DownloadQuery) =>
  appIds.length > 1 && appIds.length === ctx.appIds.length ? "all" : appIds.join(",");

interface Settled extends Collected {
  asOf: ReadonlyMap<number, number>;
}

function manifest(ctx: Granted<"exports:create">, query: DownloadQuery, { keys, truncated, asOf }: Settled) {
  const stamp = formatTime(query.toMicros).slice(0, 19).replaceAll(/[-:]/g, "");
  return {
    "content-type": "text/csv; charset=utf-8; header=present",
    "content-disposition": `attachment; filename="affidavit-${query.kind}-${stamp}${truncated ? "-truncated" : ""}.csv"`,
    "x-affidavit-csv": "apostrophe-v1",
    "x-affidavit-kind": query.kind,
    "x-affidavit-app": appsText(ctx, query),
    "x-affidavit-from": formatTime(query.fromMicros),
    "x-affidavit-to": formatTime(query.toMicros),
    "x-affidavit-filter": filterText(query),
    "x-affidavit-snapshot": encodeSnapshot(asOf),
    "x-affidavit-rows": String(keys.length),
    "x-affidavit-truncated": String(truncated),
  };
}

/**
 * The filtered set as CSV, newest first. The rows are settled first, so that their count and `truncated` are known and true
 * before the first byte, and that they were taken is recorded; then the documents follow, a few MiB at a time.
 * @throws AppError 400 for a kind that there is not, 404, 503 where it cannot be recorded; the signal's reason
 */
export async function downloadCsv(ctx: Granted<"exports:create">, query: DownloadQuery): Promise<CsvDownload> {
  const { signal = new AbortController().signal, limits = DOWNLOAD_LIMITS } = query;
  const kind = findKind(query.kind);
  if (!kind) throw new AppError("invalid_query", "kind: there is no such kind.");
  const { logs, asOf } = await readPlan(ctx, query);
  const collected = await collectKeys(logs, narrowed({ ...query, kind }), {
    asOf,
    rowsMax: limits.rowsMax,
    chunk: limits,
    signal,
  });
  const { keys, truncated } = collected;
  await recordDownload(ctx, query, { format: "csv", rows: keys.length, truncated });
  const hash = createHash("sha256");
  const columns = csvColumns(kind, ctx.seesHeavyFields);
  const orgIds = new Map(logs.map((log) => [log.id, log.orgId]));
  return {
    headers: manifest(ctx, query, { ...collected, asOf }),
    body: hashed(piecesOf({ keys, orgIds, columns, chunk: limits, signal }), hash),
    trailer: { name: "x-affidavit-sha256", value: () => hash.digest("hex") },
  };
}
