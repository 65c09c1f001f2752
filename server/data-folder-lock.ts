import { randomUUID } from "node:crypto";
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { StartupError } from "@/lib/config/startup-error";
import { isRunning, ownIdentity, type ProcessIdentity } from "./process-identity";

/** How often the holder touches its lock; another container, which cannot see the process, watches for it. */
const TOUCH_EVERY_MS = 2_000;
const WATCH_MS = 3 * TOUCH_EVERY_MS;

interface Holder extends ProcessIdentity {
  url: string;
}

function read(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Holder;
  } catch {
    return undefined; // Gone meanwhile, or cut short by a full disk: nobody can be told to hold it.
  }
}

function touchedAt(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

async function isHeld(file: string, holder: Holder | undefined): Promise<boolean> {
  if (!holder) return false;
  const running = isRunning(holder);
  if (running !== undefined) return running;
  const before = touchedAt(file);
  // A machine that was off has a clock that went on, so an old time says "stale" at once.
  if (Math.abs(Date.now() - before) > 10 * TOUCH_EVERY_MS) return false;
  await delay(WATCH_MS);
  return touchedAt(file) !== before;
}

/** Takes a stale lock away. Of two starts that find it, the one whose rename comes second may have caught a fresh one. */
function removeStale(file: string, seen: Holder | undefined): void {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch {
    return; // The other one was faster.
  }
  const caught = read(aside);
  if (caught && JSON.stringify(caught) !== JSON.stringify(seen) && !existsSync(file)) linkSync(aside, file);
  rmSync(aside, { force: true });
}

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
  const file = path.join(dataDir, "running.json");
  const fresh = `${file}.${randomUUID()}`;
  try {
    writeFileSync(fresh, `${JSON.stringify({ ...ownIdentity(), url })}\n`, { mode: 0o600 });
  } catch (error) {
    throw new StartupError(
      `The data folder ${dataDir} cannot be written (${(error as NodeJS.ErrnoException).code}): start as its owner, or set AFFIDAVIT_DATA_DIR.`,
    );
  }
  try {
    await acquire(file, fresh, dataDir);
  } finally {
    rmSync(fresh, { force: true });
  }
  const timer = setInterval(() => touch(file), TOUCH_EVERY_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    rmSync(file, { force: true });
  };
}

async function acquire(file: string, fresh: string, dataDir: string): Promise<void> {
  for (;;) {
    try {
      linkSync(fresh, file); // Fails when the name is taken: whole or not at all, and one winner.
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const holder = read(file);
    if (await isHeld(file, holder)) {
      throw new StartupError(
        `Affidavit already runs on ${dataDir}: process ${holder?.pid}, ${holder?.url}. Stop it first, or set AFFIDAVIT_DATA_DIR and PORT for a second one.`,
      );
    }
    removeStale(file, holder);
  }
}

function touch(file: string): void {
  const now = new Date();
  try {
    utimesSync(file, now, now);
  } catch {
    // The data folder was removed under us; there is nothing to hold any more.
  }
}
