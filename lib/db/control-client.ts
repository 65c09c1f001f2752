import "server-only";
import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "./generated/client";
import { databaseUrl, UNLOGGED } from "./pools";

/** The control plane's client. In development Next reloads modules, so the one instance hangs on globalThis. */
const holder = globalThis as { affidavitPrisma?: PrismaClient };

/**
 * The client itself, which may write anything. Nobody but lib/db and lib/testing has it: others read with prisma() and write
 * with mutation().
 */
export function controlClient(): PrismaClient {
  holder.affidavitPrisma ??= new PrismaClient({
    adapter: new PrismaPg({
      connectionString: databaseUrl(),
      application_name: "affidavit-control",
      max: 8,
      // A COMMIT waits for the system log's lock, and statement_timeout does not hold there.
      options: `-c lock_timeout=5000 -c jit=off -c synchronous_commit=on ${UNLOGGED}`,
    }),
  });
  return holder.affidavitPrisma;
}

export async function closePrisma(): Promise<void> {
  const client = holder.affidavitPrisma;
  delete holder.affidavitPrisma;
  await client?.$disconnect();
}
