import "server-only";
import { workerPool } from "@/lib/db/pools";

/** Deltas of one statement; a batch of ingest is one delta. */
const ROWS_MAX = 2_000;

/** Folds all counts that ingest left, a few thousand batches at a time. Returns how many deltas it took. */
export async function foldCounts(): Promise<number> {
  let total = 0;
  for (;;) {
    const { rows } = await workerPool().query<{ taken: number }>("select audit.fold_counts($1) as taken", [ROWS_MAX]);
    const taken = rows[0]?.taken ?? 0;
    total += taken;
    if (taken < ROWS_MAX) return total;
  }
}
