import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectionConfig } from "@/lib/db/pools";
import { append } from "@/lib/ingest/append";
import { acceptEvents } from "@/lib/ingest/event";
import { makeRows } from "@/lib/ingest/row";
import { type Answer, ask, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { type ApiProcess, startApiProcess } from "@/lib/testing/api-process";
import { findingsOf } from "@/lib/testing/checker";
import { createTestDatabase } from "@/lib/testing/database";
import { callOf, logIdOf, storedPlaces, toPlace } from "@/lib/testing/product-log";

const IDS = 400;
const TIMES = 6;
const CONNECTIONS = 24;
const HTTP_CONNECTIONS = 200;

let api: TestApi;
let other: ApiProcess;
let pool: pg.Pool;

beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
  other = await startApiProcess();
  pool = new pg.Pool({
    ...connectionConfig("racers", { lockTimeoutMs: 30_000, statementTimeoutMs: 30_000 }),
    max: CONNECTIONS,
  });
});
afterAll(async () => {
  await Promise.all([pool.end(), api.close(), other.close()]);
});

function shuffled<T>(values: readonly T[]): T[] {
  return values
    .map((value) => ({ value, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}

describe("2,400 racing submissions of 400 ids: one row each, no error, no number burnt", () => {
  const ids = Array.from({ length: IDS }, () => randomUUID());
  const submissions = shuffled(ids.flatMap((id) => Array.from({ length: TIMES }, () => id)));

  /** Each submission once, so many at a time. */
  async function race(atOnce: number, submit: (id: string) => Promise<void>): Promise<void> {
    const left = [...submissions];
    const racer = async () => {
      for (let id = left.pop(); id !== undefined; id = left.pop()) await submit(id);
    };
    await Promise.all(Array.from({ length: atOnce }, racer));
  }

  test("by HTTP, to two processes", async () => {
    const tenant = await makeTenant("Race by HTTP");
    const answers: Answer[] = [];
    await race(HTTP_CONNECTIONS, async (id) => {
      const body = { ...callOf(id), context: { a: 1, b: 2 } };
      answers.push(await ask(answers.length % 2 === 0 ? api : other, tenant.key, "/v1/events", { body }));
    });
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([201]));
    const receipts = answers.map((answer) => answer.body.receipts[0]);
    expect(receipts.filter((receipt) => receipt.status === "created")).toHaveLength(IDS);
    const stored = await storedPlaces(pool, await logIdOf(pool, tenant.appId));
    expect(stored).toHaveLength(IDS);
    const entries = [
      ...ids.map((id) => ({ what: "sent" as const, id })),
      ...receipts.map((receipt) => ({ what: "acked" as const, ...toPlace(receipt) })),
    ];
    // The ids stand as sent before everything else, so only places can be wrong here.
    expect(findingsOf(entries, stored)).toEqual([]);
  });

  test("at the function itself, from 24 connections", async () => {
    const tenant = await makeTenant("Race at the function");
    const log = await logIdOf(pool, tenant.appId);
    const options = { appId: tenant.appId, submittedAtMicros: Date.now() * 1000, stripHeaders: new Set<string>() };
    const statuses: (string | undefined)[] = [];
    await race(CONNECTIONS, async (id) => {
      const accepted = acceptEvents([callOf(id)], { ...options, callerKeyPrefix: undefined }, String);
      const [results] = await append(log, [{ rows: makeRows(accepted, log, tenant.appId) }], pool);
      statuses.push(results?.[0]?.status);
    });
    expect(statuses.filter((status) => status === "created")).toHaveLength(IDS);
    expect(statuses.filter((status) => status === "duplicate")).toHaveLength(IDS * (TIMES - 1));
    const stored = await storedPlaces(pool, log);
    expect(stored.map((row) => row.seq)).toEqual(Array.from({ length: IDS }, (_, seq) => seq));
  });

  test("racing submissions leave counts of one row each", async () => {
    const window = `from=${new Date(Date.now() - 3_600_000).toISOString()}&to=${new Date(Date.now() + 3_600_000).toISOString()}`;
    const tenant = await makeTenant("Counts");
    const some = submissions.slice(0, 600);
    await Promise.all(
      some.map((id) => ask(api, tenant.key, "/v1/events", { body: [callOf(id), callOf(randomUUID())] })),
    );
    const answer = await ask(api, tenant.key, `/v1/events/facets?${window}`);
    const total = new Set(some).size + some.length;
    expect(answer.body).toMatchObject({ total, exact: true });
    expect(answer.body.facets[0]).toMatchObject({ field: "provider_id", values: [{ value: "load", count: total }] });
  });
});

describe("requests that share a batch", () => {
  let tenant: Tenant;
  let log: number;
  beforeAll(async () => {
    tenant = await makeTenant("Shared batch");
    log = await logIdOf(pool, tenant.appId);
  });

  /** Sends all while the log is locked by somebody else: the first waits for the lock, the others share the batch behind it. */
  async function inOneBatch(
    requests: readonly { body: unknown; headers?: Record<string, string> }[],
  ): Promise<Answer[]> {
    const blocker = await pool.connect();
    try {
      await blocker.query("begin");
      await blocker.query("select from audit.log where id = $1 for update", [log]);
      const first = ask(api, tenant.key, "/v1/events", { body: callOf(randomUUID()) });
      await expect.poll(waiters).toBe(1);
      const answers = Promise.all(requests.map((request) => ask(api, tenant.key, "/v1/events", request)));
      await expect.poll(queued).toBe(1 + requests.reduce((sum, { body }) => sum + [body].flat().length, 0));
      await blocker.query("commit");
      expect((await first).status).toBe(201);
      return await answers;
    } finally {
      blocker.release();
    }
  }

  const waiters = async () =>
    (await pool.query("select from pg_locks where not granted and locktype in ('transactionid', 'tuple')")).rows.length;
  const queued = async () =>
    Number(/^affidavit_ingest_queue_events (\d+)$/m.exec((await ask(api, undefined, "/metrics")).body)?.[1]);
  const heads = async () => (await pool.query("select from audit.log_head where log_id = $1", [log])).rows.length;

  test("an id that stands for another body refuses its own request and no other", async () => {
    const taken = randomUUID();
    await ask(api, tenant.key, "/v1/events", { body: callOf(taken) });
    const before = { heads: await heads(), stored: (await storedPlaces(pool, log)).length };
    const innocent = Array.from({ length: 5 }, () => [callOf(randomUUID()), callOf(randomUUID())]);
    const guilty = [callOf(randomUUID()), { ...callOf(taken), outcome: "provider_error" }, callOf(randomUUID())];
    const [refused, ...answers] = await inOneBatch([{ body: guilty }, ...innocent.map((body) => ({ body }))]);
    expect(refused?.status).toBe(409);
    expect(refused?.body).toMatchObject({ code: "idempotency_conflict", errors: [{ pointer: "/1/id" }] });
    expect(answers.map((answer) => answer.status)).toEqual([201, 201, 201, 201, 201]);
    // One head for the request that was waited for, one for the batch: they did share it.
    expect((await heads()) - before.heads).toBe(2);
    const stored = await storedPlaces(pool, log);
    expect(stored.length - before.stored).toBe(1 + 10);
    expect(stored.map((row) => row.seq)).toEqual(stored.map((_, seq) => seq));
    const ids = new Set(stored.map((row) => row.id));
    expect(innocent.flat().every(({ id }) => ids.has(id))).toBe(true);
    expect(ids.has(guilty[0]?.id ?? "") || ids.has(guilty[2]?.id ?? "")).toBe(false);
  });

  test("each of several conflicts names its own id", async () => {
    const ids = [randomUUID(), randomUUID()];
    await ask(api, tenant.key, "/v1/events", { body: ids.map(callOf) });
    const others = ids.map((id) => ({ ...callOf(id), outcome: "provider_error" }));
    const { status, body } = await ask(api, tenant.key, "/v1/events", { body: [callOf(randomUUID()), ...others] });
    expect(status).toBe(409);
    expect(body.errors).toEqual(
      ids.map((id, index) => ({ pointer: `/${index + 1}/id`, message: `the id ${id} was used for another body` })),
    );
    for (const id of ids) expect(body.detail).not.toContain(id);
  });

  test("so does an Idempotency-Key that stands for another body; a repeat gets the first answer", async () => {
    const headers = { "idempotency-key": randomUUID() };
    const body = [callOf(randomUUID())];
    const first = await ask(api, tenant.key, "/v1/events", { body, headers });
    const before = { heads: await heads(), stored: (await storedPlaces(pool, log)).length };
    const [other] = await inOneBatch([
      { body: [callOf(randomUUID())], headers },
      { body: [callOf(randomUUID())] },
      { body: [callOf(randomUUID())], headers: { "idempotency-key": randomUUID() } },
    ]);
    expect(other?.body).toMatchObject({ status: 409, code: "idempotency_conflict" });
    expect((await heads()) - before.heads).toBe(2);
    expect((await storedPlaces(pool, log)).length - before.stored).toBe(3);
    const [again] = await inOneBatch([{ body, headers }, { body: [callOf(randomUUID())] }]);
    expect(again?.body.receipts).toEqual([{ ...first.body.receipts[0], status: "duplicate" }]);
  });

  test("a duplicate in a batch gets its old place, new rows around it get the next numbers", async () => {
    const known = randomUUID();
    const first = await ask(api, tenant.key, "/v1/events", { body: callOf(known) });
    const head = first.body.receipts[0].seq;
    const answers = await inOneBatch([
      { body: [callOf(randomUUID()), callOf(known), callOf(randomUUID())] },
      { body: [callOf(randomUUID())] },
    ]);
    // head+1 is the request that was waited for.
    expect(answers.map((answer) => answer.body.receipts.map((one: { seq: number }) => one.seq))).toEqual([
      [head + 2, head, head + 3],
      [head + 4],
    ]);
    expect(answers[0]?.body.receipts[1]).toEqual({ ...first.body.receipts[0], status: "duplicate" });
  });
});
