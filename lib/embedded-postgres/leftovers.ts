import "server-only";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { StartupError } from "@/lib/config/startup-error";
import type { Place } from "./place";
import { asUser } from "./run-as";

const SOCKET_FOLDER = /^afd-[A-Za-z0-9]+$/;

interface PidFile {
  pid: number;
  socketFolder: string | undefined;
}

function readPidFile(cluster: string): PidFile | undefined {
  try {
    const lines = readFileSync(path.join(cluster, "postmaster.pid"), "utf8").split("\n");
    return { pid: Number(lines[0]), socketFolder: lines[4] || undefined };
  } catch {
    return undefined;
  }
}

/** Processes that work in the cluster's folder: PostgreSQL's, whichever run they are from. Linux only. */
function processesOn(cluster: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return (
          readlinkSync(`/proc/${pid}/cwd`) === cluster && /^postgres/.test(readFileSync(`/proc/${pid}/comm`, "utf8"))
        );
      } catch {
        return false; // Ended meanwhile, or another user's.
      }
    });
}

function isOurPostmaster(pid: number, cluster: string): boolean {
  if (existsSync("/proc/self/cwd")) return processesOn(cluster).includes(pid);
  const { stdout } = spawnSync("ps", ["-p", String(pid), "-o", "command="], { encoding: "utf8" });
  return stdout.includes(cluster);
}

function signal(pids: number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // Ended meanwhile.
    }
  }
}

async function gone(cluster: string, deadlineMs: number): Promise<boolean> {
  const deadline = Date.now() + deadlineMs;
  while (processesOn(cluster).length > 0) {
    if (Date.now() > deadline) return false;
    await delay(50);
  }
  return true;
}

/** `pg_ctl stop` as the cluster's owner. @returns whether it ended in time */
export function pgCtlStop({ binaries, cluster, user }: Place, mode: "fast" | "immediate", seconds: number): boolean {
  const args = ["stop", "-D", cluster, "-m", mode, "-w", "-t", String(seconds), "-s"];
  return spawnSync(path.join(binaries.folder, "bin/pg_ctl"), args, { ...asUser(user), stdio: "ignore" }).status === 0;
}

/**
 * Clears away what a killed run left: a PostgreSQL that still runs on the folder is stopped (its clients are gone or are
 * to go), server processes without a postmaster are ended, and a pid file that names some other program is removed, which
 * PostgreSQL itself would take for a running server.
 * @param ownSocketFolder is kept: the server is to come up in it again
 * @throws StartupError when something cannot be ended
 */
export async function clearLeftovers(
  place: Place,
  say: (line: string) => void,
  ownSocketFolder?: string,
): Promise<void> {
  const { cluster } = place;
  const file = readPidFile(cluster);
  if (file && isOurPostmaster(file.pid, cluster)) {
    say(`Stopping the PostgreSQL that a killed run left behind (process ${file.pid}).`);
    if (!pgCtlStop(place, "fast", 10)) pgCtlStop(place, "immediate", 10);
  }
  if (
    file?.socketFolder &&
    file.socketFolder !== ownSocketFolder &&
    SOCKET_FOLDER.test(path.basename(file.socketFolder))
  ) {
    rmSync(file.socketFolder, { recursive: true, force: true });
  }
  if (!existsSync("/proc/self/cwd")) return;
  // A server process notices the death of its postmaster by itself, unless it is deep in a query.
  if (!(await gone(cluster, 3_000))) signal(processesOn(cluster), "SIGQUIT");
  if (!(await gone(cluster, 3_000))) signal(processesOn(cluster), "SIGKILL");
  if (!(await gone(cluster, 3_000)))
    throw new StartupError(
      `PostgreSQL processes still work on ${cluster} and cannot be ended: end them and start again.`,
    );
  rmSync(path.join(cluster, "postmaster.pid"), { force: true });
}

/** Ends the server processes on a folder that is to be deleted, at once and without ceremony. */
export function endLeftoverServer(cluster: string): void {
  const file = readPidFile(cluster);
  if (file && isOurPostmaster(file.pid, cluster)) signal([file.pid], "SIGQUIT");
  if (file?.socketFolder && SOCKET_FOLDER.test(path.basename(file.socketFolder))) {
    rmSync(file.socketFolder, { recursive: true, force: true });
  }
}
