import "server-only";
import type { Granted } from "@/lib/access/granted";
import { seesOwnAppsOnly } from "@/lib/access/policy";
import type { App, CreateApp, RenameApp } from "@/lib/contracts/apps";
import { fromDatabase } from "@/lib/db/errors";
import { mutation, type Transaction } from "@/lib/db/mutation";
import { prisma } from "@/lib/db/prisma";
import { AppError } from "@/lib/errors/app-error";
import { formatMicros } from "@/lib/log-kinds/time";

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

/**
 * Makes an application and its log. A key that is bound to one app may make others too, but cannot address them.
 * @throws AppError `conflict` where the organization has one of that name, archived ones included
 */
export async function createApp(ctx: Granted<"apps:manage">, input: CreateApp): Promise<App> {
  const taken = new AppError("conflict", {
    detail: `There is already an application named “${input.name}”. Choose another name; archived applications keep theirs.`,
  });
  return mutation(ctx, async (tx) => {
    if (await tx.app.findFirst({ where: { orgId: ctx.orgId, name: input.name }, select: { id: true } })) throw taken;
    const app = await insertApp(tx, ctx.orgId, input.name);
    await addMaker(tx, ctx, app.id);
    return toApp(app);
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

const gone = () => new AppError("not_found", { detail: "There is no application with that id that you may use." });

/** @throws AppError `not_found`, `conflict` */
export async function renameApp(ctx: Granted<"apps:manage">, appId: string, input: RenameApp): Promise<App> {
  if (!ctx.appIds.includes(appId)) throw gone();
  return mutation(ctx, async (tx) => {
    const renamed = await tx.app.updateManyAndReturn({
      where: { id: appId, orgId: ctx.orgId, archivedAt: null },
      data: { name: input.name },
      select: SHOWN,
    });
    if (!renamed[0]) throw gone();
    return toApp(renamed[0]);
  });
}

/**
 * Takes an application out of use: nobody can address it any more and its keys stop working with it. Its log stays.
 * @throws AppError `not_found`
 */
export async function archiveApp(ctx: Granted<"apps:manage">, appId: string): Promise<void> {
  if (!ctx.appIds.includes(appId)) throw gone();
  await mutation(ctx, async (tx) => {
    const { count } = await tx.app.updateMany({
      where: { id: appId, orgId: ctx.orgId, archivedAt: null },
      data: { archivedAt: new Date() },
    });
    if (count === 0) throw gone();
  });
}
