import "server-only";
import { createHash, type Hash } from "node:crypto";
import type { Granted } from "@/lib/access/granted";
import { CSV_ROWS_MAX } from "@/lib/contracts/quick-csv";
import { AppError } from "@/lib/errors/app-error";
import { findKind } from "@/lib/log-kinds/registry";
import { formatMicros, formatTime } from "@/lib/log-kinds/time";
import { encodeSnapshot } from "@/lib/query/cursor";
import { readPlan } from "@/lib/query/read-plan";
import { type Collected, collectKeys, type KeyQuery } from "./collect-keys";
import { type ChunkLimits, chunksOf, copyDocuments, type LogKey } from "./copy-documents";
import { csvColumns, csvHeader, csvLine } from "./csv";

/** What one download may take. */
export interface DownloadLimits extends ChunkLimits {
  rowsMax: number;
}

export const DOWNLOAD_LIMITS: DownloadLimits = {
  rowsMax: CSV_ROWS_MAX,
  chunkRowsMax: 20_000,
  chunkBytesMax: 4_194_304,
};

export type DownloadQuery = KeyQuery & {
  /** Ends the download at once, wherever it is. */
  signal?: AbortSignal;
  /** Tests set smaller ones. Default: DOWNLOAD_LIMITS. */
  limits?: DownloadLimits;
};

export interface CsvDownload {
  /** The manifest: what was asked, how many rows there are, and whether they are all. */
  headers: Record<string, string>;
  /** The file. @throws where a row that was counted has gone since: what was sent is then not the whole file */
  body: AsyncGenerator<Buffer, void>;
  /** To be read after the body: the SHA-256 of all its bytes, in hex. */
  trailer: { name: string; value: () => string };
}

type Columns = ReturnType<typeof csvColumns>;

/** The lines of a chunk. @throws where one is missing: retention has dropped it since the rows were counted */
async function linesOf(chunk: readonly LogKey[], columns: Columns, signal: AbortSignal): Promise<Buffer> {
  const lines: string[] = new Array(chunk.length);
  let taken = 0;
  await copyDocuments(
    chunk,
    (index, core, detail) => {
      const key = chunk[index];
      if (!key) return;
      taken += 1;
      lines[index] = csvLine(columns, {
        place: { seq: key.seq, created_at: formatMicros(key.created_us), org_id: key.log.orgId },
        core: JSON.parse(core),
        detail: detail === null ? {} : JSON.parse(detail),
      });
    },
    signal,
  );
  if (taken < chunk.length) throw new Error(`${chunk.length - taken} of the rows that were counted have gone since`);
  return Buffer.from(lines.join(""));
}

interface Writing {
  keys: readonly LogKey[];
  columns: Columns;
  chunk: ChunkLimits;
  signal: AbortSignal;
  hash: Hash;
}

async function* piecesOf({ keys, columns, chunk, signal, hash }: Writing): AsyncGenerator<Buffer, void> {
  const names = Buffer.from(csvHeader(columns));
  hash.update(names);
  yield names;
  for (const part of chunksOf(keys, chunk)) {
    const lines = await linesOf(part, columns, signal);
    hash.update(lines);
    yield lines;
  }
}

/** The filter as the parameters that ask for it: text that a header can carry, and that can be sent again as it is. */
const filterText = ({ filter }: DownloadQuery) =>
  new URLSearchParams(filter.map(({ field, value }) => [field, value])).toString();

function manifest(query: DownloadQuery, { keys, truncated }: Collected, asOf: ReadonlyMap<number, number>) {
  const stamp = formatTime(query.toMicros).slice(0, 19).replaceAll(/[-:]/g, "");
  return {
    "content-type": "text/csv; charset=utf-8; header=present",
    "content-disposition": `attachment; filename="affidavit-${query.kind}-${stamp}${truncated ? "-truncated" : ""}.csv"`,
    "x-affidavit-csv": "apostrophe-v1",
    "x-affidavit-kind": query.kind,
    "x-affidavit-app": query.appIds.join(","),
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
 * before the first byte; then the documents follow, a few MiB at a time.
 * @throws AppError 400 for a kind that there is not, 404; the signal's reason
 */
export async function downloadCsv(ctx: Granted<"exports:create">, query: DownloadQuery): Promise<CsvDownload> {
  const { signal = new AbortController().signal, limits = DOWNLOAD_LIMITS } = query;
  const kind = findKind(query.kind);
  if (!kind) throw new AppError("invalid_query", "kind: there is no such kind.");
  const { logs, asOf } = await readPlan(ctx, query);
  const collected = await collectKeys(logs, query, { asOf, rowsMax: limits.rowsMax, chunk: limits, signal });
  const hash = createHash("sha256");
  const columns = csvColumns(kind, ctx.seesHeavyFields);
  return {
    headers: manifest(query, collected, asOf),
    body: piecesOf({ keys: collected.keys, columns, chunk: limits, signal, hash }),
    trailer: { name: "x-affidavit-sha256", value: () => hash.digest("hex") },
  };
}
