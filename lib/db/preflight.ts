import "server-only";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { StartupError } from "@/lib/config/startup-error";
import { databaseErrorCode, isDatabaseAway } from "./errors";

const OLDEST_MAJOR = 15;
const POOLER_ROUNDS = 5;

/** `host:port/database` or the socket's folder: what may be printed of a connection URL. Never the password. */
export function printableUrl(url: string): string {
  const { host, port, database } = new pg.Client({ connectionString: url });
  return host.startsWith("/") ? `the socket in ${host}` : `${host}:${port}/${database ?? ""}`;
}

/** One plain connection without a pool, as the start and the migrations use. Only the protocol's basics are sent. */
export async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: "affidavit-start",
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  });
  // A connection that breaks between two statements tells so on the next one.
  client.on("error", () => {});
  await client.connect();
  return client;
}

function refusal(url: string, error: unknown): StartupError | undefined {
  const place = printableUrl(url);
  const code = databaseErrorCode(error) ?? "";
  if (code === "3D000")
    return new StartupError(`The database of DATABASE_URL does not exist at ${place}; make it with CREATE DATABASE.`);
  if (code.startsWith("28"))
    return new StartupError(`PostgreSQL at ${place} refuses the user or password of DATABASE_URL.`);
  return undefined;
}

function unreachable(url: string, waitMs: number, error: unknown): StartupError {
  const why = error instanceof Error && error.message ? error.message : (databaseErrorCode(error) ?? String(error));
  const seconds = Math.round(waitMs / 1000);
  return new StartupError(
    `PostgreSQL at ${printableUrl(url)} cannot be reached (${why}); tried for ${seconds} s. Start it or correct DATABASE_URL.`,
    { cause: error },
  );
}

/**
 * Connects, waiting for a database that is just starting.
 * @param waitMs how long a database that does not answer is tried
 * @throws StartupError when it stays away, or refuses us
 */
export async function connectPatiently(url: string, waitMs: number): Promise<pg.Client> {
  const deadline = Date.now() + waitMs;
  for (;;) {
    try {
      return await connect(url);
    } catch (error) {
      const refused = refusal(url, error);
      if (refused) throw refused;
      if (!isDatabaseAway(error) || Date.now() >= deadline) throw unreachable(url, waitMs, error);
      await delay(Math.min(500, Math.max(0, deadline - Date.now())));
    }
  }
}

const WISHES: { setting: string; accepts: (value: string) => boolean; sentence: (value: string) => string }[] = [
  {
    setting: "server_version_num",
    accepts: (value) => Number(value) >= OLDEST_MAJOR * 10_000,
    sentence: (value) =>
      `PostgreSQL ${Math.floor(Number(value) / 10_000)} is too old: Affidavit needs PostgreSQL ${OLDEST_MAJOR} or newer (leave DATABASE_URL empty to use the embedded one).`,
  },
  {
    setting: "fsync",
    accepts: (value) => value === "on",
    sentence: () =>
      "PostgreSQL runs with fsync=off, so a power cut would lose acknowledged rows: set fsync=on and restart it.",
  },
  {
    setting: "server_encoding",
    accepts: (value) => value === "UTF8",
    sentence: (value) =>
      `The database is encoded in ${value}: make one with ENCODING 'UTF8' and point DATABASE_URL to it.`,
  },
  {
    setting: "in_hot_standby",
    accepts: (value) => value === "off",
    sentence: () => "DATABASE_URL points to a read-only standby: point it to the primary.",
  },
];

/** @throws StartupError naming the first thing about this server that the log's promises cannot stand on */
export async function checkServer(client: pg.Client): Promise<void> {
  for (const { setting, accepts, sentence } of WISHES) {
    const { rows } = await client.query<{ value: string | null }>("select current_setting($1, true) as value", [
      setting,
    ]);
    const value = rows[0]?.value ?? "";
    if (!accepts(value)) throw new StartupError(sentence(value));
  }
}

async function backendPid(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  return rows[0]?.pid ?? 0;
}

/** Whether statements of one connection wander between server processes, which only shows while another holds one. */
async function wanders(first: pg.Client, second: pg.Client): Promise<boolean> {
  const home = await backendPid(first);
  for (let round = 0; round < POOLER_ROUNDS; round++) {
    await second.query("begin");
    const other = await backendPid(second);
    const again = await backendPid(first);
    await second.query("commit");
    if (again !== home || other === home) return true;
  }
  return false;
}

/**
 * Refuses a pooler that hands server processes from one client to another between transactions: session settings and
 * advisory locks, on which the append and the worker's leases rely, would land on somebody else's connection.
 * @throws StartupError
 */
export async function checkPooler(url: string): Promise<void> {
  const refusedMode = new StartupError(
    `${printableUrl(url)} is a connection pooler in transaction or statement mode: use session pooling, or connect to PostgreSQL itself.`,
  );
  const first = await connect(url);
  const second = await connect(url);
  try {
    if (await wanders(first, second)) throw refusedMode;
  } catch (error) {
    // PgBouncer in statement mode ends the connection on `begin` with a protocol violation.
    throw databaseErrorCode(error)?.startsWith("08P") ? refusedMode : error;
  } finally {
    await Promise.allSettled([first.end(), second.end()]);
  }
}
