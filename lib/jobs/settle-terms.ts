import "server-only";
import { workerPool } from "@/lib/db/pools";

/** Partitions change at midnight at most, and the next ones are made two weeks ahead. */
const LOOK_EVERY_MS = 60_000;

let known: { until: number; indexes: string[] } | undefined;

/** The indexes of terms that appends write to now, or will within the next minutes. */
async function runningIndexes(): Promise<string[]> {
  if (known && known.until > performance.now()) return known.indexes;
  const { rows } = await workerPool().query<{ name: string }>(
    `select t.name from audit.terms_index t join audit.partition p on p.name = t.partition
     where p.parent = 'event' and p.from_at < now() + interval '2 minutes' and p.to_at > now() - interval '2 minutes'`,
  );
  known = { until: performance.now() + LOOK_EVERY_MS, indexes: rows.map(({ name }) => name) };
  return known.indexes;
}

/**
 * Merges what appends left in the pending list of the running partition's term index, so that no append has to and no
 * search has to read a long list. Appends and searches go on meanwhile.
 * @returns pages that were in the lists
 */
export async function settleTerms(): Promise<number> {
  let pages = 0;
  for (const name of await runningIndexes()) {
    const { rows } = await workerPool().query<{ pages: number }>(
      "select gin_clean_pending_list(format('audit.%I', $1::text)::regclass) as pages",
      [name],
    );
    pages += rows[0]?.pages ?? 0;
  }
  return pages;
}
