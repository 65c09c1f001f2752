import { randomUUID } from "node:crypto";
import { existsSync, linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { isRunning, ownIdentity, type ProcessIdentity } from "./process-identity";

/** How often the holder touches its lock; another container, which cannot see the process, watches for it. */
const TOUCH_EVERY_MS = 2_000;
const WATCH_MS = 3 * TOUCH_EVERY_MS;

/** Who holds a lock, and at which address it serves, if it does. */
export interface Holder extends ProcessIdentity {
  url?: string;
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

/** Who holds that lock now, if anybody does. */
export async function findHolder(file: string): Promise<Holder | undefined> {
  const holder = read(file);
  return (await isHeld(file, holder)) ? holder : undefined;
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

/** Takes it if it is free or its holder is gone; else who holds it. */
async function acquire(file: string, fresh: string): Promise<Holder | undefined> {
  for (;;) {
    try {
      linkSync(fresh, file); // Fails when the name is taken: whole or not at all, and one winner.
      return undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const holder = read(file);
    if (await isHeld(file, holder)) return holder;
    removeStale(file, holder);
  }
}

/**
 * A lock that one process holds until it frees it or ends in whatever way. The file's folder must exist.
 * @returns a function that frees it, or who holds it
 * @throws Error of the file system
 */
export async function takeLock(file: string, url?: string): Promise<(() => void) | Holder> {
  const fresh = `${file}.${randomUUID()}`;
  writeFileSync(fresh, `${JSON.stringify({ ...ownIdentity(), url })}\n`, { mode: 0o600 });
  try {
    const holder = await acquire(file, fresh);
    if (holder) return holder;
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

function touch(file: string): void {
  const now = new Date();
  try {
    utimesSync(file, now, now);
  } catch {
    // Its folder was removed under us; there is nothing to hold any more.
  }
}
