import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { acceptEvent } from "@/lib/ingest/event";
import { makeRows } from "@/lib/ingest/row";
import { formatMicros } from "@/lib/log-kinds/time";

/** Rows as COPY text with everything computed beforehand: the physical limit of writing them. */
export interface PreparedRow {
  occurredAtMicros: number;
  counts: [string, string][];
  /** COPY columns after log_id, seq, created_at. */
  rest: string;
}

const escapeText = (text: string) =>
  text.replaceAll("\\", "\\\\").replaceAll("\t", "\\t").replaceAll("\n", "\\n").replaceAll("\r", "\\r");
const bytes = (buffer: Buffer) => `\\\\x${buffer.toString("hex")}`;

/** Decimal texts of terms that are kept as halves. */
function termTexts(halves: Int32Array): string[] {
  return Array.from({ length: halves.length / 2 }, (_, index) =>
    ((BigInt(halves[index * 2] ?? 0) << 32n) | BigInt((halves[index * 2 + 1] ?? 0) >>> 0)).toString(),
  );
}

export function prepareRow(event: Record<string, unknown>, logId: number, appId: string): PreparedRow {
  const accepted = acceptEvent(event, {
    appId,
    submittedAtMicros: Date.now() * 1000,
    stripHeaders: new Set(),
    callerKeyPrefix: "afd_live_bench",
  });
  if (Array.isArray(accepted)) throw new Error(JSON.stringify(accepted));
  const row = makeRows([accepted], logId, appId)[0];
  if (!row) throw new Error("no row");
  const entry = Buffer.concat([Buffer.from([1]), Buffer.alloc(8), row.commitment]);
  const columns = [
    formatMicros(accepted.occurredAtMicros),
    accepted.id,
    "call",
    escapeText(row.core),
    escapeText(row.detail),
    bytes(row.saltCore),
    bytes(row.saltDetail),
    bytes(entry),
    `{${termTexts(row.terms).join(",")}}`,
  ];
  return { occurredAtMicros: accepted.occurredAtMicros, counts: row.counts, rest: columns.join("\t") };
}

const COPY =
  "copy audit.event (log_id, seq, created_at, occurred_at, id, kind, core, detail, salt_core, salt_detail, entry, terms) from stdin";

/** Writes lines into `event`, one COPY and one commit. */
export async function copyLines(client: pg.Client, lines: Iterable<string>): Promise<void> {
  await pipeline(Readable.from(lines, { objectMode: true }), client.query(copyFrom(COPY)));
}

export const copyLine = (logId: number, seq: number, createdMicros: number, row: PreparedRow) =>
  `${logId}\t${seq}\t${formatMicros(createdMicros)}\t${row.rest}\n`;
