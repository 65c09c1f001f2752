import type { IncomingMessage, ServerResponse } from "node:http";
import pg from "pg";
import { int8Array } from "@/lib/ingest/binary-arrays";
import { acceptEvent } from "@/lib/ingest/event";
import { readBody } from "@/lib/ingest/read-body";
import { makeRows } from "@/lib/ingest/row";
import { parseStrictJson } from "@/lib/ingest/strict-json";

/**
 * What most servers do: parse, validate, one INSERT into the same table with the same indexes, answer. No log order, no
 * duplicates, no receipts: it does less than an append and is what batching is measured against.
 */
let pool: pg.Pool | undefined;
let seq = 0;

export async function plainInsert(request: IncomingMessage, response: ServerResponse): Promise<void> {
  pool ??= new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 50, options: "-c synchronous_commit=on" });
  const body = parseStrictJson(await readBody(request, { bytesMax: 1_048_576, timeoutMs: 10_000 }));
  const event = acceptEvent(body, {
    appId: "",
    submittedAtMicros: Date.now() * 1000,
    stripHeaders: new Set(),
    callerKeyPrefix: "afd_live_bench",
  });
  if (Array.isArray(event)) throw new Error(JSON.stringify(event));
  const row = makeRows([event], 0, "")[0];
  if (!row) throw new Error("no row");
  seq += 1;
  await pool.query({
    name: "plain",
    text: `insert into audit.event (log_id, seq, created_at, occurred_at, id, kind, core, detail, salt_core, salt_detail, entry, terms)
      values (0, $1, clock_timestamp(), clock_timestamp(), $2, 'call', $3, $4, $5, $6, $7, $8)`,
    values: [
      seq,
      row.event.id,
      row.core,
      row.detail,
      row.saltCore,
      row.saltDetail,
      row.commitment,
      int8Array([row.terms]),
    ],
  });
  response.writeHead(201, { "content-type": "application/json" }).end(`{"seq":${seq}}`);
}
