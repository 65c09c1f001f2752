import "server-only";
import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { StartupError } from "@/lib/config/startup-error";
import { randomBase62 } from "@/lib/crypto/base62";
import { ensureCluster, SUPERUSER } from "./cluster";
import { clearLeftovers, pgCtlStop } from "./leftovers";
import { choosePlace, type Place } from "./place";
import { asUser } from "./run-as";
import { settingSwitches } from "./settings";

const DATABASE = "affidavit";
/** A socket's address holds 107 bytes (103 on macOS); `/.s.PGSQL.65535` takes 15 of them. */
const SOCKET_FOLDER_MAX = 80;
const LOG_BYTES_MAX = 10_000_000;
/** Recovery after a crash reads at most max_wal_size of log; a slow disk takes minutes for it. */
const READY_WITHIN_MS = 300_000;
const RESTARTS_IN_A_ROW = 5;

export interface EmbeddedOptions {
  /** Absolute; made when absent. */
  dataDir: string;
  say: (line: string) => void;
  settings?: Record<string, string>;
  /** False spares initdb's fsync: for clusters that are thrown away. */
  sync?: boolean;
  /** Ends a start that is under way. A server that ends from then on is not started again. */
  signal?: AbortSignal;
  /** PostgreSQL ended by itself and could not be started again. */
  onLost?: (reason: string) => void;
}

export interface EmbeddedPostgres {
  /** Over the socket, for the database `affidavit`. */
  url: string;
  /** The same server, another database. */
  urlOf: (database: string) => string;
  /** Whether this start made the cluster. */
  isNew: boolean;
  /** The postmaster's process id: for tests that kill it. */
  pid: () => number | undefined;
  /** Ends the server: in order within the time, else at once (its log replays on the next start). */
  stop: (seconds: number) => Promise<void>;
}

interface Running {
  place: Place;
  socketFolder: string;
  port: number;
  log: string;
  options: EmbeddedOptions;
  child: ChildProcess | undefined;
  stopping: boolean;
  /** Settles when the server is up again, or nobody tries any more. */
  revival: Promise<void>;
}

/**
 * Whoever stops the product from outside, as systemd does, may tell every process at once: PostgreSQL can end before it
 * is our turn to ask it, and must stay so.
 */
const isStopping = ({ stopping, options }: Running) => stopping || options.signal?.aborted === true;

/** A port that is free now. Somebody may take it before PostgreSQL does; then it ends, and is started on another. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address ? address.port : 0;
}

function makeSocketFolder({ user }: Place): string {
  const parent = tmpdir().length > SOCKET_FOLDER_MAX ? "/tmp" : tmpdir();
  const folder = mkdtempSync(path.join(parent, "afd-"));
  if (user) chownSync(folder, user.uid, user.gid);
  return folder;
}

function lastWords(log: string): string {
  const lines = readFileSync(log, "utf8").trimEnd().split("\n");
  return lines.slice(-3).join("; ") || "it wrote nothing";
}

function spawnServer(running: Running): ChildProcess {
  const { place, socketFolder, port, log, options } = running;
  const out = openSync(log, "a", 0o600);
  try {
    // A session of its own: Ctrl-C in the terminal must not reach it before the web process has let go.
    return spawn(
      path.join(place.binaries.folder, "bin/postgres"),
      ["-D", place.cluster, "-k", socketFolder, "-p", String(port), ...settingSwitches(options.settings)],
      { ...asUser(place.user), detached: true, stdio: ["ignore", out, out] },
    );
  } finally {
    closeSync(out);
  }
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

function serverUrl({ socketFolder, port }: Running, database: string): string {
  return `postgresql://${SUPERUSER}@localhost:${port}/${database}?host=${encodeURIComponent(socketFolder)}`;
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    await client.query("select 1");
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

/** @returns whether it came up; false when it ended instead, or is to */
async function comesUp(running: Running, child: ChildProcess): Promise<boolean> {
  const begun = Date.now();
  let told = false;
  while (!hasEnded(child) && !running.stopping) {
    running.options.signal?.throwIfAborted();
    if (await answers(serverUrl(running, "postgres"))) return true;
    const waited = Date.now() - begun;
    if (waited > READY_WITHIN_MS)
      throw new StartupError(`PostgreSQL does not come up within ${READY_WITHIN_MS / 1000} s; see ${running.log}.`);
    if (waited > 5_000 && !told) running.options.say("PostgreSQL replays its log after an unclean end …");
    told ||= waited > 5_000;
    await delay(40);
  }
  return false;
}

async function launch(running: Running, firstTime: boolean): Promise<void> {
  for (let attempt = 1; attempt <= RESTARTS_IN_A_ROW; attempt++) {
    const child = spawnServer(running);
    child.once("error", () => {});
    running.child = child;
    if (await comesUp(running, child)) {
      const ended = (how: string) => {
        running.revival = revive(running, how);
      };
      child.once("exit", (code, signal) => ended(signal ?? `code ${code}`));
      if (hasEnded(child)) ended("at once");
      return;
    }
    if (running.stopping) return;
    running.options.signal?.throwIfAborted();
    if (firstTime) running.port = await freePort();
    // Server processes of a killed postmaster may still hold its memory; they notice within moments.
    await clearLeftovers(running.place, running.options.say, running.socketFolder);
  }
  throw new StartupError(`PostgreSQL does not start: ${lastWords(running.log)}.`);
}

/** The server ended although nobody asked it to: start it again on the same socket, where the pools look for it. */
async function revive(running: Running, how: string): Promise<void> {
  if (isStopping(running)) return;
  running.options.say(`PostgreSQL ended unexpectedly (${how}); starting it again.`);
  try {
    await clearLeftovers(running.place, running.options.say, running.socketFolder);
    if (!isStopping(running)) await launch(running, false);
  } catch (error) {
    if (isStopping(running)) return;
    running.options.onLost?.(error instanceof Error ? error.message : String(error));
  }
}

async function stop(running: Running, seconds: number): Promise<void> {
  running.stopping = true;
  await running.revival;
  const { child, place } = running;
  if (child && !hasEnded(child)) {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    if (!pgCtlStop(place, "fast", seconds)) pgCtlStop(place, "immediate", 5);
    await Promise.race([ended, delay(1_000)]);
    if (!hasEnded(child)) child.kill("SIGKILL");
  }
  rmSync(running.socketFolder, { recursive: true, force: true });
}

/** The address for other programs (psql, pg_dump), by TCP with a password: postgres-url in the data folder, 0600. */
async function publishUrl(running: Running, dataDir: string): Promise<void> {
  const file = path.join(dataDir, "postgres-url");
  const known = existsSync(file) ? new URL(readFileSync(file, "utf8").trim()).password : "";
  const password = known || randomBase62(32);
  const client = new pg.Client({ connectionString: serverUrl(running, "postgres") });
  await client.connect();
  try {
    const { rowCount } = await client.query("select from pg_database where datname = $1", [DATABASE]);
    if (!rowCount) await client.query(`create database ${DATABASE} template template0`);
    if (!known) await client.query(`alter role ${SUPERUSER} password '${password}'`);
  } finally {
    await client.end();
  }
  writeFileSync(file, `postgresql://${SUPERUSER}:${password}@127.0.0.1:${running.port}/${DATABASE}\n`, { mode: 0o600 });
}

function prepareFolder(dataDir: string): string {
  if (!existsSync(dataDir)) {
    mkdirSync(dataDir, { recursive: true });
    // Enterable, not listable: another user may run PostgreSQL in a folder below, and every file of ours is 0600.
    chmodSync(dataDir, 0o711);
  }
  return realpathSync(dataDir);
}

/**
 * Starts the PostgreSQL that came with npm on a folder, makes what is missing and keeps it running: when it ends by
 * itself it is started again at the same address.
 * @throws StartupError with one sentence
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const dataDir = prepareFolder(options.dataDir);
  const place = choosePlace(dataDir, options.say);
  if (existsSync(place.cluster)) await clearLeftovers(place, options.say);
  const { made } = await ensureCluster(place, { sync: options.sync ?? true });
  options.signal?.throwIfAborted();
  const log = path.join(dataDir, "postgres.log");
  if (existsSync(log) && statSync(log).size > LOG_BYTES_MAX) renameSync(log, `${log}.1`);
  const running: Running = {
    place,
    socketFolder: makeSocketFolder(place),
    port: await freePort(),
    log,
    options,
    child: undefined,
    stopping: false,
    revival: Promise.resolve(),
  };
  try {
    await launch(running, true);
    await publishUrl(running, dataDir);
  } catch (error) {
    await stop(running, 5);
    throw error;
  }
  return {
    url: serverUrl(running, DATABASE),
    urlOf: (database) => serverUrl(running, database),
    isNew: made,
    pid: () => running.child?.pid,
    stop: (seconds) => stop(running, seconds),
  };
}
