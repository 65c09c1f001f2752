import "server-only";
import { isDatabaseAway } from "@/lib/db/errors";
import { workerPool } from "@/lib/db/pools";

/** Partitions that ended so long ago are never written again and are joined to months, so that a year is twelve and not 52. */
const AFTER = "60 days";
/** How long the swap may wait for its lock before it lets everyone else go first, and how often it tries. */
const LOCK_TIMEOUT_MS = 50;
const TRIES = 40;

interface Group {
  month: string;
  names: string[];
  from_at: string;
  to_at: string;
}

const quote = (name: string) => `audit."${name.replaceAll('"', '""')}"`;

async function groups(): Promise<Group[]> {
  const { rows } = await workerPool().query<Group>(
    `select to_char(from_at, 'YYYYMM') as month, array_agg(name order by from_at) as names, min(from_at) as from_at, max(to_at) as to_at
     from audit.partition where parent = 'event' and to_at < now() - $1::interval
     group by 1 having count(*) > 1 and max(to_at) - min(from_at) = sum(to_at - from_at)
       and (date_trunc('month', min(from_at)) + interval '1 month') <= now() - $1::interval
     order by 1`,
    [AFTER],
  );
  return rows;
}

/** Copies a month's partitions into one table beside them. A leftover of a killed run is thrown away first. */
async function copy(group: Group, name: string): Promise<void> {
  const pool = workerPool();
  const target = quote(name);
  await pool.query(`drop table if exists ${target}`);
  await pool.query(`create table ${target} (like audit.event including all)`);
  for (const source of group.names) {
    await pool.query(`insert into ${target} select * from ${quote(source)} order by log_id, seq`);
  }
  // With this check ATTACH need not read the table again under its lock.
  await pool.query(
    `alter table ${target} add constraint merged_range check (created_at >= '${group.from_at}' and created_at < '${group.to_at}')`,
  );
  const counts = await pool.query<{ old: number; new: number }>(
    `select (select count(*) from ${target}) as new, (${group.names.map((source) => `(select count(*) from ${quote(source)})`).join(" + ")}) as old`,
  );
  const [row] = counts.rows;
  if (!row || row.old !== row.new) throw new Error(`merging ${name}: ${row?.old} rows became ${row?.new}`);
}

/** Detaches the old ones and attaches the merged one in one short transaction: readers see either or. */
async function swap(group: Group, name: string): Promise<void> {
  const client = await workerPool().connect();
  try {
    await client.query("begin");
    await client.query(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
    await client.query("lock table audit.event in access exclusive mode");
    for (const source of group.names) await client.query(`alter table audit.event detach partition ${quote(source)}`);
    await client.query(
      `alter table audit.event attach partition ${quote(name)} for values from ('${group.from_at}') to ('${group.to_at}')`,
    );
    await client.query(`alter table ${quote(name)} drop constraint merged_range`);
    for (const source of group.names) await client.query(`drop table ${quote(source)}`);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}

/** Joins partitions that ended 60 days ago to months. Returns how many months it made. */
export async function mergePartitions(): Promise<number> {
  let merged = 0;
  for (const group of await groups()) {
    const name = `event_merged_${group.month}`;
    await copy(group, name);
    for (let attempt = 1; ; attempt += 1) {
      try {
        await swap(group, name);
        break;
      } catch (error) {
        if (attempt >= TRIES || !isDatabaseAway(error)) throw error;
      }
    }
    merged += 1;
  }
  return merged;
}
