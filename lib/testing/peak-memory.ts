import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";

const STATUS = "/proc/self/status";

/** In bytes. `ru_maxrss` of a process counts the one that spawned it, too (getrusage(2)), so Linux is asked elsewhere. */
function ownPeak(): number {
  const kib = existsSync(STATUS) ? /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(STATUS, "utf8"))?.[1] : undefined;
  return Number(kib ?? process.resourceUsage().maxRSS) * 1024;
}

/** In a child process with an IPC channel: whatever it is asked, it says the most memory that it has had. */
export function answerPeakMemory(): void {
  process.on("message", () => process.send?.(ownPeak()));
}

/** The most memory that the child has had so far, in MB (10^6 bytes). */
export async function peakMemory(child: ChildProcess): Promise<number> {
  const answer = once(child, "message");
  child.send("peak memory");
  const [bytes] = (await answer) as [number];
  return bytes / 1e6;
}
