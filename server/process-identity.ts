import { spawnSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";

/** Tells one process from a later one with the same number, and from one of another container or machine. */
export interface ProcessIdentity {
  pid: number;
  /** When it was started: clock ticks since boot on Linux, a date elsewhere. */
  started: string;
  /** Where that number means that process: the boot and the pid namespace. */
  space: string;
}

function startOf(pid: number): string | undefined {
  try {
    // The name in parentheses may hold anything; the 20th field after it is the start time.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    const { stdout } = spawnSync("ps", ["-p", String(pid), "-o", "lstart="], {
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C" },
    });
    return stdout?.trim() || undefined;
  }
}

function ownSpace(): string {
  try {
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return process.platform;
  }
}

export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, started: startOf(process.pid) ?? "", space: ownSpace() };
}

/** Whether that very process still runs; undefined when it cannot be seen from here. */
export function isRunning(identity: ProcessIdentity): boolean | undefined {
  if (identity.space !== ownSpace()) return undefined;
  return startOf(identity.pid) === identity.started;
}
