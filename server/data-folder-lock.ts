import { chmodSync, existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { StartupError } from "@/lib/config/startup-error";
import { takeLock } from "./process-lock";

/** Makes the data folder when absent: enterable by the user that runs PostgreSQL, listable by its owner only. */
function prepareDataFolder(dataDir: string): void {
  if (existsSync(dataDir)) return;
  try {
    mkdirSync(dataDir, { recursive: true });
    chmodSync(dataDir, 0o711);
  } catch (error) {
    throw new StartupError(
      `The data folder ${dataDir} cannot be made (${(error as NodeJS.ErrnoException).code}): set AFFIDAVIT_DATA_DIR to a folder that you may write.`,
    );
  }
}

/**
 * Makes this process the only one that runs on a data folder, until the returned function is called or it ends in
 * whatever way.
 * @throws StartupError naming process and URL of the one that runs already
 */
export async function lockDataFolder(dataDir: string, url: string): Promise<() => void> {
  prepareDataFolder(dataDir);
  const taken = await takeLock(path.join(dataDir, "running.json"), url).catch((error: NodeJS.ErrnoException) => {
    throw new StartupError(
      `The data folder ${dataDir} cannot be written (${error.code}): start as its owner, or set AFFIDAVIT_DATA_DIR.`,
    );
  });
  if (typeof taken === "function") return taken;
  throw new StartupError(
    `Affidavit already runs on ${dataDir}: process ${taken.pid}, ${taken.url}. Stop it first, or set AFFIDAVIT_DATA_DIR and PORT for a second one.`,
  );
}
