import pg from "pg";
import { grant } from "@/lib/access/door";
import { limitEvents } from "@/lib/access/rate-limit";
import { enter } from "@/lib/api/context";
import { sendJson } from "@/lib/api/reply";
import type { Api } from "@/lib/api/route";
import { int8Array } from "@/lib/ingest/binary-arrays";
import { acceptEvents } from "@/lib/ingest/event";
import { readBody } from "@/lib/ingest/read-body";
import { makeRows } from "@/lib/ingest/row";
import { parseStrictJson } from "@/lib/ingest/strict-json";

/**
 * What most servers do, behind the same door and with the same row: one INSERT per request into the same table with the
 * same indexes. No log order, no duplicates, no counts: only the writing differs, and it does less than an append.
 */
export function addPlainInsert(api: Api): void {
  const pool = new pg.Pool({
    connectionString: process.env.DATABASE_URL,
    max: 50,
    options: "-c synchronous_commit=on",
  });
  let seq = 0;
  api.post("/bench/plain-insert", async (c) => {
    const subject = await enter(c);
    grant(subject, "events:write");
    const body = parseStrictJson(await readBody(c.env.incoming, { bytesMax: 1_048_576, timeoutMs: 10_000 }));
    limitEvents("bench", 1);
    const accepted = acceptEvents(
      [body],
      { appId: "", submittedAtMicros: Date.now() * 1000, stripHeaders: new Set(), callerKeyPrefix: "afd_live_bench" },
      () => "",
    );
    const row = makeRows(accepted, 0, "")[0];
    if (!row) throw new Error("no row");
    seq += 1;
    const { rows } = await pool.query<{ seq: string; created_at: string }>({
      name: "plain",
      text: `insert into audit.event (log_id, seq, created_at, occurred_at, id, kind, core, detail, salt_core, salt_detail, entry, terms)
        values (0, $1, clock_timestamp(), clock_timestamp(), $2, 'call', $3, $4, $5, $6, $7, $8) returning seq, created_at::text`,
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
    const receipt = { id: row.event.id, seq: Number(rows[0]?.seq), created_at: rows[0]?.created_at, status: "created" };
    return sendJson(c, { receipts: [receipt] }, 201);
  });
}
