import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type AuditedServer, startAuditedServer } from "./audited-server";
import { type Figure, figure, percentile } from "./report";
import { makeWorld, type World } from "./world";

const TABLES = { accounts: "abalance", branches: "bbalance", tellers: "tbalance", history: "delta" };
/** Statements of a transaction of pgbench that touch its tables, and transactions a second. */
const RATE = 5 * 200;

interface Row {
  query_id: string;
  created_at: string;
  completed_at: string;
  execution_status: string;
  query_text: string;
}

/** What it promises of every row, and how long a collector may take to begin, ms. */
const LAG_MS = 60_000;
const START_MS = 30_000;

/** How pgbench's own statements begin; those that are written by hand begin otherwise. */
const ORDINARY = /^(UPDATE|SELECT abalance|INSERT INTO) ?.*pgbench_/;

async function ask<T>(world: World, route: string, method = "GET", body?: unknown): Promise<T> {
  // Programs that are waited for outlast a connection that is kept.
  const headers = { authorization: `Bearer ${world.key}`, "content-type": "application/json", connection: "close" };
  const answer = await fetch(world.url + route, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  if (!answer.ok) throw new Error(`${route}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

async function makeSource(world: World, name: string): Promise<string> {
  const made = { name, app_id: world.appId, type: "postgres" };
  const { id } = await ask<{ id: string }>(world, "/v1/data-sources", "POST", made);
  const columns = Object.entries(TABLES).map(([table, column]) => ({
    database: "postgres",
    schema: "public",
    table: `pgbench_${table}`,
    column,
    connected: true,
    tags: [],
  }));
  await ask(world, `/v1/data-sources/${id}/catalogue`, "PUT", { columns });
  return id;
}

async function rowsOf(world: World, source: string): Promise<Row[]> {
  const rows: (Row & { data_source_id: string })[] = [];
  for (let after = "", more = true; more; ) {
    const page = await ask<{ events: typeof rows; next_cursor: string; has_more: boolean }>(
      world,
      `/v1/events?kind=query&limit=1000${after && `&after=${encodeURIComponent(after)}`}`,
    );
    rows.push(...page.events);
    after = page.next_cursor;
    more = page.has_more;
  }
  return rows.filter(({ data_source_id }) => data_source_id === source);
}

/** A collector, killed and started again at will. */
function makeCollector(world: World, source: string, args: readonly string[]) {
  const bin = path.join(import.meta.dirname, "../cli/bin.mjs");
  const start = () =>
    spawn(process.execPath, [bin, "collect", "postgres", "--data-source", source, ...args], {
      env: { ...process.env, AFFIDAVIT_URL: world.url, AFFIDAVIT_API_KEY: world.key },
      stdio: ["ignore", "ignore", "inherit"],
    });
  const startWatched = () => {
    const child = start();
    // Listened for from the beginning: one that has ended already closes no second time.
    return { child, closed: once(child, "close") };
  };
  let running = startWatched();
  const kill = async () => {
    running.child.kill("SIGKILL");
    await running.closed;
  };
  return {
    kill,
    isOver: () => running.child.exitCode !== null || running.child.signalCode !== null,
    killAndStart: async () => {
      await kill();
      running = startWatched();
    },
  };
}

/** Waits until the collector has noted where it begins. */
async function begun(state: string, collector: { isOver: () => boolean }): Promise<void> {
  const until = Date.now() + START_MS;
  while (!existsSync(state)) {
    if (collector.isOver()) throw new Error("the collector ended at its start");
    if (Date.now() > until) throw new Error(`the collector noted nothing within ${START_MS} ms`);
    await delay(50);
  }
}

/** Load with all that may happen meanwhile. @returns calls that the server itself counted */
async function drive(server: AuditedServer, collector: { killAndStart: () => Promise<void> }, seconds: number) {
  const third = Math.ceil(seconds / 3);
  const first = server.load(third);
  await delay((third / 2) * 1_000);
  server.query("select pg_rotate_logfile()");
  await first;
  const second = server.load(third);
  await delay((third / 2) * 1_000);
  await collector.killAndStart();
  await second;
  const last = server.load(third * 2);
  await delay((third / 2) * 1_000);
  server.restart();
  await last;
  await server.load(Math.ceil(third / 2));
  server.runByHand();
  return Number(server.query(`select sum(calls) from pg_stat_statements where query ~ '${ORDINARY.source}'`));
}

async function round(world: World, format: "jsonlog" | "csvlog", seconds: number): Promise<Figure> {
  const source = await makeSource(world, format);
  const states = mkdtempSync(path.join(tmpdir(), "afd-collect-"));
  const server = startAuditedServer(format);
  const state = path.join(states, "state.json");
  const collector = makeCollector(world, source, ["--log-dir", server.logs, "--state", state, "--from-now"]);
  try {
    await begun(state, collector);
    server.query("select pg_stat_statements_reset()");
    const before = server.counted();
    const calls = await drive(server, collector, seconds);
    const all = server.counted();
    const logged = { success: all.success - before.success, error: all.error - before.error };
    const until = Date.now() + 60_000;
    let rows: Row[] = [];
    while (rows.length < logged.success + logged.error && Date.now() < until) {
      await delay(500);
      rows = await rowsOf(world, source);
    }
    const succeeded = rows.filter(({ execution_status }) => execution_status === "success");
    const ordinary = succeeded.filter(({ query_text }) => ORDINARY.test(query_text)).length;
    const [success, error] = [succeeded.length, rows.length - succeeded.length];
    const lags = rows.map(({ created_at, completed_at }) => Date.parse(created_at) - Date.parse(completed_at));
    const distinct = new Set(rows.map(({ query_id }) => query_id)).size;
    console.log(
      `${format}: ${success} rows of success, ${error} of errors, ${distinct} ids; in the log ${logged.success} and ${logged.error}; ${ordinary} of pgbench's own, by pg_stat_statements ${calls}; lag p50 ${percentile(lags, 50)}, p99 ${percentile(lags, 99)}, max ${percentile(lags, 100)} ms`,
    );
    if (success !== logged.success || error !== logged.error || rows.length !== distinct || ordinary !== calls)
      throw new Error("rows and log differ");
    const slowest = percentile(lags, 100);
    if (!(slowest <= LAG_MS)) throw new Error(`a row came ${slowest} ms after its statement was complete`);
    return figure({
      name: `${format}: completed statement → row, p99, through a rotation, a kill -9 and a restart`,
      value: percentile(lags, 99),
      unit: "ms",
      limit: "what it promises",
      limit_value: LAG_MS,
      goal: "≤ 60,000 ms",
      better: "lower",
    });
  } finally {
    await collector.kill();
    server.remove();
    rmSync(states, { recursive: true });
  }
}

/** `npm run bench -- collect`: a server under pgbench, and how soon its statements are rows. Needs pgbench and pgaudit. */
export async function benchCollect(statements: number): Promise<Figure[]> {
  const world = await makeWorld();
  try {
    const seconds = statements / RATE;
    return [await round(world, "jsonlog", seconds), await round(world, "csvlog", seconds)];
  } finally {
    await world.stop();
  }
}
