import pg from "pg";
import { copyLine, copyLines, prepareRow } from "./copy-rows";
import { makeEvent, seededRandom } from "./events";
import { drive, makeClient } from "./load";
import { makeQueryEvent } from "./query-events";
import { type Figure, figure, percentile } from "./report";
import { makeWorld, type World } from "./world";

const BATCH = 500;
/** Rows of a log that nobody addresses, for the COPY. */
const COPY_LOG = 1_000_000;

/** Rows are written when their terms are in the index's tree too: what was deferred to the worker counts for both sides. */
async function settleTerms(client: pg.Client): Promise<void> {
  await client.query("select gin_clean_pending_list(oid::regclass) from audit.terms_index");
}

/** COPY of the same rows in transactions of 500, into the same table with the same indexes; terms computed before. */
async function copyRate(world: World, rows: number, seed: number): Promise<number> {
  const random = seededRandom(seed);
  const prepared = Array.from({ length: rows }, () => prepareRow(makeEvent(random), COPY_LOG, world.appId));
  const client = new pg.Client({ connectionString: world.databaseUrl });
  await client.connect();
  const start = performance.now();
  for (let at = 0; at < rows; at += BATCH) {
    const now = Date.now() * 1000;
    await copyLines(
      client,
      prepared.slice(at, at + BATCH).map((row, index) => copyLine(COPY_LOG + seed, at + index, now, row)),
    );
  }
  await settleTerms(client);
  const rate = rows / ((performance.now() - start) / 1000);
  await client.end();
  return rate;
}

function bodies(count: number, events: number, seed: number, make = makeEvent): Buffer[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const batch = Array.from({ length: events }, () => make(random));
    return Buffer.from(JSON.stringify(events === 1 ? batch[0] : batch));
  });
}

async function postAll(
  world: World,
  path: string,
  prepared: Buffer[],
  connections: number,
): Promise<{ rate: number; p99: number }> {
  const client = makeClient(world.url, world.key, connections);
  let next = 0;
  const latencies: number[] = [];
  const start = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (let mine = next++; mine < prepared.length; mine = next++) {
        const began = performance.now();
        const { status, text } = await client.post(path, prepared[mine] as Buffer);
        if (status !== 201) throw new Error(`${status} ${text}`);
        latencies.push(performance.now() - began);
      }
    }),
  );
  const rate = prepared.length / ((performance.now() - start) / 1000);
  client.close();
  return { rate, p99: percentile(latencies, 99) };
}

/** Batches through the API until their terms are merged, rows/s. */
async function batchRate(world: World, rows: number, seed: number, make = makeEvent): Promise<number> {
  const prepared = bodies(Math.ceil(rows / BATCH), BATCH, seed, make);
  const direct = new pg.Client({ connectionString: world.databaseUrl });
  await direct.connect();
  const start = performance.now();
  await postAll(world, "/v1/events", prepared, 4);
  await settleTerms(direct);
  const rate = (prepared.length * BATCH) / ((performance.now() - start) / 1000);
  await direct.end();
  return rate;
}

/** Each side three times, in turns, on the one growing table; the medians are compared. */
const TURNS = 3;
const SINGLE_TURNS = 5;
const median = (values: number[]) => percentile(values, 50);

async function batches(world: World, rows: number): Promise<Figure[]> {
  const copy: number[] = [];
  const ours: number[] = [];
  await postAll(world, "/v1/events", bodies(6, BATCH, 99), 2);
  for (let turn = 0; turn < TURNS; turn += 1) {
    copy.push(await copyRate(world, Math.ceil(rows / TURNS), turn + 1));
    ours.push(await batchRate(world, Math.ceil(rows / TURNS), turn + 11));
  }
  return [
    figure({
      name: "batches of 500 over HTTP",
      value: median(ours),
      unit: "rows/s",
      limit: "COPY into the same table and indexes",
      limit_value: median(copy),
      goal: "≥ 0.40, and ≥ 6000 rows/s",
      better: "higher",
    }),
  ];
}

/** Statements, redacted, beside calls of the same size: in turns, as above. */
async function queries(world: World, rows: number): Promise<Figure[]> {
  const calls: number[] = [];
  const ours: number[] = [];
  await postAll(world, "/v1/events", bodies(6, BATCH, 96, makeQueryEvent), 2);
  for (let turn = 0; turn < TURNS; turn += 1) {
    calls.push(await batchRate(world, Math.ceil(rows / TURNS), turn + 51));
    ours.push(await batchRate(world, Math.ceil(rows / TURNS), turn + 61, makeQueryEvent));
  }
  return [
    figure({
      name: "query rows with redaction, batches of 500",
      value: median(ours),
      unit: "rows/s",
      limit: "call rows of the same size",
      limit_value: median(calls),
      goal: "≥ 0.6",
      better: "higher",
    }),
  ];
}

async function singles(world: World): Promise<Figure[]> {
  const ours: { rate: number; p99: number }[] = [];
  const plain: { rate: number; p99: number }[] = [];
  // Both until their code is compiled: a server runs for days, not for its first thousand requests.
  await postAll(world, "/bench/plain-insert", bodies(4_000, 1, 98), 50);
  await postAll(world, "/v1/events", bodies(4_000, 1, 97), 50);
  for (let turn = 0; turn < SINGLE_TURNS; turn += 1) {
    plain.push(await postAll(world, "/bench/plain-insert", bodies(5_000, 1, turn + 21), 50));
    ours.push(await postAll(world, "/v1/events", bodies(5_000, 1, turn + 31), 50));
  }
  const rate = (all: { rate: number }[]) => median(all.map((one) => one.rate));
  const p99 = (all: { p99: number }[]) => median(all.map((one) => one.p99));
  return [
    figure({
      name: "single events, 50 connections",
      value: rate(ours),
      unit: "events/s",
      limit: "one INSERT per request",
      limit_value: rate(plain),
      goal: "≥ 1.5",
      better: "higher",
    }),
    figure({
      name: "single events, 50 connections, p99",
      value: p99(ours),
      unit: "ms",
      limit: "one INSERT per request",
      limit_value: p99(plain),
      goal: "≤ 1",
      better: "lower",
    }),
  ];
}

/** A forgotten `begin isolation level repeatable read` in the same database must not slow appends down. */
async function idleSnapshot(world: World, seconds: number): Promise<Figure[]> {
  const prepared = bodies(400, 20, 41);
  const client = makeClient(world.url, world.key, 8);
  const run = () =>
    drive(8, seconds, async (turn) => {
      const { status, text } = await client.post("/v1/events", prepared[turn % prepared.length] as Buffer);
      if (status !== 201) throw new Error(`${status} ${text}`);
    });
  await run();
  const without = await run();
  const idle = new pg.Client({ connectionString: world.databaseUrl });
  await idle.connect();
  await idle.query("begin isolation level repeatable read");
  await idle.query("select count(*) from audit.log");
  const withIdle = await run();
  await idle.query("rollback");
  await idle.end();
  client.close();
  return [
    figure({
      name: `ingest p99 with an idle snapshot for ${seconds} s`,
      value: percentile(withIdle.latencies, 99),
      unit: "ms",
      limit: "without it",
      limit_value: percentile(without.latencies, 99),
      goal: "≤ 2",
      better: "lower",
    }),
  ];
}

export async function benchIngest(rows: number): Promise<Figure[]> {
  const world = await makeWorld();
  try {
    return [
      ...(await batches(world, rows)),
      ...(await queries(world, rows)),
      ...(await singles(world)),
      ...(await idleSnapshot(world, 30)),
    ];
  } finally {
    await world.stop();
  }
}
