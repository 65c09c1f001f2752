import "server-only";
import pg from "pg";
import { env } from "@/lib/config/env";

/**
 * Connections to PostgreSQL. A pool per use, so that each can exhaust only itself: `ingest` appends, `read` serves tail,
 * single rows and readiness, `search` serves search and counts, `copy` brings a CSV's documents, `control` is Prisma's (lib/db/prisma.ts).
 * Times come back as text: a JS Date would cut microseconds.
 */
const { builtins } = pg.types;
const types = new pg.TypeOverrides();
types.setTypeParser(builtins.TIMESTAMPTZ, (text) => text);
types.setTypeParser(builtins.DATE, (text) => text);
types.setTypeParser(builtins.INT8, (text) => Number(text));

/** A statement that fails must not put its parameters into PostgreSQL's log; more than that only a superuser may set. */
export const UNLOGGED = "-c log_parameter_max_length_on_error=0";

// A generic plan of a statement on `event` opens and locks every partition (110 ms with 370); one made for its bounds opens a few.
const SESSION =
  "-c plan_cache_mode=force_custom_plan -c synchronous_commit=on -c jit=off -c timezone=UTC -c idle_in_transaction_session_timeout=10s";

interface PoolOptions extends SessionOptions {
  name: string;
  max: number;
}

interface SessionOptions {
  lockTimeoutMs: number;
  statementTimeoutMs: number;
  /** Further settings, as the options of a command line. */
  settings?: string;
}

/** Connection settings for any pool of ours, from `DATABASE_URL`. */
export function connectionConfig(name: string, options: SessionOptions): pg.ClientConfig {
  const { lockTimeoutMs, statementTimeoutMs, settings = "" } = options;
  return {
    connectionString: databaseUrl(),
    application_name: `affidavit-${name}`,
    options: `${SESSION} ${UNLOGGED} -c lock_timeout=${lockTimeoutMs} -c statement_timeout=${statementTimeoutMs} ${settings}`,
    types,
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
  };
}

/** Set by server/start.ts for the embedded database before the roles are started. */
export function databaseUrl(): string {
  const url = env().DATABASE_URL;
  if (!url) throw new Error("DATABASE_URL is empty: `npm start` sets it for the embedded database.");
  return url;
}

function makePool({ name, max, ...timeouts }: PoolOptions): pg.Pool {
  const pool = new pg.Pool({ ...connectionConfig(name, timeouts), max, idleTimeoutMillis: 60_000 });
  // An idle connection that breaks (server restart) is replaced on next use; without a listener it would end the process.
  pool.on("error", () => {});
  return pool;
}

const made = new Map<string, pg.Pool>();
function pool(options: PoolOptions): pg.Pool {
  let found = made.get(options.name);
  if (!found) {
    found = makePool(options);
    made.set(options.name, found);
  }
  return found;
}

/** Appends only. A few connections: at most two batches are in flight per log. */
export const ingestPool = () => pool({ name: "ingest", max: 8, lockTimeoutMs: 5_000, statementTimeoutMs: 15_000 });
/** Tail, one row, heads, readiness: short statements. */
export const readPool = () => pool({ name: "read", max: 10, lockTimeoutMs: 5_000, statementTimeoutMs: 5_000 });
/** Search and counts: each log of a request holds one for as long as it walks. */
export const searchPool = () => pool({ name: "search", max: 8, lockTimeoutMs: 5_000, statementTimeoutMs: 10_000 });
/**
 * Documents of many keys at once. For thousands of keys, and no statistics yet, the planner would take a walk over the whole
 * partition for cheaper than its index.
 */
export const copyPool = () =>
  pool({
    name: "copy",
    max: 6,
    lockTimeoutMs: 5_000,
    statementTimeoutMs: 10_000,
    settings: "-c enable_seqscan=off -c default_transaction_read_only=on",
  });
/** The worker's chores: partitions, folding, trimming. */
export const workerPool = () => pool({ name: "worker", max: 4, lockTimeoutMs: 2_000, statementTimeoutMs: 120_000 });

export async function closePools(): Promise<void> {
  const all = [...made.values()];
  made.clear();
  await Promise.all(all.map((one) => one.end()));
}
