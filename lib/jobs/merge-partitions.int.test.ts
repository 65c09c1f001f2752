import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { formatMicros } from "@/lib/log-kinds/time";
import { makeTenant } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { ageLog, openPast, type Past, type PastLog } from "@/lib/testing/past";
import { mergePartitions } from "./merge-partitions";

const DAY = 86_400_000_000;
const CUT_OFF = Date.now() * 1_000 - 60 * DAY;

let past: Past;
beforeAll(async () => {
  await createTestDatabase();
  past = await openPast();
});
afterAll(() => past.close());

/** The newest month that ended 60 days ago. */
function oldMonth(): { start: number; end: number } {
  const at = new Date(CUT_OFF / 1_000);
  const month = (offset: number) => Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + offset, 1) * 1_000;
  return { start: month(-1), end: month(0) };
}

const name = (start: number, end: number) => {
  const day = (at: number) => formatMicros(at).slice(0, 10).replaceAll("-", "");
  return `audit.event_${day(start)}_${day(end)}`;
};

async function attach(start: number, end: number): Promise<string> {
  const table = name(start, end);
  const range = `for values from ('${formatMicros(start)}') to ('${formatMicros(end)}')`;
  await past.client.query(`create table ${table} partition of audit.event ${range}`);
  return table;
}

const seqs = async (log: PastLog) =>
  (
    await past.client.query<{ seq: number }>("select seq from audit.event where log_id = $1 order by seq", [log.id])
  ).rows.map((row) => row.seq);
const partitions = async (start: number, end: number) =>
  (
    await past.client.query<{ name: string }>(
      "select name from audit.partition where parent = 'event' and from_at >= $1::timestamptz and from_at < $2::timestamptz order by from_at",
      [formatMicros(start), formatMicros(end)],
    )
  ).rows.map((row) => row.name);

describe("a month whose last week reaches into the next", () => {
  const { start, end } = oldMonth();
  const borders = [start, start + 7 * DAY, start + 14 * DAY, end - DAY];
  let log: PastLog;
  let last: string;

  beforeEach(async () => {
    await past.client.query("truncate audit.event");
    for (const one of await partitions(start - DAY, CUT_OFF)) await past.client.query(`drop table audit.${one}`);
    for (const [index, from] of borders.slice(0, -1).entries()) await attach(from, borders[index + 1] ?? end);
    last = await attach(end - DAY, CUT_OFF - (CUT_OFF % DAY) + 2 * DAY);
    const tenant = await makeTenant(`Merged ${Math.random()}`);
    log = await ageLog(past.client, tenant.appId, start - DAY);
    const events = [{ kind: "call", outcome: "success" }];
    for (const from of borders) {
      for (const hour of [1, 5, 11]) await past.appendAt(from + (hour * DAY) / 24, log, events);
    }
    expect(await seqs(log)).toHaveLength(12);
  });

  /** The same rows in a partition that ends with its month, as if sixty days had passed since the end of its last week. */
  async function letTimePass(): Promise<void> {
    await past.client.query(`alter table audit.event detach partition ${last}`);
    const range = `from ('${formatMicros(end - DAY)}') to ('${formatMicros(end)}')`;
    await past.client.query(`alter table audit.event attach partition ${last} for values ${range}`);
  }

  test("is merged once it is old as a whole, and keeps every row however often the job runs", async () => {
    const all = await seqs(log);
    for (let run = 0; run < 3; run += 1) {
      await mergePartitions();
      expect(await seqs(log), `run ${run} before the last week is old`).toEqual(all);
    }
    await letTimePass();
    for (let run = 0; run < 3; run += 1) {
      await mergePartitions();
      expect(await seqs(log), `run ${run} after it`).toEqual(all);
    }
    expect(await partitions(start, end)).toHaveLength(1);
  });

  test("two workers at once do it once", async () => {
    await letTimePass();
    const all = await seqs(log);
    const merged = await Promise.all([mergePartitions(), mergePartitions(), mergePartitions()]);
    expect(merged.sort()).toEqual([0, 0, 1]);
    expect(await seqs(log)).toEqual(all);
    expect(await mergePartitions()).toBe(0);
  });

  test("a table that a killed run left behind is in nobody's way", async () => {
    await letTimePass();
    const all = await seqs(log);
    await past.client.query(`create table ${name(start, end)} (like audit.event including all)`);
    await past.client.query(`insert into ${name(start, end)} select * from audit.event where log_id = $1 limit 3`, [
      log.id,
    ]);
    expect(await mergePartitions()).toBe(1);
    expect(await seqs(log)).toEqual(all);
    expect(await partitions(start, end)).toHaveLength(1);
  });

  /** Runs while another session reads the table in an open transaction, as a dump does. */
  async function whileHeld(act: (release: () => Promise<unknown>) => Promise<void>): Promise<void> {
    await past.client.query("begin; lock table audit.event in access share mode");
    try {
      await act(() => past.client.query("rollback"));
    } finally {
      await past.client.query("rollback");
    }
  }

  const copies = () => past.client.query("select from pg_class where oid = to_regclass($1)", [name(start, end)]);

  test("while somebody holds the table for long nothing is copied, and the next turn does it", async () => {
    await letTimePass();
    await whileHeld(async () => {
      const began = performance.now();
      await expect(mergePartitions({ tries: 3 })).rejects.toMatchObject({ code: "55P03" });
      expect(performance.now() - began, "two pauses between three tries").toBeGreaterThan(500);
      expect((await copies()).rowCount).toBe(0);
    });
    expect(await mergePartitions()).toBe(1);
    expect(await seqs(log)).toHaveLength(12);
  });

  test("it tries again until the table is free", async () => {
    await letTimePass();
    await whileHeld(async (release) => {
      const merged = mergePartitions({ tries: 100 });
      const waiting = "select from pg_locks where not granted and mode = 'AccessExclusiveLock'";
      for (const until = Date.now() + 30_000; (await past.client.query(waiting)).rowCount === 0; )
        if (Date.now() > until) throw new Error("nobody asked for the lock");
      await release();
      expect(await merged).toBe(1);
    });
    expect(await seqs(log)).toHaveLength(12);
  });
});
