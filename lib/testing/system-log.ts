import { readPool } from "@/lib/db/pools";

/** A row of a system log as it is stored, with its place. */
export type SystemRow = Record<string, unknown> & { seq: number; event: string };

/** All rows of an organization's system log in commit order, straight from the table, so that looking adds none. */
export async function systemLogRows(orgId: string): Promise<SystemRow[]> {
  const { rows } = await readPool().query<{ seq: number; core: string; detail: string }>(
    `select e.seq, e.core, e.detail from audit.log l join audit.event e on e.log_id = l.id
     where l.org_id = $1 and l.app_id is null and e.created_at >= l.created_at order by e.seq`,
    [orgId],
  );
  return rows.map(({ seq, core, detail }) => ({ ...JSON.parse(core), ...JSON.parse(detail), seq }));
}

/** Those of one event. */
export async function rowsOfEvent(orgId: string, event: string): Promise<SystemRow[]> {
  return (await systemLogRows(orgId)).filter((row) => row.event === event);
}

type Fault = "refuses" | "ends the connection";

/**
 * Lets nothing into system logs while `work` runs: each row fails, or takes its connection with it. For the database of this
 * test file.
 */
export async function withoutSystemLog<T>(fault: Fault, work: () => Promise<T>): Promise<T> {
  const act =
    fault === "refuses" ? "raise exception 'no row goes in'" : "perform pg_terminate_backend(pg_backend_pid())";
  await readPool().query(`create or replace function audit.test_fault() returns trigger language plpgsql as
    $$ begin ${act}; return new; end $$`);
  await readPool().query(`create trigger test_fault before insert on audit.event for each row
    when (new.kind = 'system') execute function audit.test_fault()`);
  try {
    return await work();
  } finally {
    await readPool().query("drop trigger test_fault on audit.event");
  }
}
