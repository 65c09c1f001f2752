import "server-only";
import { workerPool } from "@/lib/db/pools";

/**
 * Keeps of each log and minute only the newest head: enough to map seq and created_at to each other. The running minute
 * and the one before are left alone. Looks two hours back, and at everything on the worker's first turn.
 */
let first = true;

export async function trimHeads(): Promise<number> {
  const { rowCount } = await workerPool().query(
    `delete from audit.log_head h using (
       select log_id, next_seq, lead(date_trunc('minute', created_at)) over (partition by log_id order by next_seq) = date_trunc('minute', created_at) as superseded
       from audit.log_head where created_at >= $1::timestamptz and created_at < date_trunc('minute', now()) - interval '1 minute') t
     where t.superseded and h.log_id = t.log_id and h.next_seq = t.next_seq`,
    [first ? "-infinity" : new Date(Date.now() - 7_200_000).toISOString()],
  );
  first = false;
  return rowCount ?? 0;
}
