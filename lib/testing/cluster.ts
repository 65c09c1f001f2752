import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { migrate } from "@/lib/db/migrate";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "@/lib/embedded-postgres/embedded-postgres";
import { endLeftoverServer } from "@/lib/embedded-postgres/leftovers";

export const TEMPLATE = "affidavit_template";

/** Small, but as durable as the real one: tests kill it and look for what it promised. */
const SETTINGS = { shared_buffers: "64MB", max_connections: "200", max_wal_size: "512MB" };
const FOLDER = /^afd-test-(\d+)-/;

export interface TestCluster extends EmbeddedPostgres {
  folder: string;
  remove: () => Promise<void>;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Clusters of test runs that were killed: their servers would stay until the machine is restarted. */
export function sweepDeadRuns(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = FOLDER.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const folder = path.join(tmpdir(), name);
    endLeftoverServer(path.join(folder, "postgres"));
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A PostgreSQL of its own in a fresh temp folder, not migrated. For tests that kill it, or need settings. */
export async function startTestCluster(settings: Record<string, string> = {}): Promise<TestCluster> {
  const folder = mkdtempSync(path.join(tmpdir(), `afd-test-${process.pid}-`));
  chmodSync(folder, 0o711);
  const server = await startEmbeddedPostgres({
    dataDir: folder,
    say: () => {},
    settings: { ...SETTINGS, ...settings },
    sync: false,
  });
  return {
    ...server,
    folder,
    remove: async () => {
      await server.stop(3);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Makes the migrated database that every test file gets a copy of. */
export async function makeTemplate(cluster: EmbeddedPostgres): Promise<void> {
  const client = new pg.Client({ connectionString: cluster.urlOf("postgres") });
  await client.connect();
  await client.query(`create database ${TEMPLATE} template template0`);
  await client.end();
  await migrate(cluster.urlOf(TEMPLATE));
}
