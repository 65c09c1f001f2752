import "server-only";
import { workerPool } from "@/lib/db/pools";

/**
 * Log by log, so that each is one range of the index (log_id, created_at): by time alone every head of every log was read.
 * By ctid, as heads are never updated: joined by key, the planner read the whole table once more.
 * All times are the database's, as those of the heads are. $1: from the beginning. Exported for the test of its plan.
 */
export const TRIM = `delete from audit.log_head where ctid = any(array(
    select t.ctid from audit.log l cross join lateral (
      select ctid, lead(date_trunc('minute', created_at)) over (order by next_seq) = date_trunc('minute', created_at) as superseded
      from audit.log_head
      where log_id = l.id and created_at < date_trunc('minute', now()) - interval '1 minute'
        and created_at >= case when $1::boolean then '-infinity' else now() - interval '2 hours' end) t
    where t.superseded))`;

let first = true;

/**
 * Keeps of each log and minute only the newest head: enough to map seq and created_at to each other. The running minute
 * and the one before are left alone. Looks two hours back, and at everything on the worker's first turn.
 * @returns how many heads went
 */
export async function trimHeads(): Promise<number> {
  const { rowCount } = await workerPool().query(TRIM, [first]);
  first = false;
  return rowCount ?? 0;
}
