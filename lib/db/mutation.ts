import "server-only";
import type { Subject } from "@/lib/access/granted";
import { fromDatabase } from "./errors";
import type { Prisma } from "./generated/client";
import { prisma } from "./prisma";

/** What a mutation may write with. */
export type Transaction = Prisma.TransactionClient;

/** Acts of the installation itself, before there is anybody to act: making the first owner, and the demo data. */
export const INSTALLATION = "installation";

/**
 * The only writable transaction of the control plane. It wants the actor although it does not look at it yet, so that no write
 * compiles without having come through the door. It is used once acts are told in rows of the system log: such a row
 * will name the actor and be written in this same transaction.
 * Ends after 10 s; waits at most 5 s for a connection.
 * @throws AppError `conflict` where a unique name is taken, `unavailable` where the database is away
 */
export async function mutation<T>(_by: Subject | typeof INSTALLATION, fn: (tx: Transaction) => Promise<T>): Promise<T> {
  try {
    return await prisma().$transaction(fn, { maxWait: 5_000, timeout: 10_000 });
  } catch (error) {
    throw fromDatabase(error);
  }
}
