import "server-only";
import { createHash, randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type pg from "pg";
import { StartupError } from "@/lib/config/startup-error";
import { databaseErrorCode } from "./errors";
import { connect } from "./preflight";

/** The number `prisma migrate deploy` locks too, so that the two can never run at once. */
const PRISMA_LOCK = 72_707_369;

/** Exactly the table that Prisma makes, so that its own command finds its own book. */
const BOOK = `create table if not exists _prisma_migrations (
    id                      varchar(36) primary key not null,
    checksum                varchar(64) not null,
    finished_at             timestamptz,
    migration_name          varchar(255) not null,
    logs                    text,
    rolled_back_at          timestamptz,
    started_at              timestamptz not null default now(),
    applied_steps_count     integer not null default 0
)`;

export const MIGRATIONS_FOLDER = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../prisma/migrations");

export interface Migration {
  name: string;
  sql: string;
  /** SHA-256 of the file's bytes in hex, as Prisma takes it. */
  checksum: string;
}

interface Recorded {
  migration_name: string;
  checksum: string;
  finished: boolean;
}

/** The migrations of a folder in the order of their names, which begin with a time. */
export function readMigrations(folder = MIGRATIONS_FOLDER): Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => {
      const sql = readFileSync(path.join(folder, name, "migration.sql"));
      return { name, sql: sql.toString("utf8"), checksum: createHash("sha256").update(sql).digest("hex") };
    });
}

async function recorded(client: pg.Client): Promise<Recorded[]> {
  const { rows } = await client.query<Recorded>(
    "select migration_name, checksum, finished_at is not null as finished from _prisma_migrations where rolled_back_at is null order by started_at",
  );
  return rows;
}

/**
 * The migrations that are still to be applied.
 * @throws StartupError when the book and the files contradict each other
 */
function missing(known: Migration[], applied: Recorded[]): Migration[] {
  const byName = new Map(known.map((migration) => [migration.name, migration]));
  for (const { migration_name: name, checksum, finished } of applied) {
    const file = byName.get(name);
    if (!file) {
      throw new StartupError(
        `The database is newer than this program: it has the migration ${name}. Start the newer version of Affidavit.`,
      );
    }
    if (!finished)
      throw new StartupError(
        `The migration ${name} was begun by another tool and did not finish: repair it with \`prisma migrate resolve\`.`,
      );
    if (file.checksum !== checksum) {
      throw new StartupError(
        `The file of the applied migration ${name} was changed since: restore it, and put the change into a new migration.`,
      );
    }
  }
  const done = new Set(applied.map((row) => row.migration_name));
  return known.filter(({ name }) => !done.has(name));
}

/** One migration and its line in the book, together or not at all. */
async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await client.query("begin");
  try {
    await client.query(migration.sql);
    await client.query(
      `insert into _prisma_migrations (id, checksum, started_at, finished_at, migration_name, applied_steps_count)
       values ($1, $2, now(), clock_timestamp(), $3, 1)`,
      [randomUUID(), migration.checksum, migration.name],
    );
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => {});
    const why = error instanceof Error ? error.message : String(error);
    throw new StartupError(`The migration ${migration.name} failed and left nothing behind: ${why}`, { cause: error });
  }
}

/**
 * Brings a database up to the program, each migration in a transaction of its own and under one lock, so that several
 * starting machines take turns.
 * @returns the names that were applied now
 * @throws StartupError when a migration fails, an applied file was changed, or the database is newer than the program
 */
export async function migrate(url: string, folder = MIGRATIONS_FOLDER): Promise<string[]> {
  const client = await connect(url);
  try {
    // Role settings of a shared server must not cut a long migration short; a lock that never comes must.
    await client.query(
      "set statement_timeout = 0; set idle_in_transaction_session_timeout = 0; set lock_timeout = '60s'",
    );
    await client.query(`select pg_advisory_lock(${PRISMA_LOCK})`);
    await client.query("set client_min_messages = warning");
    await client.query(BOOK);
    const todo = missing(readMigrations(folder), await recorded(client));
    for (const migration of todo) await apply(client, migration);
    return todo.map(({ name }) => name);
  } finally {
    await client.end().catch(() => {});
  }
}

/**
 * For roles that do not migrate themselves.
 * @throws StartupError when the schema is not exactly the program's
 */
export async function assertMigrated(url: string, folder = MIGRATIONS_FOLDER): Promise<void> {
  const client = await connect(url);
  try {
    const todo = missing(readMigrations(folder), await recorded(client));
    if (todo.length > 0)
      throw new StartupError(`The database lacks ${todo.length} migration(s): run \`npm run migrate\` first.`);
  } catch (error) {
    if (databaseErrorCode(error) === "42P01")
      throw new StartupError("The database is not prepared: run `npm run migrate` first.");
    throw error;
  } finally {
    await client.end().catch(() => {});
  }
}
