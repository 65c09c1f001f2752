import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startEmbeddedPostgres } from "@/lib/embedded-postgres/embedded-postgres";
import { peakMemory } from "@/lib/testing/peak-memory";

/** A fresh installation in a temp folder: PostgreSQL as `npm start` runs it, API and worker in processes of their own, one tenant. */
export interface World {
  url: string;
  databaseUrl: string;
  key: string;
  appId: string;
  logId: number;
  /** The most memory that the API's process has had so far, in MB (10^6 bytes). */
  peakMemory: () => Promise<number>;
  stop: () => Promise<void>;
}

function startProcess(entry: string): ChildProcess {
  return spawn(
    process.execPath,
    ["--conditions=react-server", "--import", "tsx", path.join(import.meta.dirname, entry)],
    { stdio: ["ignore", "inherit", "inherit", "ipc"] },
  );
}

async function startServer(): Promise<{ child: ChildProcess; url: string }> {
  const child = startProcess("api-server.ts");
  const url = await new Promise<string>((resolve, reject) => {
    child.once("message", (message) => resolve(String(message)));
    child.once("exit", (code) => reject(new Error(`the API process ended with ${code}`)));
  });
  return { child, url };
}

export async function makeWorld(): Promise<World> {
  const folder = mkdtempSync(path.join(tmpdir(), `afd-bench-${process.pid}-`));
  chmodSync(folder, 0o711);
  const server = await startEmbeddedPostgres({ dataDir: folder, say: () => {} });
  Object.assign(process.env, {
    DATABASE_URL: server.url,
    AFFIDAVIT_SECRET: "the root secret of a throw-away installation",
    AFFIDAVIT_LOG_LEVEL: "warn",
    AFFIDAVIT_RATE_EVENTS_PER_MINUTE: "0",
    AFFIDAVIT_RATE_REQUESTS_PER_10S: "0",
  });
  const { migrate } = await import("@/lib/db/migrate");
  await migrate(server.url);
  const { makeTenant } = await import("@/lib/testing/api");
  const { logOfApp } = await import("@/lib/query/log");
  const tenant = await makeTenant("Bench");
  const log = await logOfApp(
    { appIds: [tenant.appId], orgId: tenant.orgId, seesWholeOrganization: true },
    tenant.appId,
  );
  const api = await startServer();
  const worker = startProcess("../server/worker.ts");
  return {
    url: api.url,
    databaseUrl: server.url,
    key: tenant.key,
    appId: tenant.appId,
    logId: log.id,
    peakMemory: () => peakMemory(api.child),
    stop: async () => {
      api.child.kill("SIGKILL");
      worker.kill("SIGKILL");
      const { closePools } = await import("@/lib/db/pools");
      const { closePrisma } = await import("@/lib/db/prisma");
      await Promise.all([closePools(), closePrisma()]);
      await server.stop(5);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
