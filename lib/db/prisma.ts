import "server-only";
import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "./generated/client";
import { databaseUrl } from "./pools";

/** The control plane's client. In development Next reloads modules, so the one instance hangs on globalThis. */
const holder = globalThis as { affidavitPrisma?: PrismaClient };

export function prisma(): PrismaClient {
  holder.affidavitPrisma ??= new PrismaClient({
    adapter: new PrismaPg({ connectionString: databaseUrl(), application_name: "affidavit-control", max: 8 }),
  });
  return holder.affidavitPrisma;
}

export async function closePrisma(): Promise<void> {
  const client = holder.affidavitPrisma;
  delete holder.affidavitPrisma;
  await client?.$disconnect();
}
