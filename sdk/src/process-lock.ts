import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, readlinkSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { sleep } from "./retry.ts";

/** How often the holder touches its lock; another container, which cannot see the process, watches for it. */
const TOUCH_EVERY_MS = 2_000;
const WATCH_MS = 3 * TOUCH_EVERY_MS;

/** Who holds a lock. Tells a process from a later one with the same number, and from one of another container. */
export interface Holder {
  pid: number;
  /** Clock ticks since boot on Linux, a date elsewhere, empty where neither can be known. */
  started: string;
  /** Where that number means that process: boot and pid namespace on Linux. */
  space: string;
}

function startOf(pid: number): string {
  try {
    // The name in parentheses may hold anything; the 20th field after it is the start time.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    if (process.platform === "linux") return "";
    const env = { PATH: "/bin:/usr/bin", LC_ALL: "C" } as unknown as NodeJS.ProcessEnv;
    const { stdout } = spawnSync("ps", ["-p", String(pid), "-o", "lstart="], { encoding: "utf8", env });
    return stdout?.trim() ?? "";
  }
}

function ownSpace(): string {
  try {
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return process.platform;
  }
}

function read(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Holder;
  } catch {
    return undefined; // Gone meanwhile, or cut short by a full disk: nobody can be told to hold it.
  }
}

const touchedAt = (file: string) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

async function isHeld(file: string, holder: Holder | undefined, signal?: AbortSignal): Promise<boolean> {
  if (!holder) return false;
  if (holder.space === ownSpace() && holder.started !== "") return startOf(holder.pid) === holder.started;
  const before = touchedAt(file);
  // A machine that was off has a clock that went on, so an old time says "stale" at once.
  if (Math.abs(Date.now() - before) > 10 * TOUCH_EVERY_MS) return false;
  return !(await sleep(WATCH_MS, signal)) || touchedAt(file) !== before;
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
 * back, unless the name is taken once more; then its holder will notice.
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

async function acquire(file: string, fresh: string, signal?: AbortSignal): Promise<Holder | undefined> {
  for (;;) {
    if (linkAs(file, fresh)) return undefined;
    const holder = read(file);
    if (await isHeld(file, holder, signal)) return holder;
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

/** Frees it. */
export interface Lock {
  (): void;
  /** Whether no other process took it over, as may be after a long pause of this one. */
  isHeld: () => boolean;
}

/**
 * A lock that one process holds until it frees it or ends in whatever way; the Python client keeps to the same file, and
 * the server's is the same (one test is for both). The file's folder must exist.
 * @param signal ends the wait for a sign of life from another container; then the lock counts as held
 * @returns a function that frees it, or who holds it
 * @throws Error of the file system
 */
export async function takeLock(file: string, signal?: AbortSignal): Promise<Lock | Holder> {
  const token = randomUUID();
  const fresh = `${file}.${token}`;
  const self: Holder = { pid: process.pid, started: startOf(process.pid), space: ownSpace() };
  const text = `${JSON.stringify({ ...self, token })}\n`;
  writeFileSync(fresh, text, { mode: 0o600 });
  try {
    const holder = await acquire(file, fresh, signal);
    if (holder) return holder;
  } finally {
    rmSync(fresh, { force: true });
  }
  const timer = setInterval(() => touch(file, text), TOUCH_EVERY_MS);
  timer.unref();
  const free = () => {
    clearInterval(timer);
    if (isOurs(file, text)) rmSync(file, { force: true });
  };
  return Object.assign(free, { isHeld: () => isOurs(file, text) });
}
