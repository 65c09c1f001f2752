import "server-only";
import type { Granted } from "@/lib/access/granted";
import { readPool } from "@/lib/db/pools";
import { AppError } from "@/lib/errors/app-error";
import type { Filter } from "@/lib/filters/filter";
import { matches } from "@/lib/filters/matches";
import { formatMicros } from "@/lib/log-kinds/time";
import { recordView } from "@/lib/system-audit/reading";
import { filterTerms } from "@/lib/terms/filter-terms";
import { encodeTail, type TailCursor } from "./cursor";
import { type Log, logOfApp } from "./log";
import { boundAfter, eventPartitions } from "./partitions";
import { type FlatRow, flatten, STORED_COLUMNS, type StoredRow, visible } from "./row";
import { toMicros } from "./sql-time";

export interface TailQuery {
  appId: string;
  /** Strictly after this place; neither: from the beginning. */
  after?: TailCursor;
  /** The seed's contract: strictly after this created_at, µs. */
  createdAfterMicros?: number;
  kind?: string;
  filter: Filter;
  /** 1 to 1,000. */
  limit: number;
  /** Tests set a smaller one. Default: SCAN_MAX. */
  scanMax?: number;
}

export interface TailPage {
  events: FlatRow[];
  /** Also on an empty page; moves past rows that the filter left out. */
  next_cursor: string;
  has_more: boolean;
  /** The newest row of the log; -1 when it is empty. */
  head_seq: number;
}

/** Rows that one request walks at most when a filter leaves most of them out. */
const SCAN_MAX = 20_000;
/** Partitions of one statement; the next statement goes on where this one had to stop. */
const PARTITIONS_AT_ONCE = 6;

/**
 * The head, and between which times the rows after seq $2 up to seq $3 were created. log_head has a row per batch, or per
 * minute once trimmed, so the first head past a row lies in that row's minute.
 */
const BOUNDS = `select h.next_seq - 1 as head_seq,
    (select ${toMicros("date_trunc('minute', f.created_at) - interval '1 second'")}
       from audit.log_head f where f.log_id = $1 and f.next_seq > $2::bigint + 1 order by f.next_seq limit 1) as lo,
    coalesce((select ${toMicros("f.created_at")} from audit.log_head f
       where f.log_id = $1 and f.next_seq > $3::bigint order by f.next_seq limit 1), ${toMicros("h.created_at")}) as hi
  from audit.log_head h where h.log_id = $1 order by h.next_seq desc limit 1`;

/** For tests that hold its plan: the statement of one page, with so many sets of terms. */
export function pageStatement(filtered: { kind: boolean; terms: number }): string {
  const kind = filtered.kind ? " and kind = $7" : "";
  const first = filtered.kind ? 8 : 7;
  const sets = Array.from({ length: filtered.terms }, (_, index) => `terms @> $${first + index}::bigint[]`);
  const terms = sets.length > 0 ? ` and (${sets.join(" or ")})` : "";
  return `select ${STORED_COLUMNS} from audit.event where log_id = $1 and seq > $2 and seq <= $3
    and created_at >= $4::timestamptz and created_at <= $5::timestamptz${kind}${terms} order by seq limit $6`;
}

interface Bounds {
  head_seq: number;
  lo: number | null;
  hi: number;
}

async function boundsOf(log: Log, after: number, upTo: number): Promise<Bounds> {
  const { rows } = await readPool().query<Bounds>({ name: "tail-bounds", text: BOUNDS, values: [log.id, after, upTo] });
  return rows[0] ?? { head_seq: -1, lo: null, hi: 0 };
}

/**
 * The seq of the last row that was created at or before a time. Exact: created_at rises with seq. The head before it is
 * looked for by time: `max(next_seq)` walked back over a year of heads.
 */
async function seqAt(log: Log, createdMicros: number): Promise<number> {
  const { rows } = await readPool().query<{ before: number; until: number | null; hi: number | null }>(
    `select coalesce((select next_seq from audit.log_head where log_id = $1 and created_at <= $2::timestamptz order by created_at desc limit 1), 0) - 1 as before,
       f.next_seq as until, ${toMicros("f.created_at")} as hi
     from (select) one left join lateral (
       select next_seq, created_at from audit.log_head where log_id = $1 and created_at > $2::timestamptz order by created_at limit 1) f on true`,
    [log.id, formatMicros(createdMicros)],
  );
  const { before = -1, until, hi } = rows[0] ?? {};
  if (until == null || hi == null) return before;
  // Trimmed heads stand a minute apart, so the border may lie between two of them.
  const lo = Math.max(createdMicros + 1, hi - 120_000_000);
  const first = await readPool().query<{ seq: number }>(
    `select seq from audit.event where log_id = $1 and seq > $2 and seq < $3
       and created_at >= $4::timestamptz and created_at <= $5::timestamptz order by seq limit 1`,
    [log.id, before, until, formatMicros(lo), formatMicros(hi)],
  );
  return (first.rows[0]?.seq ?? until) - 1;
}

async function startOf(log: Log, query: TailQuery): Promise<number> {
  if (query.after && query.after.logId !== log.id) {
    throw new AppError("invalid_cursor", "This cursor belongs to another log. Use it with the app it came from.");
  }
  if (query.after) return query.after.seq;
  return query.createdAfterMicros === undefined ? -1 : seqAt(log, query.createdAfterMicros);
}

interface Stretch {
  after: number;
  upTo: number;
  lo: number;
  hi: number;
  want: number;
}

async function readStretch(log: Log, query: TailQuery, { after, upTo, lo, hi, want }: Stretch): Promise<StoredRow[]> {
  const sets = filterTerms(log.id, query.filter);
  const filtered = { kind: query.kind !== undefined, terms: sets.length };
  const values: unknown[] = [log.id, after, upTo, formatMicros(lo), formatMicros(hi), want];
  if (filtered.kind) values.push(query.kind);
  values.push(...sets);
  const name = `tail-page-${Number(filtered.kind)}${filtered.terms}`;
  const { rows } = await readPool().query<StoredRow>({ name, text: pageStatement(filtered), values });
  return rows;
}

interface Walked {
  rows: StoredRow[];
  /** Everything up to here was looked at. */
  scanned: number;
  head: number;
}

/** Walks from `after` until the page is full or SCAN_MAX rows are walked, a few partitions a statement. */
async function walk(log: Log, query: TailQuery, after: number): Promise<Walked> {
  const selective = query.kind !== undefined || query.filter.length > 0;
  const want = query.limit;
  const budget = selective ? (query.scanMax ?? SCAN_MAX) : want;
  const rows: StoredRow[] = [];
  let scanned = after;
  for (;;) {
    const { head_seq: head, lo, hi } = await boundsOf(log, scanned, after + budget);
    if (scanned > head) {
      throw new AppError(
        "invalid_cursor",
        "This cursor is ahead of the log. Was the database restored from a backup? Start from an older cursor.",
      );
    }
    const upTo = Math.min(after + budget, head);
    if (scanned >= upTo || lo === null) return { rows, scanned, head };
    // A long idle stretch inside the bounds is crossed in steps, each at most a few partitions long.
    const stepEnd = boundAfter(await eventPartitions(), lo, PARTITIONS_AT_ONCE) - 1;
    rows.push(
      ...(await readStretch(log, query, {
        after: scanned,
        upTo,
        lo,
        hi: Math.min(hi, stepEnd),
        want: want - rows.length,
      })),
    );
    if (rows.length >= want) return { rows, scanned: rows.at(-1)?.seq ?? scanned, head };
    scanned = hi <= stepEnd ? upTo : Math.max(scanned, Math.min(upTo, await seqAt(log, stepEnd)));
  }
}

/**
 * The next rows of one log, ascending by seq, strictly after a place. Never misses a row: seq is given in commit order
 * under the log's lock, so a row that is not visible yet has a higher seq than every visible one.
 * @throws AppError 400 `invalid_cursor`
 */
export async function tailEvents(ctx: Granted<"events:read">, query: TailQuery): Promise<TailPage> {
  const log = await logOfApp(ctx, query.appId);
  const start = await startOf(log, query);
  const { rows, scanned, head } = await walk(log, query, start);
  const how = ctx.seesHeavyFields ? "full" : "light";
  recordView(ctx, { ...query, appIds: [query.appId] });
  return {
    events: rows.map((row) => visible(flatten(log, row), how)).filter((row) => matches(row, query.filter)),
    next_cursor: encodeTail({ logId: log.id, seq: scanned }),
    has_more: scanned < head,
    head_seq: head,
  };
}
