import "server-only";
import type { Subject } from "@/lib/access/granted";
import { type Act, type Author, authorOf, NOTHING_CHANGED, type SignedAct, type Told } from "@/lib/system-audit/act";
import { putActs } from "@/lib/system-audit/outbox";
import { controlClient } from "./control-client";
import { fromDatabase, isPartitionMissing } from "./errors";
import type { Transaction } from "./transaction";

export type { Transaction } from "./transaction";

/** Acts of the installation itself, or of somebody who is not signed in: each says by whom it is. */
export const INSTALLATION = "installation";

const OPTIONS = {
  maxWait: 5_000,
  timeout: 10_000,
  // What appends the rows takes a new snapshot once it holds the log's lock, whatever the server's default is.
  isolationLevel: "ReadCommitted",
} as const;

type By = Subject | typeof INSTALLATION;

/** The overloads of mutation() see to it that an act of the installation says by whom it is. */
function authorOfAct(by: By, act: Act | SignedAct): Author {
  if (by !== INSTALLATION) return authorOf(by);
  if ("by" in act) return act.by;
  throw new Error(`${act.event} does not say by whom it is`);
}

async function attempt<T>(by: By, fn: (tx: Transaction) => Promise<Told<T>>): Promise<T> {
  return controlClient().$transaction(async (tx) => {
    const { value, acts } = await fn(tx);
    if (acts === NOTHING_CHANGED) return value;
    await putActs(
      tx,
      acts.map((act) => ({ by: authorOfAct(by, act), ...act })),
    );
    return value;
  }, OPTIONS);
}

/**
 * The only writable transaction of the control plane. Besides its answer, `fn` tells what it did; each act becomes one row of
 * the organization's system log in this same transaction, so that there is no act without its row and no row without its
 * act. The rows are appended inside COMMIT: the log's lock spans no round trip.
 * `fn` may run twice. Ends after 10 s; waits at most 5 s for a connection.
 * @throws AppError `conflict` where a unique name is taken, `unavailable` where the database is away
 */
export function mutation<T>(by: Subject, fn: (tx: Transaction) => Promise<Told<T>>): Promise<T>;
export function mutation<T>(by: typeof INSTALLATION, fn: (tx: Transaction) => Promise<Told<T, SignedAct>>): Promise<T>;
export async function mutation<T>(by: By, fn: (tx: Transaction) => Promise<Told<T>>): Promise<T> {
  try {
    return await attempt(by, fn).catch(async (error: unknown) => {
      // The worker makes partitions two weeks ahead; where it did not run for so long, the act makes its row's own.
      if (!isPartitionMissing(error)) throw error;
      await controlClient().$queryRaw`select audit.ensure_partitions(7, 14)`;
      return attempt(by, fn);
    });
  } catch (error) {
    throw fromDatabase(error);
  }
}
