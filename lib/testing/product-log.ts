import type pg from "pg";
import { append } from "@/lib/ingest/append";
import { acceptEvents } from "@/lib/ingest/event";
import { makeRows } from "@/lib/ingest/row";
import { formatMicros } from "@/lib/log-kinds/time";
import { ask, type Tenant, type TestApi } from "./api";
import type { StoredPlace } from "./checker";
import type { LogUnderTest } from "./load";

export const callOf = (id: string) => ({ kind: "call", outcome: "success", provider_id: "load", id, reason: id });

/** Rows of `audit.event` of one log, ordered by seq, with created_at as every answer writes it. */
export async function storedPlaces(client: Pick<pg.ClientBase, "query">, logId: number): Promise<StoredPlace[]> {
  const { rows } = await client.query<{ id: string; seq: string; us: string }>(
    `select id, seq::text, (extract(epoch from created_at) * 1000000)::bigint::text as us
       from audit.event where log_id = $1 order by event.seq`,
    [logId],
  );
  return rows.map((row) => ({ id: row.id, seq: Number(row.seq), createdAt: formatMicros(Number(row.us)) }));
}

export async function logIdOf(client: Pick<pg.ClientBase, "query">, appId: string): Promise<number> {
  const { rows } = await client.query<{ id: string }>("select id from audit.log where app_id = $1", [appId]);
  return Number(rows[0]?.id);
}

interface Placed {
  id: string;
  seq: number;
  created_at: string;
}
export const toPlace = ({ id, seq, created_at }: Placed): StoredPlace => ({ id, seq, createdAt: created_at });

/**
 * The product: writes and polls by HTTP; transactions that are slow or rolled back call the same append through a client
 * of their own, which no caller of the product can do.
 */
export function productLog(api: TestApi, tenant: Tenant, pool: pg.Pool): LogUnderTest {
  const logId = logIdOf(pool, tenant.appId);
  return {
    async write(ids) {
      const answer = await ask(api, tenant.key, "/v1/events", { body: ids.map(callOf) });
      if (answer.status !== 201) throw new Error(`POST /v1/events: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body.receipts.map(toPlace);
    },
    async writeSlowly(ids, { holdMs, commit }) {
      const accepted = acceptEvents(
        ids.map(callOf),
        {
          appId: tenant.appId,
          submittedAtMicros: Date.now() * 1000,
          stripHeaders: new Set(),
          callerKeyPrefix: undefined,
        },
        String,
      );
      const log = await logId;
      const client = await pool.connect();
      try {
        await client.query("begin");
        const [results = []] = await append(log, [{ rows: makeRows(accepted, log, tenant.appId) }], client);
        await client.query("select pg_sleep($1)", [holdMs / 1000]);
        await client.query(commit ? "commit" : "rollback");
        return results.map(({ seq, createdAtMicros }, index) => ({
          id: accepted[index]?.id ?? "",
          seq,
          createdAt: formatMicros(createdAtMicros),
        }));
      } finally {
        client.release();
      }
    },
    async page(cursor, limit) {
      const after = cursor === undefined ? "" : `&after=${cursor}`;
      const answer = await ask(api, tenant.key, `/v1/events?limit=${limit}${after}`);
      if (answer.status !== 200) throw new Error(`GET /v1/events: ${answer.status} ${JSON.stringify(answer.body)}`);
      return { rows: answer.body.events.map(toPlace), cursor: answer.body.next_cursor };
    },
    stored: async () => storedPlaces(pool, await logId),
  };
}
