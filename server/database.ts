import { migrate } from "@/lib/db/migrate";
import { checkPooler, checkServer, connectPatiently } from "@/lib/db/preflight";
import { statementLoggingWarnings } from "@/lib/db/statement-logging";
import { say } from "./terminal";

const WAIT_MS = 15_000;

/**
 * Checks that a database can carry the log, and brings its schema up to the program.
 * @returns names of the migrations applied now
 * @throws StartupError
 */
export async function prepareDatabase(url: string): Promise<string[]> {
  const client = await connectPatiently(url, WAIT_MS);
  try {
    await checkServer(client);
    for (const warning of await statementLoggingWarnings(client)) say(`Warning: ${warning}`);
  } finally {
    await client.end();
  }
  await checkPooler(url);
  return migrate(url);
}
