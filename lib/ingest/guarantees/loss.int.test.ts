import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectionConfig, workerPool } from "@/lib/db/pools";
import { runChores } from "@/lib/jobs/chores";
import { foldCounts } from "@/lib/jobs/fold-counts";
import { ask, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { findingsOf, summary } from "@/lib/testing/checker";
import { createTestDatabase } from "@/lib/testing/database";
import { runLoad } from "@/lib/testing/load";
import { naiveLog } from "@/lib/testing/naive-log";
import { productLog } from "@/lib/testing/product-log";

const WRITERS = 12;
const SECONDS = 20;
/** The mutant loses rows within the first second. */
const MUTANT_SECONDS = 4;

let api: TestApi;
let tenant: Tenant;
let pool: pg.Pool;
/** A client of another database of the same cluster that wrote something and never commits. */
let idle: pg.Client;

beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
  tenant = await makeTenant("Loss");
  pool = new pg.Pool({ ...connectionConfig("loss", { lockTimeoutMs: 30_000, statementTimeoutMs: 30_000 }), max: 16 });
  idle = new pg.Client({ connectionString: await createTestDatabase() });
  await idle.connect();
  await idle.query("create table idle (n int)");
  await idle.query("begin");
  await idle.query("insert into idle values (1)");
});
afterAll(async () => {
  await idle.query("rollback");
  await Promise.all([idle.end(), pool.end(), api.close()]);
});

describe("12 writers, a tenth rolled back, slow commits, a long transaction next door, the worker's chores, 3 pollers", () => {
  test("each poller sees exactly what was acknowledged, one seq after the other", { timeout: 60_000 }, async () => {
    const log = productLog(api, tenant, pool);
    const load = { writers: WRITERS, seconds: SECONDS, pollers: [7, 100, 1_000], restarted: 1 };
    const around = new AbortController();
    const chores = runChores(around.signal);
    const counts = watchCounts(around.signal);
    const entries = await runLoad(log, load);
    around.abort();
    expect(await counts).toBeGreaterThan(10);
    await chores;
    const stored = await log.stored();
    const findings = findingsOf(entries, stored);
    expect(findings.slice(0, 5)).toEqual([]);
    process.stdout.write(`  loss: ${stored.length} rows, ${JSON.stringify(summary(findings))}\n`);
    // A run in which little happened would show little.
    const happened = (what: string) => entries.filter((entry) => entry.what === what).length;
    expect(happened("acked")).toBeGreaterThan(1_000);
    expect(happened("rolled back")).toBeGreaterThan(100);
    expect(happened("restarted")).toBe(1);
    expect(happened("read")).toBeGreaterThanOrEqual(3 * stored.length);
    const { rows } = await idle.query<{ state: string }>(
      "select state from pg_stat_activity where pid = pg_backend_pid() and backend_xid is not null",
    );
    expect(rows).toHaveLength(1);
    await checkCounts(stored.length);
  });

  test("the same run against the cursor `created_at >` loses rows, and the checker says so", async () => {
    const log = await naiveLog(pool);
    const entries = await runLoad(log, { writers: WRITERS, seconds: MUTANT_SECONDS, pollers: [7, 100, 1_000] });
    const stored = await log.stored();
    const { missed = 0, lost = 0 } = summary(findingsOf(entries, stored));
    process.stdout.write(`  mutant: ${stored.length} rows, ${missed} missed\n`);
    // What was acknowledged is in the table: the loss is the pollers' alone.
    expect(lost).toBe(0);
    expect(stored.length).toBeGreaterThan(1_000);
    expect(missed / (3 * stored.length)).toBeGreaterThan(0.01);
  });
});

/** Whole hours, so that the roll-up alone answers. */
const facets = async () => {
  const hour = (offset: number) => new Date((Math.floor(Date.now() / 3_600_000) + offset) * 3_600_000).toISOString();
  return (await ask(api, tenant.key, `/v1/events/facets?kind=call&from=${hour(-1)}&to=${hour(2)}`)).body;
};

/** While rows are appended and folded, a count is what the log held at some moment between asking and answering. */
async function watchCounts(stop: AbortSignal): Promise<number> {
  const rows = async () => (await ask(api, tenant.key, "/v1/events?limit=1")).body.head_seq + 1;
  let times = 0;
  for (; !stop.aborted; times += 1) {
    const before = await rows();
    const { total } = await facets();
    expect(total).toBeGreaterThanOrEqual(before);
    expect(total).toBeLessThanOrEqual(await rows());
  }
  return times;
}

/** Rolled back appends left no counts behind, folded or not. */
async function checkCounts(rows: number): Promise<void> {
  expect(await facets()).toMatchObject({ total: rows, exact: true });
  await foldCounts();
  const { rows: left } = await workerPool().query("select from audit.count_delta");
  expect(left).toHaveLength(0);
  expect(await facets()).toMatchObject({ total: rows, exact: true });
}
