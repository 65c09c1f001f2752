import { randomInt, randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Entry, StoredPlace } from "./checker";

/** Something that rows are written to and polled from: the product, or a design that must be shown to lose rows. */
export interface LogUnderTest {
  /** Writes and commits; settles after the acknowledgement. */
  write: (ids: readonly string[]) => Promise<StoredPlace[]>;
  /** Writes in a transaction that stays open for `holdMs` after the rows were numbered, then commits or rolls back. */
  writeSlowly: (ids: readonly string[], how: { holdMs: number; commit: boolean }) => Promise<StoredPlace[]>;
  /** One page after a cursor; the cursor of an empty page is where to go on. */
  page: (cursor: string | undefined, limit: number) => Promise<{ rows: StoredPlace[]; cursor: string | undefined }>;
  /** The whole table in order. */
  stored: () => Promise<StoredPlace[]>;
}

export interface LoadOptions {
  writers: number;
  seconds: number;
  /** Page size of each poller. */
  pollers: readonly number[];
  /** This poller forgets what it did since its last stored cursor, once, in the middle of the run. */
  restarted?: number;
}

const IDS_MAX = 20;
const HOLD_MS = { min: 50, max: 350 };
/** Of a hundred writes so many are rolled back, and so many are slow to commit. */
const ROLLBACK_PERCENT = 10;
const SLOW_PERCENT = 5;

const newIds = () => Array.from({ length: randomInt(1, IDS_MAX + 1) }, () => randomUUID());

async function writeOnce(log: LogUnderTest, entries: Entry[], ids: readonly string[]): Promise<boolean> {
  const dice = randomInt(100);
  const isRolledBack = dice < ROLLBACK_PERCENT;
  const isSlow = dice >= 100 - SLOW_PERCENT;
  for (const id of ids) entries.push({ what: "sent", id });
  const holdMs = isSlow ? randomInt(HOLD_MS.min, HOLD_MS.max + 1) : 0;
  const rows =
    isRolledBack || isSlow ? await log.writeSlowly(ids, { holdMs, commit: !isRolledBack }) : await log.write(ids);
  for (const row of rows) entries.push(isRolledBack ? { what: "rolled back", id: row.id } : { what: "acked", ...row });
  return !isRolledBack;
}

async function writer(log: LogUnderTest, entries: Entry[], until: number): Promise<void> {
  let ids = newIds();
  while (performance.now() < until) {
    // What was rolled back is sometimes sent again under the same ids, as a producer would.
    const isDone = await writeOnce(log, entries, ids);
    if (isDone || randomInt(2) === 0) ids = newIds();
  }
}

interface PollerOptions {
  name: string;
  limit: number;
  /** `performance.now()` at which it loses its memory. */
  restartAt: number;
  /** Whether the writers are done. */
  isQuiet: () => boolean;
}

async function poller(log: LogUnderTest, entries: Entry[], options: PollerOptions): Promise<void> {
  const { name, limit, isQuiet } = options;
  let { restartAt } = options;
  let cursor: string | undefined;
  let last = -1;
  /** Written down every few pages only, so that a restart goes back. */
  let kept = { cursor, last };
  for (let pages = 0; ; pages += 1) {
    if (performance.now() > restartAt) {
      restartAt = Number.POSITIVE_INFINITY;
      ({ cursor, last } = kept);
      entries.push({ what: "restarted", poller: name, seq: last });
    }
    const wasQuiet = isQuiet();
    const page = await log.page(cursor, limit);
    for (const row of page.rows) entries.push({ what: "read", poller: name, ...row });
    cursor = page.cursor;
    last = page.rows.at(-1)?.seq ?? last;
    if (pages % 5 === 0) kept = { cursor, last };
    if (page.rows.length > 0) continue;
    if (wasQuiet) return;
    await delay(5);
  }
}

/** Loads a log and polls it meanwhile and until its end. Returns what happened, in order. */
export async function runLoad(log: LogUnderTest, options: LoadOptions): Promise<Entry[]> {
  const entries: Entry[] = [];
  const begun = performance.now();
  const until = begun + options.seconds * 1_000;
  let quiet = false;
  const writers = Promise.all(Array.from({ length: options.writers }, () => writer(log, entries, until))).finally(
    () => {
      quiet = true;
    },
  );
  const pollers = options.pollers.map((limit, index) =>
    poller(log, entries, {
      name: `poller ${index} (${limit} a page)`,
      limit,
      restartAt: index === options.restarted ? (begun + until) / 2 : Number.POSITIVE_INFINITY,
      isQuiet: () => quiet,
    }),
  );
  await Promise.all([writers, ...pollers]);
  return entries;
}
