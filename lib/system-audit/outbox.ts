import "server-only";
import type { Row } from "@/lib/ingest/row";
import { formatMicros } from "@/lib/log-kinds/time";
import { termTexts } from "@/lib/terms/terms";
import type { Transaction } from "../db/transaction";
import type { SignedAct } from "./act";
import { systemRow } from "./system-row";

async function logsOf(tx: Transaction, orgIds: readonly string[]): Promise<Map<string, number>> {
  // In the act's own transaction: it may be the one that makes the organization.
  const rows = await tx.$queryRaw<{ org_id: string; id: bigint }[]>`
    select org_id, id from audit.log where org_id = any(${[...orgIds]}::uuid[]) and app_id is null`;
  return new Map(rows.map((row) => [row.org_id, Number(row.id)]));
}

async function put(tx: Transaction, logId: number, row: Row): Promise<void> {
  await tx.$executeRaw`
    insert into audit.system_outbox
      (log_id, event_id, occurred_at, core, detail, salt_core, salt_detail, commitment, terms, count_field, count_val)
    values (${logId}, ${row.event.id}::uuid, ${formatMicros(row.event.occurredAtMicros)}::timestamptz, ${row.core}, ${row.detail},
      ${new Uint8Array(row.saltCore)}, ${new Uint8Array(row.saltDetail)}, ${new Uint8Array(row.commitment)},
      ${termTexts(row.terms)}::bigint[], ${row.counts.map(([field]) => field)}::text[], ${row.counts.map(([, val]) => val)}::text[])`;
}

/**
 * Puts the rows of a transaction's acts beside what it did. At COMMIT a deferred trigger appends them, in this order, to the
 * system logs of their organizations (prisma/migrations/*_system_outbox).
 */
export async function putActs(tx: Transaction, acts: readonly SignedAct[]): Promise<void> {
  const logs = await logsOf(tx, [...new Set(acts.map(({ by }) => by.orgId))]);
  const placed = acts.map((act) => {
    const logId = logs.get(act.by.orgId);
    if (logId === undefined) throw new Error(`organization ${act.by.orgId} has no system log`);
    return { logId, act };
  });
  // In one order for everybody: two transactions that each tell two organizations never wait for each other.
  placed.sort((one, other) => one.logId - other.logId);
  for (const { logId, act } of placed) await put(tx, logId, systemRow(logId, act.by, act));
}
