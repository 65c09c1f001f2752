import "server-only";
import { setTimeout as wait } from "node:timers/promises";
import type pg from "pg";
import { databaseErrorCode } from "@/lib/db/errors";
import { workerPool } from "@/lib/db/pools";

/** Partitions that ended so long ago are never written again and are joined to months, so that a year is twelve and not 52. */
const AFTER = "60 days";
/**
 * How long the swap may wait for its lock before it lets everyone else go first, for how long, and how often it tries:
 * whoever asks for `event` queues behind a waiting lock, so that tries without a pause would stall them as one long wait.
 */
const LOCK_TIMEOUT_MS = 50;
const PAUSE_MS = 250;
const TRIES = 20;
const LOCK_NOT_AVAILABLE = "55P03";

interface Group {
  /** Of the merged table: its range, so that no table with rows can ever bear it. */
  target: string;
  names: string[];
  from_at: string;
  to_at: string;
}

const quote = (name: string) => `audit."${name.replaceAll('"', '""')}"`;

/** Months that are old as a whole, the week that reaches into the next one included: each is merged once. */
async function groups(client: pg.PoolClient): Promise<Group[]> {
  const { rows } = await client.query<Group>(
    `select format('event_%s_%s', to_char(min(from_at), 'YYYYMMDD'), to_char(max(to_at), 'YYYYMMDD')) as target,
       array_agg(name order by from_at) as names, min(from_at) as from_at, max(to_at) as to_at
     from audit.partition where parent = 'event'
     group by date_trunc('month', from_at)
     having count(*) > 1 and max(to_at) - min(from_at) = sum(to_at - from_at)
       and greatest(max(to_at), date_trunc('month', min(from_at)) + interval '1 month') <= now() - $1::interval
     order by 3`,
    [AFTER],
  );
  return rows;
}

/** Copies a month's partitions into one table beside them. A leftover of a killed run is thrown away first. */
async function copy(client: pg.PoolClient, group: Group): Promise<void> {
  const target = quote(group.target);
  const attached = await client.query("select from audit.partition where name = $1", [group.target]);
  if (attached.rowCount) throw new Error(`merging ${group.target}: a partition of that name is in use`);
  await client.query(`drop table if exists ${target}`);
  await client.query(`create table ${target} (like audit.event including all)`);
  for (const source of group.names) {
    await client.query(`insert into ${target} select * from ${quote(source)} order by log_id, seq`);
  }
  // With this check ATTACH need not read the table again under its lock.
  await client.query(
    `alter table ${target} add constraint merged_range check (created_at >= '${group.from_at}' and created_at < '${group.to_at}')`,
  );
  const counts = await client.query<{ old: number; new: number }>(
    `select (select count(*) from ${target}) as new, (${group.names.map((source) => `(select count(*) from ${quote(source)})`).join(" + ")}) as old`,
  );
  const [row] = counts.rows;
  if (!row || row.old !== row.new) throw new Error(`merging ${group.target}: ${row?.old} rows became ${row?.new}`);
}

/** One short transaction that has `event` for itself. Gives up waiting after 50 ms. */
async function alone(client: pg.PoolClient, act: () => Promise<void>): Promise<void> {
  try {
    await client.query("begin");
    await client.query(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
    await client.query("lock table audit.event in access exclusive mode");
    await act();
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
}

/** Tries for as long as others hold the lock; any other fault is final. */
async function aloneAtLast(client: pg.PoolClient, tries: number, act: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await alone(client, act);
    } catch (error) {
      if (attempt >= tries || databaseErrorCode(error) !== LOCK_NOT_AVAILABLE) throw error;
    }
    await wait(PAUSE_MS * (1 + Math.random()));
  }
}

/** Detaches the old ones and attaches the merged one: readers see either or. */
async function swap(client: pg.PoolClient, group: Group): Promise<void> {
  for (const source of group.names) await client.query(`alter table audit.event detach partition ${quote(source)}`);
  await client.query(
    `alter table audit.event attach partition ${quote(group.target)} for values from ('${group.from_at}') to ('${group.to_at}')`,
  );
  await client.query(`alter table ${quote(group.target)} drop constraint merged_range`);
  for (const source of group.names) await client.query(`drop table ${quote(source)}`);
}

async function mergeAll(client: pg.PoolClient, tries: number): Promise<number> {
  let merged = 0;
  for (const group of await groups(client)) {
    // A dump may hold the table for hours: without this the month would be copied for nothing at every turn.
    await aloneAtLast(client, tries, async () => undefined);
    await copy(client, group);
    await aloneAtLast(client, tries, () => swap(client, group));
    merged += 1;
  }
  return merged;
}

const LOCK = "hashtextextended('audit.merge_partitions', 0)";

/**
 * Joins partitions that ended 60 days ago to months. Returns how many months it made; 0 while another worker is at it. All
 * on the one connection that holds the lock: if it breaks, so does the merge, and nobody drops what another has attached.
 * Leaves a month to the next turn, with SQLSTATE 55P03, when somebody holds `event` for longer than all tries take.
 */
export async function mergePartitions({ tries = TRIES } = {}): Promise<number> {
  const client = await workerPool().connect();
  let broken: Error | undefined;
  try {
    const { rows } = await client.query<{ mine: boolean }>(`select pg_try_advisory_lock(${LOCK}) as mine`);
    if (!rows[0]?.mine) return 0;
    // Copying a month of a busy log takes longer than any other statement of the worker may.
    await client.query("set statement_timeout = 0");
    try {
      return await mergeAll(client, tries);
    } finally {
      await client.query(`reset statement_timeout; select pg_advisory_unlock(${LOCK})`);
    }
  } catch (error) {
    broken = error as Error;
    throw error;
  } finally {
    // A connection that failed is not given back with a lock or a setting on it.
    client.release(broken);
  }
}
