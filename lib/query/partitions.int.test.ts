import { randomUUID } from "node:crypto";
import { text as textOf } from "node:stream/consumers";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findKeySubject } from "@/lib/access/api-key";
import { grant } from "@/lib/access/door";
import type { Granted } from "@/lib/access/granted";
import { closePools, connectionConfig, readPool } from "@/lib/db/pools";
import { closePrisma } from "@/lib/db/prisma";
import { downloadCsv } from "@/lib/exports/download";
import { mergePartitions } from "@/lib/jobs/merge-partitions";
import { dropExpiredKeys } from "@/lib/jobs/partitions";
import { formatMicros } from "@/lib/log-kinds/time";
import { ask, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { startTestCluster, type TestCluster } from "@/lib/testing/cluster";
import { useCluster } from "@/lib/testing/database";
import { type ModelRow, modelSearch } from "@/lib/testing/model";
import { ageLog, coverPast, openPast, type Past, type PastLog } from "@/lib/testing/past";
import { listen, openExplainer, type Sent } from "@/lib/testing/statements";
import { decodeTail } from "./cursor";
import { facetsOf } from "./facets";
import { getEvent } from "./get-event";
import { histogramOf } from "./histogram";
import { forgetPartitions, PARTITIONS_MAX } from "./partitions";
import { searchEvents } from "./search";
import { tailEvents } from "./tail";

/**
 * A year of daily partitions on a cluster with PostgreSQL's own default of 64 locks a transaction, not our 512: who stays
 * within a few partitions does not notice. (By bare seq a tail page took 1,483 locks, and 30 tails at once ran out.)
 */
const DAYS = 374;
const DAY = 86_400_000_000;

let cluster: TestCluster;
let api: TestApi;
let past: Past;
let tenant: Tenant;
let ctx: Granted<"events:read" | "exports:create">;
let log: PastLog;
const rows: ModelRow[] = [];
const today = Math.floor((Date.now() * 1_000) / DAY) * DAY;
const begin = today - DAYS * DAY;

/** What a tail must not be. */
const BARE = "select seq from audit.event where log_id = $1 and seq > $2 order by seq limit 10";

const countPartitions = async (client: pg.Client) =>
  (await client.query("select from audit.partition where parent = 'event'")).rowCount ?? 0;

/** A few rows a day; every tenth day one that happened long before, and one in ten days a silent one. */
async function plant(): Promise<void> {
  for (let day = 0; day < DAYS; day += 1) {
    if (day % 10 === 9) continue;
    const now = begin + day * DAY + 9 * 3_600_000_000;
    const event = (ago: number, tool: string) => ({
      kind: "call",
      outcome: "success",
      tool,
      provider_id: "google",
      occurred_at: formatMicros(now - ago),
    });
    const events = [event(0, "plain"), event(1_000_000, "plain"), event(7_200_000_000, day === 100 ? "rare" : "plain")];
    if (day % 10 === 0) events.push(event(40 * DAY, "late"));
    const placed = await past.appendAt(now, log, events);
    rows.push(
      ...placed.map((row, at) => ({
        ...row,
        appId: tenant.appId,
        logId: log.id,
        fields: events[at] as object as ModelRow["fields"],
      })),
    );
  }
}

beforeAll(async () => {
  cluster = await startTestCluster({ max_locks_per_transaction: "64", max_connections: "100" });
  await useCluster(cluster);
  api = await startApi();
  tenant = await makeTenant("A year");
  past = await openPast();
  await coverPast(past.client, begin - DAY, DAYS, 1);
  // Those of the keys, too; the worker drops what is no longer looked for.
  await past.client.query(
    `select audit.ensure_partition('ingest_key', now() - make_interval(days => n), 5),
       audit.ensure_partition('request_key', now() - make_interval(days => n), 1) from generate_series(1, 60) n`,
  );
  expect(await dropExpiredKeys()).toBeGreaterThan(50);
  log = await ageLog(past.client, tenant.appId, begin);
  await plant();
  await past.client.query("analyze audit.event");
  const subject = await findKeySubject(tenant.key, { clientIp: "", userAgent: "" });
  ctx = grant(subject, "events:read", "exports:create");
}, 120_000);
afterAll(async () => {
  await Promise.all([api.close(), past.close(), closePools(), closePrisma()]);
  await cluster.remove();
});

const whole = () => ({ appIds: [tenant.appId], fromMicros: begin - 60 * DAY, toMicros: today + DAY, filter: [] });
const readTail = async (after: number, limit = 100) => {
  const page = await tailEvents(ctx, { appId: tenant.appId, filter: [], limit, after: { logId: log.id, seq: after } });
  return { seqs: page.events.map((row) => row.seq), next: decodeTail(page.next_cursor).seq };
};

describe("370 partitions of a day", () => {
  test("are there", async () => {
    expect(await countPartitions(past.client)).toBeGreaterThanOrEqual(370);
  });

  /** Each way to read and write, at the old end, in the middle and at the new one. */
  const acts: Record<string, () => Promise<unknown>> = {
    "tail from the beginning": () => readTail(-1, 1_000),
    "tail in the middle": () => readTail(500),
    "tail at the head": () => readTail((rows.at(-1)?.seq ?? 0) - 1),
    "tail with a filter that leaves everything out": () =>
      tailEvents(ctx, { appId: tenant.appId, kind: "call", filter: [{ field: "tool", value: "no" }], limit: 100 }),
    "tail by created_after": () =>
      tailEvents(ctx, { appId: tenant.appId, filter: [], limit: 1_000, createdAfterMicros: begin + 200 * DAY }),
    "search of a year": () => searchEvents(ctx, { ...whole(), limit: 200 }),
    "search of a week": () =>
      searchEvents(ctx, {
        ...whole(),
        fromMicros: begin + 90 * DAY,
        toMicros: begin + 97 * DAY,
        kind: "call",
        limit: 50,
      }),
    "search for a rare value": () =>
      searchEvents(ctx, { ...whole(), filter: [{ field: "tool", value: "rare" }], limit: 50 }),
    "search for nothing": () =>
      searchEvents(ctx, { ...whole(), filter: [{ field: "tool", value: "none" }], limit: 50 }),
    "one event, old": () => getEvent(ctx, { id: rows[3]?.id ?? "", appIds: [tenant.appId] }),
    "one event by its created_at": () =>
      getEvent(ctx, { id: rows[3]?.id ?? "", appIds: [tenant.appId], createdAtMicros: rows[3]?.createdAtMicros }),
    "no event": () => getEvent(ctx, { id: randomUUID(), appIds: [tenant.appId] }).catch(() => {}),
    facets: () => facetsOf(ctx, whole()),
    "facets with a filter": () => facetsOf(ctx, { ...whole(), filter: [{ field: "tool", value: "late" }] }),
    histogram: () => histogramOf(ctx, { ...whole(), buckets: 60 }),
    download: async () => textOf((await downloadCsv(ctx, { ...whole(), kind: "call" })).body),
    "download with a filter": async () =>
      textOf((await downloadCsv(ctx, { ...whole(), kind: "call", filter: [{ field: "tool", value: "late" }] })).body),
  };

  test.each(Object.keys(acts))(`%s: no statement touches more than ${PARTITIONS_MAX}`, async (name) => {
    const heard = await listen(acts[name] as () => Promise<unknown>);
    const onEvents = heard.filter(({ text }) => /audit\.event\b/.test(text));
    if (!["facets", "histogram"].includes(name)) expect(onEvents.length).toBeGreaterThan(0);
    const { client, touched } = await openExplainer();
    try {
      for (const sent of onEvents) {
        const { planned, locked } = await touched(sent);
        expect(planned, sent.text).toBeLessThanOrEqual(PARTITIONS_MAX);
        expect(locked, sent.text).toBeLessThanOrEqual(PARTITIONS_MAX);
      }
    } finally {
      await client.end();
    }
  });

  test(`an append looks into at most ${PARTITIONS_MAX} partitions of each table, and writes to one`, async () => {
    const [appended] = (
      await listen(() =>
        ask(api, tenant.key, "/v1/events", {
          body: [{ kind: "call", outcome: "success", id: randomUUID() }],
          headers: { "idempotency-key": randomUUID() },
        }),
      )
    ).filter(({ text }) => text.includes("append_events"));
    const { client, nested } = await openExplainer();
    try {
      // As a repeat that was answered before, and as new rows.
      const plans = [
        ...(await nested(appended as Sent)),
        ...(await nested(appended as Sent, "delete from audit.ingest_key; delete from audit.request_key")),
      ];
      for (const { text, touched } of plans) expect(touched, text).toBeLessThanOrEqual(PARTITIONS_MAX);
      for (const read of [/from audit.request_key/, /join audit.ingest_key/, /insert into audit.event\b/]) {
        expect(plans.filter(({ text }) => read.test(text)).length, String(read)).toBeGreaterThan(0);
      }
      expect(Math.max(...plans.map(({ touched }) => touched))).toBeGreaterThan(5);
    } finally {
      await client.end();
    }
  });

  test("a tail by bare seq would touch them all: the count can tell", async () => {
    const { client, touched } = await openExplainer();
    try {
      const bare = {
        text: "select seq from audit.event where log_id = $1 and seq > $2 order by seq limit 10",
        values: [log.id, 5],
      };
      const { planned, locked } = await touched(bare);
      expect(planned).toBeGreaterThanOrEqual(370);
      expect(locked).toBeGreaterThanOrEqual(370);
    } finally {
      await client.end();
    }
  });
});

/** Reads the whole log from there, a page at a time. */
async function tailAll(from: number, limit: number): Promise<number[]> {
  const seqs: number[] = [];
  for (let after = from; ; ) {
    const page = await readTail(after, limit);
    seqs.push(...page.seqs);
    if (page.seqs.length === 0 && page.next === after) return seqs;
    after = page.next;
  }
}

const allSeqs = async () =>
  Number(
    (await readPool().query<{ n: number }>("select max(next_seq) as n from audit.log_head where log_id = $1", [log.id]))
      .rows[0]?.n,
  );
const from = (first: number, end: number) => Array.from({ length: end - first }, (_, index) => first + index);

describe("with 64 locks a transaction", () => {
  test("30 tails at once, from old and new cursors, have locks enough and are right", async () => {
    const end = await allSeqs();
    const starts = Array.from({ length: 30 }, (_, index) => Math.floor((end * index) / 30) - 1);
    const read = await Promise.all(starts.map((start, index) => tailAll(start, index % 2 === 0 ? 1_000 : 37)));
    for (const [index, seqs] of read.entries()) expect(seqs).toEqual(from((starts[index] ?? 0) + 1, end));
  });

  test("30 tails by bare seq at once run out of them", async () => {
    const pool = new pg.Pool({ ...connectionConfig("bare", { lockTimeoutMs: 0, statementTimeoutMs: 0 }), max: 30 });
    const clients = await Promise.all(Array.from({ length: 30 }, () => pool.connect()));
    try {
      for (const client of clients) await client.query("begin");
      const done = await Promise.allSettled(clients.map((client) => client.query(BARE, [log.id, 5])));
      const codes = done.map((one) => (one.status === "rejected" ? one.reason.code : "ok"));
      expect(codes).toContain("53200");
    } finally {
      for (const client of clients) {
        await client.query("rollback");
        client.release();
      }
      await pool.end();
    }
  });

  test("search over the year finds the same rows as the model", async () => {
    for (const filter of [[], [{ field: "tool", value: "LATE" }], [{ field: "tool", value: "rare" }]]) {
      const query = { ...whole(), toMicros: today - DAY, filter };
      const { body } = { body: await searchEvents(ctx, { ...query, limit: 200 }) };
      const read = body.events.map((row) => `${row.app_id}:${row.seq}`);
      expect(read).toEqual(modelSearch(rows, query).slice(0, 200));
    }
  });

  test("merging to months loses and moves nothing, while tails and searches run", { timeout: 90_000 }, async () => {
    const end = await allSeqs();
    const before = await past.client.query(
      "select seq, created_at, core, entry from audit.event where log_id = $1 order by seq",
      [log.id],
    );
    const expected = modelSearch(rows, whole());
    let done = false;
    let rounds = 0;
    const readers = [0, 1, 2].map(async (which) => {
      while (!done) {
        if (which === 0) expect(await tailAll(-1, 333)).toEqual(from(0, end));
        else if (which === 1)
          expect((await searchEvents(ctx, { ...whole(), toMicros: today - DAY, limit: 200 })).events).toHaveLength(200);
        else {
          const { events } = await searchEvents(ctx, {
            ...whole(),
            filter: [{ field: "tool", value: "late" }],
            limit: 200,
          });
          expect(events).toHaveLength(expected.filter((key) => isLate(key)).length);
        }
        rounds += 1;
      }
    });
    const partitions = await countPartitions(past.client);
    const merged = await mergePartitions().finally(() => {
      done = true;
    });
    await Promise.all(readers);
    expect(merged).toBeGreaterThanOrEqual(8);
    expect(rounds).toBeGreaterThan(3);
    expect(await countPartitions(past.client)).toBeLessThan(partitions - 200);
    const after = await past.client.query(
      "select seq, created_at, core, entry from audit.event where log_id = $1 order by seq",
      [log.id],
    );
    expect(after.rows).toEqual(before.rows);
    forgetPartitions();
    expect(await tailAll(-1, 333)).toEqual(from(0, end));
    expect(await mergePartitions()).toBe(0);
  });

  const lateSeqs = () => new Set(rows.filter((row) => row.fields.tool === "late").map((row) => row.seq));
  const isLate = (key: string) => lateSeqs().has(Number(key.split(":")[1]));
});
