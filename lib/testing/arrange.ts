import { controlClient } from "@/lib/db/control-client";
import type { Transaction } from "@/lib/db/transaction";

/** Writes what a test begins with: nobody's act, and so without a row in the system log. */
export function arrange<T>(fn: (tx: Transaction) => Promise<T>): Promise<T> {
  return controlClient().$transaction(async (tx) => {
    await tx.$executeRaw`select set_config('affidavit.untold', 'on', true)`;
    return fn(tx);
  });
}
