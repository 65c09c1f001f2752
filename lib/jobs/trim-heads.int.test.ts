import { beforeAll, expect, test } from "vitest";
import { workerPool } from "@/lib/db/pools";
import { makeTenant } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { TRIM, trimHeads } from "./trim-heads";

beforeAll(async () => {
  await createTestDatabase();
});

const logOf = async (appId: string) =>
  (await workerPool().query<{ id: string }>("select id from audit.log where app_id = $1", [appId])).rows[0]?.id;

/** Heads every 20 s from some time ago until now, the first with next_seq 1. */
async function addHeads(log: string | undefined, ago: string): Promise<void> {
  await workerPool().query(
    `insert into audit.log_head (log_id, next_seq, created_at)
     select $1, row_number() over (order by at), at from generate_series(now() - $2::interval, now(), interval '20 seconds') at`,
    [log, ago],
  );
}

test("each log keeps its newest head of a minute and all of the last ones, and reads no other heads", async () => {
  const tenants = [await makeTenant("One"), await makeTenant("Two")];
  const logs = await Promise.all(tenants.map(({ appId }) => logOf(appId)));
  for (const log of logs) await addHeads(log, "3 days");
  const newest = `select log_id, max(next_seq) as next_seq from audit.log_head
    where created_at < date_trunc('minute', now()) group by log_id, date_trunc('minute', created_at) order by 1, 2`;
  const wanted = (await workerPool().query(newest)).rows;
  expect(await trimHeads()).toBeGreaterThan(3 * 1440 * 2 * 2 - 20);
  const kept = "select log_id, next_seq from audit.log_head where created_at < $1 order by 1, 2";
  const border = (
    await workerPool().query<{ at: string }>("select date_trunc('minute', now()) - interval '3 minutes' as at")
  ).rows[0]?.at;
  const rows = (await workerPool().query(kept, [border])).rows;
  const places = new Set(wanted.map((row) => `${row.log_id}:${row.next_seq}`));
  expect(rows.filter((row) => !places.has(`${row.log_id}:${row.next_seq}`))).toEqual([]);
  expect(rows.length).toBeGreaterThan(wanted.length - 12);

  await workerPool().query("analyze audit.log_head");
  const plan = (await workerPool().query(`explain (costs off) ${TRIM}`, [false])).rows
    .map((row) => row["QUERY PLAN"])
    .join("\n");
  expect(plan).toMatch(/log_head_time[\s\S]*Index Cond: \(\(log_id = l.id\) AND \(created_at </);
  expect(plan).not.toContain("Seq Scan on log_head");
  expect(await trimHeads()).toBeLessThan(20);
});
