import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
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

/** Whole or not at all, and one winner. @returns whether the name was free */
function linkAs(name: string, file: string): boolean {
  try {
    linkSync(file, name);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/**
 * Takes a stale lock away. Of two that find it, the one whose rename comes second may have caught a fresh one: that goes
 * back, unless the name is taken once more: within an instant, three starts on one folder.
 */
function removeStale(file: string, seen: Holder | undefined): void {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch {
    return; // The other one was faster.
  }
  const caught = read(aside);
  if (caught && JSON.stringify(caught) !== JSON.stringify(seen)) linkAs(file, aside);
  rmSync(aside, { force: true });
}

/** Takes it if it is free or its holder is gone; else who holds it. */
async function acquire(file: string, fresh: string): Promise<Holder | undefined> {
  for (;;) {
    if (linkAs(file, fresh)) return undefined;
    const holder = read(file);
    if (await isHeld(file, holder)) return holder;
    removeStale(file, holder);
  }
}

/** Whether the file is still the one that was written. Where it cannot be read for now, nobody is known to have another. */
function isOurs(file: string, text: string): boolean {
  try {
    return readFileSync(file, "utf8") === text;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ENOENT";
  }
}

/** Only its own: a process that was paused for longer than others wait may have lost it meanwhile. */
function touch(file: string, text: string): void {
  const now = new Date();
  try {
    if (isOurs(file, text)) utimesSync(file, now, now);
  } catch {
    // Its folder was removed under us; there is nothing to hold any more.
  }
}

/**
 * A lock that one process holds until it frees it or ends in whatever way; the SDK's is the same (one test is for both).
 * The file's folder must exist.
 * @returns a function that frees it, or who holds it
 * @throws Error of the file system
 */
export async function takeLock(file: string, url?: string): Promise<(() => void) | Holder> {
  const token = randomUUID();
  const fresh = `${file}.${token}`;
  const text = `${JSON.stringify({ ...ownIdentity(), url, token })}\n`;
  writeFileSync(fresh, text, { mode: 0o600 });
  try {
    const holder = await acquire(file, fresh);
    if (holder) return holder;
  } finally {
    rmSync(fresh, { force: true });
  }
  const timer = setInterval(() => touch(file, text), TOUCH_EVERY_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    if (isOurs(file, text)) rmSync(file, { force: true });
  };
}
