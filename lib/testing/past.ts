import pg from "pg";
import { connectionConfig } from "@/lib/db/pools";
import { append } from "@/lib/ingest/append";
import { acceptEvents } from "@/lib/ingest/event";
import { makeRows } from "@/lib/ingest/row";
import { formatMicros } from "@/lib/log-kinds/time";

/** Appends to a log as if it were another time: the real function, with its clock replaced in this test's database. */
export interface Past {
  client: pg.Client;
  /** @returns the new rows' ids, seqs and created_at in µs */
  appendAt: (nowMicros: number, log: PastLog, events: readonly object[]) => Promise<PastRow[]>;
  close: () => Promise<void>;
}

export interface PastLog {
  id: number;
  appId: string;
}

export interface PastRow {
  id: string;
  seq: number;
  createdAtMicros: number;
  occurredAtMicros: number;
}

const CLOCK = "coalesce(nullif(current_setting('test.clock', true), '')::timestamptz, clock_timestamp())";

export async function openPast(): Promise<Past> {
  const client = new pg.Client(connectionConfig("past", { lockTimeoutMs: 5_000, statementTimeoutMs: 60_000 }));
  await client.connect();
  const { rows } = await client.query<{ source: string }>(
    "select pg_get_functiondef(oid) as source from pg_proc where proname = 'append_events'",
  );
  const source = rows[0]?.source ?? "";
  if (source.split("clock_timestamp()").length !== 2) throw new Error("append_events reads its clock elsewhere now.");
  await client.query(source.replace("clock_timestamp()", CLOCK));
  return {
    client,
    close: () => client.end(),
    async appendAt(nowMicros, log, events) {
      await client.query("select set_config('test.clock', $1, false)", [formatMicros(nowMicros)]);
      const options = { appId: log.appId, submittedAtMicros: nowMicros, stripHeaders: new Set<string>() };
      const accepted = acceptEvents(events, { ...options, callerKeyPrefix: undefined }, String);
      const [results = []] = await append(log.id, [{ rows: makeRows(accepted, log.id, log.appId) }], client);
      return accepted.map((event, index) => ({
        id: event.id,
        seq: results[index]?.seq ?? -1,
        createdAtMicros: results[index]?.createdAtMicros ?? 0,
        occurredAtMicros: event.occurredAtMicros,
      }));
    },
  };
}

/** The log of an app that was made just now, as if it had been made then: created_at never goes back. */
export async function ageLog(client: pg.Client, appId: string, madeAtMicros: number): Promise<PastLog> {
  const { rows } = await client.query<{ id: number }>("select id from audit.log where app_id = $1", [appId]);
  const id = Number(rows[0]?.id);
  await client.query("update audit.log_head set created_at = $2::timestamptz where log_id = $1", [
    id,
    formatMicros(madeAtMicros),
  ]);
  return { id, appId };
}

/** Makes the partitions of `event` over some days, so many days long each. */
export async function coverPast(
  client: pg.Client,
  fromMicros: number,
  days: number,
  partitionDays: number,
): Promise<void> {
  for (let day = 0; day <= days; day += 1) {
    const at = formatMicros(fromMicros + day * 86_400_000_000);
    await client.query("select audit.ensure_partition('event', $1::timestamptz, $2)", [at, partitionDays]);
  }
}
