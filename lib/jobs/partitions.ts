import "server-only";
import { workerPool } from "@/lib/db/pools";

/** Above so many rows a day partitions are a day long, else a week: a partition should fit in memory and be few. */
const DAILY_ABOVE_ROWS = 1_000_000;
const AHEAD_DAYS = 14;

async function rowsADay(): Promise<number> {
  const { rows } = await workerPool().query<{ n: number }>(
    `select coalesce(sum(newest.next_seq - coalesce(before.next_seq, 0)), 0)::bigint as n from audit.log l
     cross join lateral (select next_seq from audit.log_head where log_id = l.id order by next_seq desc limit 1) newest
     left join lateral (select next_seq from audit.log_head where log_id = l.id and created_at < now() - interval '1 day'
       order by created_at desc limit 1) before on true`,
  );
  return rows[0]?.n ?? 0;
}

/** Makes the partitions of the next two weeks. Returns how many were missing. */
export async function makePartitions(): Promise<number> {
  const days = (await rowsADay()) > DAILY_ABOVE_ROWS ? 1 : 7;
  const { rows } = await workerPool().query<{ made: number }>("select audit.ensure_partitions($1, $2) as made", [
    days,
    AHEAD_DAYS,
  ]);
  return rows[0]?.made ?? 0;
}

/** How long the keys of idempotency are looked for; after it their partitions go whole. */
const KEPT = { ingest_key: "30 days", request_key: "24 hours" } as const;

/** Drops partitions of keys that are no longer looked for. Returns how many. */
export async function dropExpiredKeys(): Promise<number> {
  let dropped = 0;
  for (const [parent, kept] of Object.entries(KEPT)) {
    const { rows } = await workerPool().query<{ name: string }>(
      "select name from audit.partition where parent = $1 and to_at < now() - $2::interval",
      [parent, kept],
    );
    for (const { name } of rows) {
      // Names come from the catalogue, where ensure_partition put them.
      await workerPool().query(`drop table audit."${name.replaceAll('"', '""')}"`);
      dropped += 1;
    }
  }
  return dropped;
}
