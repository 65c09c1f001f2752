import { type SpawnOptions, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { asUser, isRoot, unprivilegedUser } from "@/lib/embedded-postgres/run-as";

const PORT = 54_329;
const HAND_WRITTEN = [
  "select b.bbalance, count(*) from pgbench_branches b join pgbench_tellers using (bid) group by 1",
  "with rich as (select aid from pgbench_accounts where abalance > 10) select count(*) from rich",
  "select 1 / (abalance - abalance) from pgbench_accounts where aid = 1",
  "select nosuch from pgbench_accounts",
  "do $$ begin perform 1 from pgbench_accounts where aid = 1; end $$",
];
/** Found with nothing of the collector's: statements that were complete on a table of pgbench's, and failed ones. */
const SUCCEEDED = /duration: [\d.]+ ms {2}(?:statement|execute [^:]+): (?![^"]*(?:pg_catalog|pg_stat_))[^"]*pgbench_/g;
const FAILED = /^.*(?:[,"](?:ERROR|FATAL)[,"]).*pgbench_.*$/gm;

export interface AuditedServer {
  logs: string;
  /** pgbench's own transactions, so many seconds at 200 a second from 4 clients. Ends, too, when the server does. */
  load: (seconds: number) => Promise<void>;
  runByHand: () => void;
  query: (sql: string) => string;
  restart: () => void;
  counted: () => { success: number; error: number };
  remove: () => void;
}

/** The system's own PostgreSQL (pg_config finds it) with pgbench, pg_stat_statements and pgaudit. */
export function startAuditedServer(format: "jsonlog" | "csvlog"): AuditedServer {
  const bin = spawnSync("pg_config", ["--bindir"], { encoding: "utf8" }).stdout.trim();
  const user = isRoot() ? unprivilegedUser(() => {}) : undefined;
  const folder = mkdtempSync(path.join(tmpdir(), "afd-audited-"));
  const [data, logs] = [path.join(folder, "data"), path.join(folder, "log")];
  mkdirSync(logs);
  for (const place of [folder, logs]) if (user) chownSync(place, user.uid, user.gid);
  chmodSync(folder, 0o755);
  const options: SpawnOptions = { ...asUser(user), stdio: "pipe" };
  const run = (program: string, ...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(path.join(bin, program), args, { ...options, encoding: "utf8" });
    if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
    return String(stdout).trim();
  };
  const at = ["-h", folder, "-p", String(PORT), "-U", "postgres"];
  run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync");
  const settings = {
    listen_addresses: "",
    port: PORT,
    unix_socket_directories: folder,
    logging_collector: "on",
    log_destination: format,
    log_directory: logs,
    log_filename: "pg-%Y%m%d-%H%M%S.log",
    log_min_duration_statement: 0,
    lc_messages: "C",
    shared_preload_libraries: "pg_stat_statements,pgaudit",
    "pgaudit.log": "read, write",
    "pgaudit.log_relation": "on",
    // Both of its moments: at a statement's end, and at its start.
    "pgaudit.log_rows": format === "jsonlog" ? "on" : "off",
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`);
  appendFileSync(path.join(data, "postgresql.conf"), lines.join(""));
  const control = (word: string) => run("pg_ctl", "-D", data, "-w", "-s", "-m", "fast", "-l", "/dev/null", word);
  control("start");
  const query = (sql: string) => run("psql", ...at, "-AtqX", "-c", sql);
  run("pgbench", ...at, "-i", "-q");
  query("create extension pg_stat_statements");
  const extended = format === "jsonlog" ? "prepared" : "simple";
  return {
    logs,
    query,
    load: async (seconds) => {
      const args = ["-n", "-c", "4", "-R", "200", "-T", String(seconds), "-M", extended];
      await once(spawn(path.join(bin, "pgbench"), [...at, ...args], { ...options, stdio: "ignore" }), "close");
    },
    runByHand: () => {
      for (const sql of HAND_WRITTEN)
        spawnSync(path.join(bin, "psql"), [...at, "-qX", "-c", sql], { ...options, stdio: "ignore" });
    },
    restart: () => control("restart"),
    counted: () => {
      const files = readdirSync(logs).filter((name) => /\.(json|csv)$/.test(name));
      const text = files.map((name) => readFileSync(path.join(logs, name), "utf8")).join("");
      return { success: text.match(SUCCEEDED)?.length ?? 0, error: text.match(FAILED)?.length ?? 0 };
    },
    remove: () => {
      control("stop");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
