import { randomInt, randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { closePools } from "@/lib/db/pools";
import { closePrisma } from "@/lib/db/prisma";
import { ask, makeTenant, type Tenant } from "@/lib/testing/api";
import { type ApiProcess, startApiProcess } from "@/lib/testing/api-process";
import { type Entry, findingsOf, summary } from "@/lib/testing/checker";
import { startTestCluster, type TestCluster } from "@/lib/testing/cluster";
import { useCluster } from "@/lib/testing/database";
import { callOf, logIdOf, storedPlaces, toPlace } from "@/lib/testing/product-log";

const PRODUCERS = 8;
const POSTGRES_KILLS = 4;
const WEB_KILLS = 10;
/** Of each life of a process: enough that it is killed in the middle of work. */
const ACKED_BEFORE_KILL = 200;
const LIFE_MS = { min: 50, max: 500 };

let cluster: TestCluster;
let web: ApiProcess;
let tenant: Tenant;

beforeAll(async () => {
  cluster = await startTestCluster();
  await useCluster(cluster);
  web = await startApiProcess();
});
afterAll(async () => {
  await web.close();
  await cluster.remove();
});
beforeEach(async () => {
  tenant = await makeTenant(randomUUID());
  // From here on only the web process talks to the server that is killed.
  await Promise.all([closePools(), closePrisma()]);
});

/** Sends again, with the same ids, until there is an answer that settles it: what an SDK does. */
async function untilAnswered(path: string, body?: unknown) {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    const answer = await ask(web, tenant.key, path, body === undefined ? {} : { body }).catch(() => undefined);
    if (answer && answer.status !== 503) return answer;
    await delay(20);
  }
  throw new Error(`${path}: no answer within 30 s`);
}

interface Run {
  entries: Entry[];
  retries: number;
  /** Producers are to stop. */
  done: boolean;
  /** They have. */
  quiet: boolean;
}

async function produce(run: Run): Promise<void> {
  while (!run.done) {
    const ids = Array.from({ length: randomInt(1, 21) }, () => randomUUID());
    for (const id of ids) run.entries.push({ what: "sent", id });
    const answer = await untilAnswered("/v1/events", ids.map(callOf));
    expect(answer.status, JSON.stringify(answer.body)).toBe(201);
    for (const receipt of answer.body.receipts) {
      run.entries.push({ what: "acked", ...toPlace(receipt) });
      if (receipt.status === "duplicate") run.retries += 1;
    }
  }
}

async function poll(run: Run): Promise<void> {
  let cursor = "";
  for (;;) {
    const wasQuiet = run.quiet;
    const { status, body } = await untilAnswered(`/v1/events?limit=500${cursor && `&after=${cursor}`}`);
    // A log that is shorter than before answers 400: what was read is gone.
    expect(status, JSON.stringify(body)).toBe(200);
    cursor = body.next_cursor;
    for (const row of body.events) run.entries.push({ what: "read", poller: "p", ...toPlace(row) });
    if (body.events.length > 0) continue;
    if (wasQuiet) return;
    await delay(10);
  }
}

/** Rows acknowledged so far. */
const ackedIn = (run: Run) => run.entries.reduce((sum, { what }) => sum + Number(what === "acked"), 0);

/** Load without a break, and `kill` so many times in the middle of it. */
async function runWithKills(kills: number, kill: () => Promise<void>): Promise<Run> {
  const run: Run = { entries: [], retries: 0, done: false, quiet: false };
  const producers = Promise.all(Array.from({ length: PRODUCERS }, () => produce(run))).finally(() => {
    run.quiet = true;
  });
  const poller = poll(run);
  const murders = (async () => {
    for (let count = 0; count <= kills; count += 1) {
      const before = ackedIn(run);
      await expect.poll(() => ackedIn(run), { timeout: 30_000 }).toBeGreaterThan(before + ACKED_BEFORE_KILL);
      if (count === kills) break;
      await delay(randomInt(LIFE_MS.min, LIFE_MS.max));
      await kill();
    }
  })().finally(() => {
    run.done = true;
  });
  await Promise.all([producers, poller, murders]);
  return run;
}

async function findings({ entries }: Run) {
  const client = new pg.Client({ connectionString: cluster.url });
  await client.connect();
  try {
    const stored = await storedPlaces(client, await logIdOf(client, tenant.appId));
    return { found: findingsOf(entries, stored), rows: stored.length };
  } finally {
    await client.end();
  }
}

async function report(name: string, run: Run): Promise<void> {
  const { found, rows } = await findings(run);
  process.stdout.write(
    `  ${name}: ${rows} rows, ${run.retries} of them acknowledged only by a repeat, ${JSON.stringify(summary(found))}\n`,
  );
  expect(found.slice(0, 5)).toEqual([]);
  expect(rows).toBeGreaterThan(ACKED_BEFORE_KILL);
}

describe("kill -9 under load: nothing acknowledged is lost, doubled or moved, and no number is burnt", () => {
  test(`of PostgreSQL, ${POSTGRES_KILLS} times`, { timeout: 90_000 }, async () => {
    let killed = 0;
    const run = await runWithKills(POSTGRES_KILLS, async () => {
      const pid = cluster.pid();
      if (pid === undefined) throw new Error("There is no PostgreSQL to kill.");
      process.kill(pid, "SIGKILL");
      await expect.poll(() => cluster.pid(), { timeout: 20_000 }).not.toBe(pid);
      killed += 1;
    });
    expect(killed).toBe(POSTGRES_KILLS);
    await report("kill -9 of PostgreSQL", run);
  });

  test(`of the web process, ${WEB_KILLS} times`, { timeout: 90_000 }, async () => {
    const run = await runWithKills(WEB_KILLS, () => web.killAndRestart());
    await report("kill -9 of the web process", run);
  });
});
