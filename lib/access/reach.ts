import "server-only";
import { prisma } from "@/lib/db/prisma";
import type { Subject } from "./granted";
import { seesOwnAppsOnly } from "./policy";

/** Whether this subject reaches every app of its organization, today's and tomorrow's. */
export async function reachesWholeOrganization({ actor, orgId }: Subject): Promise<boolean> {
  if (actor.type === "user") return !seesOwnAppsOnly(actor.role);
  const key = await prisma().apiKey.findFirst({ where: { id: actor.keyId, orgId }, select: { orgWide: true } });
  return key?.orgWide === true;
}
