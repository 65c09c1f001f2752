import "server-only";
import type { Granted } from "@/lib/access/granted";
import { seesOwnAppsOnly } from "@/lib/access/policy";
import type { App, CreateApp, ManagedApp, RenameApp } from "@/lib/contracts/apps";
import { fromDatabase } from "@/lib/db/errors";
import { mutation, type Transaction } from "@/lib/db/mutation";
import { prisma } from "@/lib/db/prisma";
import { AppError } from "@/lib/errors/app-error";
import { formatMicros } from "@/lib/log-kinds/time";
import { changesOf, NOTHING_CHANGED } from "@/lib/system-audit/act";

interface AppRow {
  id: string;
  name: string;
  createdAt: Date;
}

const SHOWN = { id: true, name: true, createdAt: true } as const;

const toApp = (row: AppRow): App => ({
  id: row.id,
  name: row.name,
  created_at: formatMicros(row.createdAt.getTime() * 1000),
});

/** Inserts an app and makes its log, as one. For organization and demo data too: whoever calls has been let in. */
export async function insertApp(tx: Transaction, orgId: string, name: string): Promise<AppRow> {
  const app = await tx.app.create({ data: { orgId, name }, select: SHOWN });
  // An app without a log could be shown and never written to.
  await tx.$executeRaw`select audit.create_log(${orgId}::uuid, ${app.id}::uuid)`;
  return app;
}

/** The apps that this subject may address, oldest first; archived ones are left out. */
export async function listApps(ctx: Granted<"events:read">): Promise<App[]> {
  const rows = await prisma()
    .app.findMany({
      where: { orgId: ctx.orgId, id: { in: [...ctx.appIds] } },
      orderBy: [{ createdAt: "asc" }, { id: "asc" }],
      select: SHOWN,
    })
    .catch((error: unknown) => Promise.reject(fromDatabase(error)));
  return rows.map(toApp);
}

interface ManagedRow extends AppRow {
  archivedAt: Date | null;
  rows: bigint;
  liveKeys: bigint;
}

/** Oldest first, archived ones too: they keep their names and their logs. */
export async function listManagedApps(ctx: Granted<"apps:manage">): Promise<ManagedApp[]> {
  try {
    // A log is numbered without gaps, so its head is its count.
    const rows = await prisma().$queryRaw<ManagedRow[]>`
      select a.id, a.name, a."createdAt", a."archivedAt",
             coalesce((select h.next_seq from audit.log l join audit.log_head h on h.log_id = l.id
                       where l.app_id = a.id and l.org_id = a."orgId" order by h.next_seq desc limit 1), 0) as rows,
             (select count(*) from "ApiKey" k where k."appId" = a.id and k."revokedAt" is null
              and (k."expiresAt" is null or k."expiresAt" > now())) as "liveKeys"
      from "App" a where a."orgId" = ${ctx.orgId}::uuid and (${ctx.seesWholeOrganization} or a.id = any(${[...ctx.appIds]}::uuid[]))
      order by a."createdAt", a.id`;
    return rows.map((row) => ({
      ...toApp(row),
      archived_at: row.archivedAt && formatMicros(row.archivedAt.getTime() * 1000),
      rows: Number(row.rows),
      live_keys: Number(row.liveKeys),
    }));
  } catch (error) {
    throw fromDatabase(error);
  }
}

const nameTaken = (name: string) =>
  new AppError("conflict", {
    detail: `There is already an application named “${name}”. Choose another name; archived applications keep theirs.`,
  });

/**
 * Makes an application and its log. A key that is bound to one app may make others too, but cannot address them.
 * @throws AppError `conflict` where the organization has one of that name, archived ones included
 */
export async function createApp(ctx: Granted<"apps:manage">, input: CreateApp): Promise<App> {
  return mutation(ctx, async (tx) => {
    const same = await tx.app.findFirst({ where: { orgId: ctx.orgId, name: input.name }, select: { id: true } });
    if (same) throw nameTaken(input.name);
    const app = await insertApp(tx, ctx.orgId, input.name);
    await addMaker(tx, ctx, app.id);
    const changes = changesOf({}, { name: app.name });
    return { value: toApp(app), acts: [{ event: "app.created", target: targetOf(app), changes }] };
  });
}

/** Whoever sees only the apps they were given must see the one they made. */
async function addMaker(tx: Transaction, ctx: Granted<"apps:manage">, appId: string): Promise<void> {
  if (ctx.actor.type !== "user" || !seesOwnAppsOnly(ctx.actor.role)) return;
  const membership = await tx.membership.findFirst({
    where: { orgId: ctx.orgId, userId: ctx.actor.userId },
    select: { id: true },
  });
  if (membership) await tx.appMember.create({ data: { appId, membershipId: membership.id } });
}

const targetOf = ({ id, name }: AppRow) => ({ type: "app", id, name });

/** An application as it is now; whoever else would change it waits, so that "old" in its act is true. */
async function lockApp(
  tx: Transaction,
  { orgId }: Granted<"apps:manage">,
  appId: string,
): Promise<(AppRow & { archivedAt: Date | null }) | undefined> {
  const rows = await tx.$queryRaw<(AppRow & { archivedAt: Date | null })[]>`
    select id, name, "createdAt", "archivedAt" from "App"
    where id = ${appId}::uuid and "orgId" = ${orgId}::uuid for no key update`;
  return rows[0];
}

const gone = () => new AppError("not_found", { detail: "There is no application with that id that you may use." });

/** @throws AppError `not_found`, `conflict` */
export async function renameApp(ctx: Granted<"apps:manage">, appId: string, input: RenameApp): Promise<App> {
  if (!ctx.appIds.includes(appId)) throw gone();
  return mutation(ctx, async (tx) => {
    const same = await tx.app.findFirst({ where: { orgId: ctx.orgId, name: input.name }, select: { id: true } });
    if (same && same.id !== appId) throw nameTaken(input.name);
    const before = await lockApp(tx, ctx, appId);
    if (!before || before.archivedAt) throw gone();
    if (before.name === input.name) return { value: toApp(before), acts: NOTHING_CHANGED };
    const app = await tx.app.update({ where: { id: appId }, data: { name: input.name }, select: SHOWN });
    const changes = changesOf({ name: before.name }, { name: app.name });
    return { value: toApp(app), acts: [{ event: "app.renamed", target: targetOf(app), changes }] };
  });
}

/**
 * Takes an application out of use: nobody can address it any more and its keys stop working with it. Its log stays, and
 * restoreApp brings all of it back.
 * @throws AppError `not_found`
 */
export async function archiveApp(ctx: Granted<"apps:manage">, appId: string): Promise<void> {
  if (!ctx.appIds.includes(appId)) throw gone();
  await mutation(ctx, async (tx) => {
    const before = await lockApp(tx, ctx, appId);
    if (!before || before.archivedAt) throw gone();
    await tx.app.update({ where: { id: appId }, data: { archivedAt: new Date() } });
    const changes = changesOf({ state: "in use" }, { state: "archived" });
    return { value: undefined, acts: [{ event: "app.archived", target: targetOf(before), changes }] };
  });
}

/**
 * Takes an archived application into use again, with its log and the keys that were not revoked meanwhile. One that is in
 * use stays as it is.
 * @throws AppError `not_found` also where the subject sees only some apps: what is archived is none of theirs
 */
export async function restoreApp(ctx: Granted<"apps:manage">, appId: string): Promise<App> {
  if (!ctx.appIds.includes(appId) && !ctx.seesWholeOrganization) throw gone();
  return mutation(ctx, async (tx) => {
    const before = await lockApp(tx, ctx, appId);
    if (!before) throw gone();
    if (!before.archivedAt) return { value: toApp(before), acts: NOTHING_CHANGED };
    await tx.app.update({ where: { id: appId }, data: { archivedAt: null } });
    const changes = changesOf({ state: "archived" }, { state: "in use" });
    return { value: toApp(before), acts: [{ event: "app.restored", target: targetOf(before), changes }] };
  });
}
