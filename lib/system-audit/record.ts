import "server-only";
import { AppError } from "@/lib/errors/app-error";
import { submit } from "@/lib/ingest/batcher";
import { systemLogOf } from "@/lib/query/log";
import type { SignedAct } from "./act";
import { systemRow } from "./system-row";

/**
 * Records what changed nothing in the control plane, and so has no transaction to be told in: reading, and a sign-in that
 * was refused. Returns after COMMIT.
 * @throws where it could not be written
 */
export async function record({ by, ...act }: SignedAct): Promise<void> {
  const log = await systemLogOf(by.orgId);
  await submit(log.id, { rows: [systemRow(log.id, by, act)] });
}

/**
 * The same for what must not happen unseen: what it stands for may go on only once it returns.
 * @throws AppError 503 `unavailable` where the row could not be written
 */
export async function recordOrRefuse(act: SignedAct): Promise<void> {
  try {
    await record(act);
  } catch (cause) {
    throw new AppError("unavailable", {
      detail: "That this was read could not be recorded, so it is not shown. Try again in a few seconds.",
      retryAfterSeconds: 2,
      cause,
    });
  }
}
