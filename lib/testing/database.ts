import { randomBytes } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";
import { migrate } from "@/lib/db/migrate";
import type { EmbeddedPostgres } from "@/lib/embedded-postgres/embedded-postgres";
import { TEMPLATE } from "./cluster";

const made = new Set<string>();

function urlOf(database: string): string {
  return inject("clusterUrl").replace("/DATABASE?", `/${database}?`);
}

/** The database of this test file: named in DATABASE_URL before any module can read it, made by createTestDatabase(). */
const own = `test_${randomBytes(6).toString("hex")}`;

export function nameOwnDatabase(): void {
  process.env.DATABASE_URL = urlOf(own);
}

/**
 * Makes a migrated, empty database from the template (about 50 ms). The first call in a file makes the one that
 * `DATABASE_URL` names, so that product code uses it; further calls make others, for two clients of one server.
 * Pools and the Prisma client are closed after the file.
 * @returns its URL
 */
export async function createTestDatabase(): Promise<string> {
  const name = made.size === 0 ? own : `test_${randomBytes(6).toString("hex")}`;
  made.add(name);
  const client = new pg.Client({ connectionString: urlOf("postgres") });
  await client.connect();
  try {
    await client.query(`create database ${name} template ${TEMPLATE}`);
  } finally {
    await client.end();
  }
  return urlOf(name);
}

/** The file uses a cluster of its own instead. To be called before anything asks for the database. */
export async function useCluster(cluster: EmbeddedPostgres): Promise<void> {
  process.env.DATABASE_URL = cluster.url;
  await migrate(cluster.url);
}

/** After a file: closes what product code opened, and drops the databases. */
export async function dropTestDatabases(): Promise<void> {
  if (made.size === 0) return;
  const { closePools } = await import("@/lib/db/pools");
  const { closePrisma } = await import("@/lib/db/prisma");
  const { viewsWritten } = await import("@/lib/system-audit/reading");
  await viewsWritten();
  await Promise.all([closePools(), closePrisma()]);
  const client = new pg.Client({ connectionString: urlOf("postgres") });
  await client.connect();
  try {
    for (const name of made) await client.query(`drop database if exists ${name}`);
    made.clear();
  } finally {
    await client.end();
  }
}
