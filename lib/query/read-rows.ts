import "server-only";
import { searchPool } from "@/lib/db/pools";
import { formatMicros } from "@/lib/log-kinds/time";
import type { Key } from "./key-list";
import type { Log } from "./log";
import { eventPartitions } from "./partitions";
import { STORED_COLUMNS, type StoredRow } from "./row";

export type KeyedRow = StoredRow & Key;

/** The documents of keys, in the keys' order; one statement per partition that they lie in. */
export async function readRows(log: Log, keys: readonly Key[]): Promise<KeyedRow[]> {
  const bySeq = new Map<number, StoredRow>();
  for (const { fromMicros, toMicros } of await eventPartitions(keys.map((key) => key.created_us))) {
    const mine = keys.filter((key) => key.created_us >= fromMicros && key.created_us < toMicros);
    if (mine.length === 0) continue;
    const created = mine.map((key) => key.created_us).sort((a, b) => a - b);
    const { rows } = await searchPool().query<StoredRow>({
      name: "read-rows",
      text: `select ${STORED_COLUMNS} from audit.event
        where log_id = $1 and created_at >= $2::timestamptz and created_at <= $3::timestamptz and seq = any($4)`,
      values: [log.id, formatMicros(created[0] ?? 0), formatMicros(created.at(-1) ?? 0), mine.map((key) => key.seq)],
    });
    for (const row of rows) bySeq.set(row.seq, row);
  }
  return keys.flatMap((key) => {
    const row = bySeq.get(key.seq);
    return row ? [{ ...row, ...key }] : [];
  });
}
