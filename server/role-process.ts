import { env } from "@/lib/config/env";
import { StartupError } from "@/lib/config/startup-error";
import { assertMigrated } from "@/lib/db/migrate";
import { checkServer, connectPatiently } from "@/lib/db/preflight";
import { statementLoggingWarnings } from "@/lib/db/statement-logging";
import { EXIT_CONFIGURATION, explain, isForeseen, say } from "./terminal";

/** How long a role waits for a database that does not answer: on a machine that boots, it may come up after us. */
const DATABASE_WAIT_MS = 15_000;
/** A role whose work does not end within this is ended by its supervisor; alone, by itself. */
const STOP_WITHIN_MS = 8_000;

async function checkDatabase(): Promise<void> {
  const url = env().DATABASE_URL;
  if (!url)
    throw new StartupError(
      "DATABASE_URL is empty: one role alone needs your own PostgreSQL; `npm start` runs the embedded one.",
    );
  const client = await connectPatiently(url, DATABASE_WAIT_MS);
  try {
    await checkServer(client);
    // `npm start`, which holds the other end of a channel, has said so.
    if (!process.connected) for (const warning of await statementLoggingWarnings(client)) say(`Warning: ${warning}`);
  } finally {
    await client.end();
  }
  await assertMigrated(url);
}

/**
 * Runs a role until it is told to stop by a signal, or by the end of the process that started it. The work is to end when
 * its signal is aborted.
 */
export async function runRole(name: string, work: (stop: AbortSignal) => Promise<void>): Promise<void> {
  process.title = `affidavit ${name}`;
  const stopping = new AbortController();
  const stop = () => {
    stopping.abort();
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, stop);
  process.once("disconnect", stop);
  try {
    await checkDatabase();
    if (!stopping.signal.aborted) await work(stopping.signal);
    process.exit(0);
  } catch (error) {
    if (stopping.signal.aborted) process.exit(0);
    console.error(explain(error));
    process.exit(isForeseen(error) ? EXIT_CONFIGURATION : 1);
  }
}
