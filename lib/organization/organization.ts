import "server-only";
import type { Subject } from "@/lib/access/granted";
import { fromDatabase } from "@/lib/db/errors";
import { prisma } from "@/lib/db/prisma";

/** The name of the organization that this subject belongs to; everybody in it may read it. */
export async function organizationName(subject: Subject): Promise<string> {
  try {
    const { name } = await prisma().organization.findUniqueOrThrow({
      where: { id: subject.orgId },
      select: { name: true },
    });
    return name;
  } catch (error) {
    throw fromDatabase(error);
  }
}
