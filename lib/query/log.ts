import "server-only";
import type { Subject } from "@/lib/access/granted";
import { readPool } from "@/lib/db/pools";
import { AppError } from "@/lib/errors/app-error";

/** One log: the rows of one app, or an organization's system rows. */
export interface Log {
  id: number;
  orgId: string;
  /** Null: the organization's system log. */
  appId: string | null;
  /** Names the log in proofs. */
  origin: string;
}

// A log never changes its app or organization and ids are never reused, so this cache cannot be wrong; it holds one small
// object per app that was ever addressed.
const byApp = new Map<string, Log>();

/**
 * The log of an app, for whoever may address that app: every reader and writer comes through here with its subject, so an
 * id that slipped past a route's own check still opens nothing.
 * @throws AppError 404, the same for foreign and unknown apps
 */
export async function logOfApp(subject: Pick<Subject, "appIds">, appId: string): Promise<Log> {
  if (!subject.appIds.includes(appId))
    throw new AppError("not_found", "There is no application with that id that you may use.");
  const known = byApp.get(appId);
  if (known) return known;
  const { rows } = await readPool().query<{ id: number; org_id: string; origin: string }>(
    "select id, org_id, origin from audit.log where app_id = $1",
    [appId],
  );
  const [row] = rows;
  if (!row) throw new AppError("not_found", "There is no log for that application.");
  const log = { id: row.id, orgId: row.org_id, appId, origin: row.origin };
  byApp.set(appId, log);
  return log;
}

/** The logs of several apps. @throws AppError 404 */
export function logsOfApps(subject: Pick<Subject, "appIds">, appIds: readonly string[]): Promise<Log[]> {
  return Promise.all(appIds.map((appId) => logOfApp(subject, appId)));
}

/** Heads of logs: the seq that the next row of each will get. */
export async function headsOf(logIds: readonly number[]): Promise<Map<number, number>> {
  const { rows } = await readPool().query<{ id: number; next_seq: number }>(
    `select l.id, h.next_seq from unnest($1::bigint[]) l(id)
     cross join lateral (select next_seq from audit.log_head where log_id = l.id order by next_seq desc limit 1) h`,
    [logIds],
  );
  return new Map(rows.map((row) => [row.id, row.next_seq]));
}
