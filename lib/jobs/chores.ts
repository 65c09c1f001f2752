import "server-only";
import { logger } from "@/lib/observability/logger";
import { BEAT_MS, beat } from "@/lib/observability/readiness";
import { foldCounts } from "./fold-counts";
import { mergePartitions } from "./merge-partitions";
import { dropExpiredKeys, makePartitions } from "./partitions";
import { settleTerms } from "./settle-terms";
import { trimHeads } from "./trim-heads";

interface Chore {
  name: string;
  everyMs: number;
  run: () => Promise<unknown>;
}

/** What the worker does besides streams: each is idempotent, and safe beside another worker doing the same. */
const CHORES: readonly Chore[] = [
  { name: "beat", everyMs: BEAT_MS, run: () => beat("worker") },
  { name: "settle terms", everyMs: 500, run: settleTerms },
  { name: "fold counts", everyMs: 2_000, run: foldCounts },
  { name: "trim heads", everyMs: 60_000, run: trimHeads },
  { name: "make partitions", everyMs: 600_000, run: makePartitions },
  { name: "drop expired keys", everyMs: 600_000, run: dropExpiredKeys },
  { name: "merge partitions", everyMs: 3_600_000, run: mergePartitions },
];

/** Waits, or returns at once when the signal comes. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done);
  });
}

/** A failed chore is logged and tried again at its next turn: the database may be away for a while. */
async function repeat(chore: Chore, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await chore.run();
    } catch (error) {
      logger().warn({ err: error, chore: chore.name }, "chore failed");
    }
    await pause(chore.everyMs, signal);
  }
}

/** Runs every chore until the signal comes, and returns when the last one has finished. */
export async function runChores(signal: AbortSignal): Promise<void> {
  await Promise.all(CHORES.map((chore) => repeat(chore, signal)));
}
