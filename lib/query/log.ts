import "server-only";
import { SYSTEM_LOG } from "@/lib/access/door";
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
const systemLogs = new Map<string, Log>();

/** Whose logs are looked for. */
type Reader = Pick<Subject, "appIds" | "orgId" | "seesWholeOrganization">;

const gone = () => new AppError("not_found", "There is no application with that id that you may use.");

async function findLog(where: "app_id = $1" | "org_id = $1 and app_id is null", id: string): Promise<Log | undefined> {
  const { rows } = await readPool().query<{ id: number; org_id: string; app_id: string | null; origin: string }>(
    `select id, org_id, app_id, origin from audit.log where ${where}`,
    [id],
  );
  const [row] = rows;
  return row && { id: row.id, orgId: row.org_id, appId: row.app_id, origin: row.origin };
}

/** The log of an organization's system rows. Whoever calls has checked that it may be used. */
export async function systemLogOf(orgId: string): Promise<Log> {
  const log = systemLogs.get(orgId) ?? (await findLog("org_id = $1 and app_id is null", orgId));
  if (!log) throw new Error(`organization ${orgId} has no system log`);
  systemLogs.set(orgId, log);
  return log;
}

/**
 * The log of an app, for whoever may address that app: every reader and writer comes through here with its subject, so an
 * id that slipped past a route's own check still opens nothing.
 * @throws AppError 404, the same for foreign and unknown apps
 */
export async function logOfApp(subject: Reader, appId: string): Promise<Log> {
  if (appId === SYSTEM_LOG && subject.seesWholeOrganization) return systemLogOf(subject.orgId);
  if (!subject.appIds.includes(appId)) throw gone();
  const log = byApp.get(appId) ?? (await findLog("app_id = $1", appId));
  if (!log) throw new AppError("not_found", "There is no log for that application.");
  byApp.set(appId, log);
  return log;
}

/** The logs of several apps. @throws AppError 404 */
export function logsOfApps(subject: Reader, appIds: readonly string[]): Promise<Log[]> {
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
