import { readFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";
import type { Clock } from "./scanning.ts";

/** Times in ms since any moment: by the clock, of processors for the process, and for this thread, where the system tells it. */
interface Times {
  readonly wall: () => number;
  readonly process: () => number;
  readonly thread: () => number | undefined;
}

const TIMES: Times = {
  wall: () => performance.now(),
  process: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  },
  thread: threadTime,
};

/**
 * Node 20 has no clock for one thread; Linux has, by the thread's id, which Node tells of the main thread only. It is late by
 * a tick of the kernel's, up to 10 ms. A kernel that does not count says 0.
 */
function threadTime(): number | undefined {
  if (!isMainThread || process.platform !== "linux") return undefined;
  try {
    const [nanoseconds] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, "latin1").split(" ");
    return Number(nanoseconds) / 1e6 || undefined;
  } catch {
    return undefined;
  }
}

/** When to look at the thread's clock first, in ms: it takes some 30 µs to read. */
const THREAD_AFTER = 5;

/**
 * Throws once this thread has used more processor time; waiting for a processor does not count. Begins at the first look, so
 * that a short text does not pay for clocks: the process's time takes over 1 µs to ask for.
 */
export function deadline(milliseconds: number, times: Times = TIMES): Clock {
  let began: { wall: number; process: number } | undefined;
  let thread: { at: number | undefined; before: number } | undefined;
  return () => {
    began ??= { wall: times.wall(), process: times.process() };
    const wall = times.wall() - began.wall;
    if (wall <= THREAD_AFTER) return;
    // This thread may have used all that the process used till here, but no more than has passed.
    thread ??= { at: times.thread(), before: Math.min(wall, times.process() - began.process) };
    if (wall <= milliseconds || times.process() - began.process <= milliseconds) return;
    const now = thread.at === undefined ? undefined : times.thread();
    const isOver = thread.at === undefined || now === undefined || thread.before + now - thread.at > milliseconds;
    if (isOver) throw new Error("Reading a text took too long.");
  };
}
