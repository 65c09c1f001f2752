import "server-only";
import { SYSTEM_LOG } from "@/lib/access/door";
import type { Granted } from "@/lib/access/granted";
import { readPool } from "@/lib/db/pools";
import { AppError } from "@/lib/errors/app-error";
import { formatMicros } from "@/lib/log-kinds/time";
import { recordOpening } from "@/lib/system-audit/reading";
import { OWN_SYSTEM } from "@/lib/system-audit/system-row";
import { term } from "@/lib/terms/terms";
import { type Log, logsOfApps } from "./log";
import { eventPartitions, type Partition } from "./partitions";
import { type FlatRow, flatten, STORED_COLUMNS, type StoredRow, visible } from "./row";

export type WholeEvent = FlatRow & {
  receipt: { id: string; seq: number; created_at: string };
  /** Where the row stands, in the terms of a proof: the log's origin and the leaf index. */
  position: { log_origin: string; seq: number };
};

interface Wanted {
  id: string;
  /** Where to look; each was authorized. */
  appIds: readonly string[];
  /** The row's own created_at, µs, where the asker knows it. */
  createdAtMicros?: number | undefined;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Partitions of one statement. */
const PARTITIONS_AT_ONCE = 6;

interface Found extends StoredRow {
  log_id: number;
}

/** Which rows: one or all of the sets of terms, in logs. */
interface Among {
  logs: readonly Log[];
  terms: readonly bigint[];
  operator: "&&" | "@>";
}

/** The newest row of that id. A producer may use one id in several apps, or again after 30 days. */
async function lookIn({ logs, terms, operator }: Among, id: string, [from, to]: Range): Promise<Found | undefined> {
  const { rows } = await readPool().query<Found>({
    text: `select log_id, ${STORED_COLUMNS} from audit.event
      where terms ${operator} $1::bigint[] and log_id = any($2::bigint[]) and id = $3
        and created_at >= $4::timestamptz and created_at < $5::timestamptz order by created_at desc limit 1`,
    values: [terms.map(String), logs.map((log) => log.id), id, formatMicros(from), formatMicros(to)],
  });
  return rows[0];
}

/**
 * Where to look, one after the other. Outside systems choose the ids of their rows, and must not hide one of our own acts
 * behind a newer row: so those come first.
 */
function placesFor(logs: readonly Log[], id: string): Among[] {
  const own = logs
    .filter(({ appId }) => appId === null)
    .map((log): Among => {
      const terms = [term(log.id, "id", id), term(log.id, "source_system", OWN_SYSTEM)];
      return { logs: [log], terms, operator: "@>" };
    });
  return [...own, { logs, terms: logs.map((log) => term(log.id, "id", id)), operator: "&&" }];
}

/** From and to before, µs. */
type Range = [number, number];

/** Ranges to look into, newest first, each at most a few partitions long. */
function ranges(partitions: readonly Partition[], createdAtMicros: number | undefined): Range[] {
  if (createdAtMicros !== undefined) return [[createdAtMicros, createdAtMicros + 1]];
  const steps: Range[] = [];
  for (let end = partitions.length; end > 0; end -= PARTITIONS_AT_ONCE) {
    const first = partitions[Math.max(0, end - PARTITIONS_AT_ONCE)];
    const last = partitions[end - 1];
    if (first && last) steps.push([first.fromMicros, last.toMicros]);
  }
  return steps;
}

async function find(logs: readonly Log[], id: string, createdAtMicros: number | undefined): Promise<Found | undefined> {
  const within = ranges(await eventPartitions([Date.now() * 1_000]), createdAtMicros);
  for (const among of placesFor(logs, id)) {
    for (const range of within) {
      const found = await lookIn(among, id, range);
      if (found) return found;
    }
  }
  return undefined;
}

/**
 * One row whole. That it was opened is a row of the system log, written before it is shown.
 * @throws AppError 404 where none of the addressed apps has it: foreign and unknown ids are the same; 503 where the opening
 * cannot be recorded
 */
export async function getEvent(ctx: Granted<"events:read">, wanted: Wanted): Promise<WholeEvent> {
  const missing = new AppError("not_found", "There is no row with that id in the applications that you may read.");
  if (!UUID.test(wanted.id) || wanted.appIds.length === 0) throw missing;
  const id = wanted.id.toLowerCase();
  const logs = await logsOfApps(ctx, wanted.appIds);
  const found = await find(logs, id, wanted.createdAtMicros);
  const log = logs.find((one) => one.id === found?.log_id);
  if (!found || !log) throw missing;
  const row = visible(flatten(log, found), ctx.seesHeavyFields ? "full" : "light");
  await recordOpening(ctx, { id: row.id, kind: row.kind, appId: log.appId ?? SYSTEM_LOG });
  return {
    ...row,
    receipt: { id: row.id, seq: row.seq, created_at: row.created_at },
    position: { log_origin: log.origin, seq: row.seq },
  };
}
