import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, makeKey, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { startTestCluster, type TestCluster } from "@/lib/testing/cluster";
import { createTestDatabase } from "@/lib/testing/database";
import { CLEAN_ENVIRONMENT, eventually, ROOT } from "@/lib/testing/program";
import { startRecordingProxy } from "@/lib/testing/recording-proxy";
import { commandRunner } from "@/lib/testing/terminal";
import { main } from "./affidavit";

const folder = mkdtempSync(path.join(tmpdir(), "affidavit-collect-"));
const logs = path.join(folder, "log");
const state = path.join(folder, "state");
const TABLES = ["accounts", "tellers", "branches", "history", "Odd Name"];
let api: TestApi;
let tenant: Tenant;
/** May write events, no more. */
let key: string;
let sourceId: string;
let cluster: TestCluster;
let proxy: Awaited<ReturnType<typeof startRecordingProxy>>;

const catalogue = {
  columns: TABLES.flatMap((table) =>
    ["id", "balance", "note"].map((column) => ({
      database: "affidavit",
      schema: "public",
      table,
      column,
      connected: column === "balance",
      tags: column === "balance" ? [{ key: "FINANCE", value: "balance" }] : [],
    })),
  ),
};

beforeAll(async () => {
  mkdirSync(logs);
  mkdirSync(state);
  chmodSync(folder, 0o755);
  chmodSync(logs, 0o777);
  await createTestDatabase();
  api = await startApi();
  proxy = await startRecordingProxy(api.url);
  tenant = await makeTenant("Collect");
  key = await makeKey(tenant.orgId, tenant.appId, { scopes: ["events:write"] });
  const made = await ask(api, tenant.key, "/v1/data-sources", {
    body: { name: "load", app_id: tenant.appId, type: "postgres" },
  });
  sourceId = made.body.id;
  const put = { method: "PUT", body: catalogue };
  expect((await ask(api, tenant.key, `/v1/data-sources/${sourceId}/catalogue`, put)).status).toBe(200);
  cluster = await startTestCluster({
    logging_collector: "on",
    log_destination: "jsonlog",
    log_directory: logs,
    log_filename: "pg-%Y%m%d-%H%M%S.log",
    log_min_duration_statement: "0",
    log_min_error_statement: "error",
    log_parameter_max_length: "-1",
    log_parameter_max_length_on_error: "-1",
    log_error_verbosity: "default",
    shared_preload_libraries: "pg_stat_statements",
  });
}, 120_000);
afterAll(async () => {
  for (const child of collectors) child.kill("SIGKILL");
  await cluster.remove();
  await api.close();
  proxy.close();
  rmSync(folder, { recursive: true });
});

const collectors: ChildProcess[] = [];

function startCollector(...more: string[]) {
  const args = ["collect", "postgres", "--log-dir", logs, "--state", path.join(state, "s.json")];
  args.push("--data-source", sourceId, "--json", ...more);
  const child = spawn(process.execPath, [path.join(ROOT, "cli/bin.mjs"), ...args], {
    env: { ...CLEAN_ENVIRONMENT, AFFIDAVIT_URL: proxy.url, AFFIDAVIT_API_KEY: key },
    stdio: ["ignore", "pipe", "pipe"],
  });
  collectors.push(child);
  const said = { out: "", err: "" };
  child.stdout?.on("data", (chunk: Buffer) => {
    said.out += chunk.toString();
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    said.err += chunk.toString();
  });
  return { child, said, ended: once(child, "close") };
}

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: cluster.url, application_name: "load" });
  client.on("error", () => {});
  await client.connect();
  return client;
}

const CANARY = "canary-9f4e";

/** The transaction of pgbench's tpcb-like script; every other one with bind values. */
async function transact(client: pg.Client, n: number): Promise<void> {
  const id = 1 + (n % 50);
  const run = (text: string, values: unknown[]) =>
    n % 2 === 0
      ? client.query(text, values)
      : client.query(
          text.replace(/\$(\d)/g, (_, place) => `'${String(values[Number(place) - 1]).replaceAll(CANARY, "x")}'`),
        );
  await client.query("begin");
  await run("update accounts set balance = balance + $1 where id = $2", [n, id]);
  await run("select balance from accounts where id = $1", [id]);
  await run("update tellers set balance = balance + $1 where id = $2", [n, id]);
  await run("update branches set balance = balance + $1 where id = $2", [n, id]);
  await run("insert into history (id, balance, note) values ($1, $2, $3)", [id, n, `${CANARY}-${n}`]);
  await client.query("end");
  if (n % 5 === 0) await client.query("select count(*) from other");
}

/** How its statements begin. */
const ORDINARY = [
  "update accounts set balance",
  "select balance from accounts where id =",
  "update tellers set balance",
  "update branches set balance",
  "insert into history",
];

const HARD = [
  "with t as (select id from accounts), accounts2 as (select * from t) select count(*) from accounts2",
  `select "balance" /* ; -- */ from "Odd Name" where note = $$it's; fine$$`,
  "select a.balance, b.* from accounts a\n  join branches b using (id)\n  where a.note is distinct from 'é\n\"x\"'",
  "merge into tellers t using branches b on t.id = b.id when matched then update set note = b.note",
  "insert into accounts (id, balance) values (1, 1) on conflict (id) do update set balance = excluded.balance",
  "select 1; update accounts set note = 'a' where id = 2; select 2",
  "prepare p (int) as select note, balance from accounts where id = $1; ",
  "execute p (3)",
  "select 1 / (balance - balance) from accounts where id = 1",
  "select nosuch from accounts",
  "select * from",
  "set statement_timeout = 20; select pg_sleep(1), max(balance) from accounts",
  "declare c cursor with hold for select * from history",
  "copy (select * from accounts) to '/dev/null'",
  `select 1 where exists (select from accounts where id in (${Array.from({ length: 2_000 }, (_, n) => n)}))`,
  "truncate history",
];

async function runHard(): Promise<void> {
  const client = await connect();
  for (const text of HARD) await client.query(text).catch(() => {});
  await client.end();
}

interface Logged {
  message: string;
  statement?: string;
  detail?: string;
  error_severity: string;
  backend_type: string;
}

/** What the log holds, read with nothing of ours: statements on the tables, complete or failed. */
function countLogged(): { success: number; error: number } {
  const counts = { success: 0, error: 0 };
  const about = (text: string) =>
    !text.includes("pg_stat_statements") && TABLES.some((table) => new RegExp(`\\b${table}\\b`).test(text));
  for (const name of readdirSync(logs).filter((each) => each.endsWith(".json"))) {
    for (const line of readFileSync(path.join(logs, name), "utf8").split("\n").filter(Boolean)) {
      const { message, statement, detail = "", error_severity, backend_type } = JSON.parse(line) as Logged;
      if (backend_type !== "client backend") continue;
      const isDone = /^duration: \S+ ms {2}(statement|execute)/.test(message);
      if (isDone && about(message + detail.replace(/^parameters.*/is, ""))) counts.success += 1;
      // One that cannot be parsed is recorded, too.
      if (error_severity === "ERROR" && statement && (about(statement) || statement === "select * from"))
        counts.error += 1;
    }
  }
  return counts;
}

const run = commandRunner(main, () => ({ url: api.url, key: tenant.key }));

async function stored(): Promise<Record<string, string>[]> {
  const { out } = await run("tail", ["--json", "--kind", "query"]);
  return out
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, string>);
}

test("every statement is one row: rotation, kill -9, an outage and a restart of the server", {
  timeout: 240_000,
}, async () => {
  const setup = await connect();
  await setup.query("create extension pg_stat_statements");
  for (const table of [...TABLES, "other"]) {
    await setup.query(`create table "${table}" (id int, balance bigint, note text)`);
    if (table !== "history") await setup.query(`alter table "${table}" add primary key (id)`);
  }
  await setup.query("insert into accounts select g, 0 from generate_series(1, 50) g");
  const clients = await Promise.all([connect(), connect(), connect()]);
  let collector = startCollector();
  const load = async (from: number, transactions = 100) => {
    await Promise.all(
      clients.map(async (client, index) => {
        for (let n = 0; n < transactions; n += 1) await transact(client, from + n * clients.length + index);
      }),
    );
  };
  const kill = async () => {
    collector.child.kill("SIGKILL");
    await collector.ended;
    collector = startCollector();
  };
  let from = 0;
  const rotate = () => setup.query("select pg_rotate_logfile()");
  for (const trouble of [kill, rotate, kill, rotate, kill]) {
    const loading = load(from);
    await eventually("the collector is at work", () => proxy.bodies.length > 0);
    await trouble();
    await loading;
    from += 1_000;
  }
  await eventually("it has caught up", async () => (await stored()).length === countLogged().success);
  // Fewer than one request takes, so that it waits with all of them read.
  proxy.setAway(true);
  await load(from, 5);
  await eventually("it finds nobody", () => proxy.hasRefused());
  await rotate();
  await kill();
  from += 1_000;
  await load(from, 5);
  proxy.setAway(false);
  await runHard();
  const { rows: counted } = await setup.query<{ calls: string }>(
    `select sum(calls) as calls from pg_stat_statements where query ~ '^(${ORDINARY.join("|")})'`,
  );
  const before = cluster.pid();
  process.kill(before ?? 0, "SIGINT");
  await eventually("the server is up again", async () => {
    const client = await connect();
    await client.end();
    return cluster.pid() !== before;
  });
  clients.splice(0, 3, ...(await Promise.all([connect(), connect(), connect()])));
  await kill();
  await load(from, 20);
  for (const client of clients) await client.end();
  const logged = countLogged();
  await eventually("all are stored", async () => (await stored()).length >= logged.success + logged.error, 60_000);
  collector.child.kill("SIGTERM");
  await collector.ended;
  const rows = await stored();
  expect(new Set(rows.map(({ query_id }) => query_id)).size).toBe(rows.length);
  const failed = rows.filter(({ execution_status }) => execution_status !== "success");
  expect({ success: rows.length - failed.length, error: failed.length }).toEqual(logged);
  // What the server's own counter had before it was restarted, and the last part of the load.
  const ordinary = rows.filter(({ query_text = "" }) => ORDINARY.some((begin) => query_text.startsWith(begin)));
  expect(ordinary).toHaveLength(Number(counted[0]?.calls) + 3 * 20 * ORDINARY.length);
  for (const place of [
    proxy.bodies.join(""),
    ...readdirSync(state).map((name) => readFileSync(path.join(state, name), "utf8")),
  ])
    expect(place).not.toContain(CANARY);
  expect(rows.find(({ query_text = "" }) => query_text.startsWith("update tellers"))).toMatchObject({
    objects_accessed: ["balance", "id"].map((column) => ({
      database: "affidavit",
      schema: "public",
      table: "tellers",
      column,
    })),
    tags_accessed: [{ key: "FINANCE", value: "balance" }],
    client_application: "load",
    table_name: "tellers",
    schema_name: "public",
  });
});
