import "server-only";
import type pg from "pg";
import { readPool, searchPool } from "@/lib/db/pools";
import { formatMicros } from "@/lib/log-kinds/time";
import { filterTerms } from "@/lib/terms/filter-terms";
import { KeyList, PACKED_KEYS } from "./key-list";
import type { Log } from "./log";
import { eventPartitions } from "./partitions";
import { comparePlaces, firstPlace, type Place } from "./place";
import { type KeyedRow, readRows } from "./read-rows";
import { SEARCH_BUDGETS, type SearchQuery } from "./search-query";

/** What one log has to say to a search: its first `limit + 1` rows in order, and where a budget ended the walk. */
export interface LogAnswer {
  rows: KeyedRow[];
  /** Everything up to and including this place was looked at; undefined: the whole window was. */
  searchedTo?: Place;
}

export interface KeyAnswer {
  keys: KeyList;
  searchedTo?: Place;
}

const budgetsOf = (query: SearchQuery) => query.budgets ?? SEARCH_BUDGETS;

/** A partition that has rows of the window, as the spans tell. */
interface Area {
  createdFrom: number;
  createdTo: number;
  /** No row of the window in it occurred at or after this, µs. */
  occurredBefore: number;
}

const DAY_MICROS = 86_400_000_000;

/** The newest occurred_at that can still come: the window's end, or the cursor. */
function newestWanted(query: SearchQuery): number {
  return Math.min(query.toMicros, query.cursor?.occurredAtMicros ?? query.toMicros);
}

/** Partitions with rows of the window, those with the newest rows first. */
async function areasOf(log: Log, query: SearchQuery): Promise<Area[]> {
  const { rows } = await readPool().query<{ created_us: number; occurred_us: number }>({
    name: "search-spans",
    text: `select (extract(epoch from created_day) * 1000000)::bigint as created_us,
             (extract(epoch from max(occurred_day)) * 1000000)::bigint as occurred_us
           from audit.event_span where log_id = $1 and ($2::text[] is null or kind = any($2))
             and occurred_day between ($3::timestamptz at time zone 'UTC')::date and ($4::timestamptz at time zone 'UTC')::date
           group by created_day`,
    values: [
      log.id,
      query.kind ? [query.kind] : null,
      formatMicros(query.fromMicros),
      formatMicros(newestWanted(query)),
    ],
  });
  const areas: Area[] = [];
  for (const { fromMicros, toMicros } of await eventPartitions(rows.map((row) => row.created_us))) {
    const days = rows.filter((row) => row.created_us >= fromMicros && row.created_us < toMicros);
    if (days.length === 0) continue;
    areas.push({
      createdFrom: Math.min(...days.map((day) => day.created_us)),
      createdTo: Math.max(...days.map((day) => day.created_us)) + DAY_MICROS,
      occurredBefore: Math.max(...days.map((day) => day.occurred_us)) + DAY_MICROS,
    });
  }
  return areas.sort((a, b) => b.occurredBefore - a.occurredBefore);
}

interface Scan {
  log: Log;
  query: SearchQuery;
  area: Area;
  asOf: number;
  /** Sets of terms, any of which a row has all of; none: no filter. */
  terms: string[][];
  want: number;
}

/**
 * `$1 log, $2 created from, $3 created to, $4 occurred from, $5 occurred to, $6 head`, then the kind, then the place after
 * which to go on. The place is one row comparison, so that the index on (log_id, occurred_at desc, seq desc) seeks to it.
 */
function base(scan: Scan): { where: string; values: unknown[] } {
  const { log, query, area, asOf } = scan;
  const times = [area.createdFrom, area.createdTo, query.fromMicros, query.toMicros].map(formatMicros);
  const values: unknown[] = [log.id, ...times, asOf];
  let where = `log_id = $1 and created_at >= $2::timestamptz and created_at < $3::timestamptz
    and occurred_at >= $4::timestamptz and occurred_at < $5::timestamptz and seq < $6`;
  if (query.kind) where += ` and kind = $${values.push(query.kind)}`;
  const place = query.cursor;
  if (place) {
    // In the order (occurred_at desc, log_id, seq desc) rows of a later log at the same instant are still to come.
    const seq = place.logId === log.id ? place.seq : place.logId < log.id ? Number.MAX_SAFE_INTEGER : 0;
    values.push(formatMicros(place.occurredAtMicros), seq);
    where += ` and (occurred_at, seq) < ($${values.length - 1}::timestamptz, $${values.length}::bigint)`;
  }
  return { where, values };
}

/** The length of the documents, which PostgreSQL knows without unpacking them: a reader of many plans its memory by it. */
const KEY = "seq, created_at, occurred_at, octet_length(core) + coalesce(octet_length(detail), 0) as bytes";

/** The condition that a row has all terms of one of these sets; adds them to the statement's values. */
export function hasTerms(sets: readonly string[][], values: unknown[]): string {
  return `(${sets.map((set) => `terms @> $${values.push(set)}::bigint[]`).join(" or ")})`;
}

/** Newest first by time, testing each row's terms; ends after `budget` rows. Exported for tests that hold its plan. */
export function timeWalk(scan: Scan, budget: number): { text: string; values: unknown[] } {
  const { where, values } = base(scan);
  if (scan.terms.length === 0) {
    values.push(scan.want);
    return {
      text: `select ${PACKED_KEYS} as keys from (select ${KEY} from audit.event
        where ${where} order by occurred_at desc, seq desc limit $${values.length}) as found`,
      values,
    };
  }
  const matching = hasTerms(scan.terms, values);
  values.push(budget, scan.want);
  const n = values.length;
  // The last row of a walk that its budget ended comes back too, matching or not: it tells how far the walk came.
  return {
    text: `with walked as materialized (
        select ${KEY}, ${matching} as match from audit.event where ${where}
        order by occurred_at desc, seq desc limit $${n - 1})
      select (select ${PACKED_KEYS} from
          (select * from walked where match order by occurred_at desc, seq desc limit $${n}) as found) as keys,
        (select ${PACKED_KEYS} from
          (select * from walked where (select count(*) from walked) = $${n - 1} order by occurred_at, seq limit 1) as last) as end`,
    values,
  };
}

/** All matches by the term index, then the newest. MATERIALIZED, so that the planner cannot go back to the time walk. */
export function termLookup(scan: Scan): { text: string; values: unknown[] } {
  const { where, values } = base(scan);
  const matching = hasTerms(scan.terms, values);
  values.push(budgetsOf(scan.query).matchesMax + 1, scan.want);
  const n = values.length;
  return {
    text: `with found as materialized (
        select ${KEY} from audit.event where ${where} and ${matching} limit $${n - 1})
      select (select count(*) from found) as total,
        (select ${PACKED_KEYS} from (select * from found order by occurred_at desc, seq desc limit $${n}) as newest) as keys`,
    values,
  };
}

const QUERY_CANCELED = "57014";

interface Found {
  keys: Buffer | null;
  end?: Buffer | null;
  total?: number;
}

async function ask(client: pg.PoolClient, query: { text: string; values: unknown[] }): Promise<Found> {
  return (await client.query<Found>(query)).rows[0] ?? { keys: null };
}

/** Runs one statement with a time limit and settings of its own; undefined where it did not finish in time. */
async function within(
  client: pg.PoolClient,
  timeoutMs: number,
  statement: { query: { text: string; values: unknown[] }; bitmapsOnly?: boolean },
): Promise<Found | undefined> {
  const scans = statement.bitmapsOnly ? "off" : "on";
  await client.query("begin read only");
  try {
    await client.query(
      `select set_config('statement_timeout', $1, true), set_config('enable_indexscan', $2, true), set_config('enable_seqscan', $2, true)`,
      [String(Math.max(1, Math.ceil(timeoutMs))), scans],
    );
    return await ask(client, statement.query);
  } catch (error) {
    if ((error as { code?: string }).code === QUERY_CANCELED) return undefined;
    throw error;
  } finally {
    await client.query("rollback");
  }
}

/** Undefined where it did not finish in time or found too many. */
async function tryTerms(client: pg.PoolClient, scan: Scan, timeoutMs: number): Promise<KeyList | undefined> {
  // Without index and sequential scans the planner has the term index (and the time index as a bitmap) to choose from.
  const found = await within(client, timeoutMs, { query: termLookup(scan), bitmapsOnly: true });
  if (!found || (found.total ?? 0) > budgetsOf(scan.query).matchesMax) return undefined;
  return KeyList.unpack(scan.log.id, found.keys);
}

interface AreaAnswer {
  keys: KeyList;
  /** Set where the budget ended before the area did. */
  searchedTo?: Place;
}

interface Walk {
  keys: KeyList;
  /** The last row of a walk that its budget ended. */
  end?: Place;
}

/** One walk, or undefined where it did not finish in time. The first, short one needs no clock. */
async function walkTime(
  client: pg.PoolClient,
  scan: Scan,
  budget: number,
  timeoutMs?: number,
): Promise<Walk | undefined> {
  const query = timeWalk(scan, budget);
  const found = timeoutMs === undefined ? await ask(client, query) : await within(client, timeoutMs, { query });
  if (!found) return undefined;
  const end = KeyList.unpack(scan.log.id, found.end ?? null);
  return { keys: KeyList.unpack(scan.log.id, found.keys), ...(end.length > 0 && { end: end.place(0) }) };
}

interface Effort {
  /** `performance.now()` after which only what is under way is finished. */
  deadline: number;
  /** The term index answered an earlier partition, so it is asked first in the next. */
  termsFirst: boolean;
}

async function askTerms(
  client: pg.PoolClient,
  scan: Scan,
  effort: Effort,
  timeoutMs: number,
): Promise<KeyList | undefined> {
  const found = timeoutMs > 0 ? await tryTerms(client, scan, Math.ceil(timeoutMs)) : undefined;
  effort.termsFirst = found !== undefined;
  return found;
}

/**
 * One partition. A common value fills the page in a short time walk; a rare one, or a pair that never meets, is answered by
 * the term index; neither is known in advance, so they take turns with growing budgets and the first to finish wins.
 */
async function searchArea(client: pg.PoolClient, scan: Scan, effort: Effort): Promise<AreaAnswer> {
  const { walkFirst, walkMax, termsFirstMs } = budgetsOf(scan.query);
  const left = () => effort.deadline - performance.now();
  const early = effort.termsFirst ? await askTerms(client, scan, effort, Math.min(termsFirstMs, left())) : undefined;
  if (early) return { keys: early };
  let walk: Walk = (await walkTime(client, scan, walkFirst)) ?? { keys: KeyList.EMPTY };
  const settled = () => walk.keys.length >= scan.want || !walk.end;
  for (let times = 1; !settled() && walkFirst * times < walkMax; times *= 4) {
    const found = await askTerms(client, scan, effort, Math.min(termsFirstMs * times, left()));
    if (found) return { keys: found };
    const longer = left() > 0 ? await walkTime(client, scan, walkFirst * times * 4, left()) : undefined;
    // Out of time: what the walk before this one met is the answer so far.
    if (!longer) break;
    walk = longer;
  }
  return settled() || !walk.end ? { keys: walk.keys } : { keys: walk.keys, searchedTo: walk.end };
}

/**
 * The first `want` keys of one log's window after the cursor, partition by partition, newest first. A late row may lie in
 * any partition, so keys count as settled only where no partition still to come can have a newer one.
 */
export async function searchKeys(log: Log, query: SearchQuery, asOf: number, want: number): Promise<KeyAnswer> {
  if (query.fromMicros >= query.toMicros) return { keys: KeyList.EMPTY };
  const terms = filterTerms(log.id, query.filter);
  const areas = await areasOf(log, query);
  const effort: Effort = { deadline: performance.now() + budgetsOf(query).deadlineMs, termsFirst: false };
  let found = KeyList.EMPTY;
  let searchedTo: Place | undefined;
  const client = await searchPool().connect();
  try {
    for (const [index, area] of areas.entries()) {
      const answer = await searchArea(client, { log, query, area, asOf, terms, want }, effort);
      searchedTo = firstPlace([searchedTo, answer.searchedTo]);
      found = found.merge(answer.keys);
      const floor = searchedTo;
      if (floor)
        found = found.slice(
          0,
          found.countWhile((at) => comparePlaces(found.place(at), floor) <= 0),
        );
      const border = areas[index + 1]?.occurredBefore ?? Number.MIN_SAFE_INTEGER;
      // Of the keys that no partition still to come can have newer ones than.
      if (found.countWhile((at) => found.occurredMicros(at) >= border) >= want) return { keys: found.slice(0, want) };
      if (floor && border <= floor.occurredAtMicros) break;
    }
  } finally {
    client.release();
  }
  return { keys: found.slice(0, want), ...(searchedTo && { searchedTo }) };
}

/** The first `limit + 1` rows of one log's window after the cursor. */
export async function searchLog(log: Log, query: SearchQuery, asOf: number): Promise<LogAnswer> {
  const { keys, ...answer } = await searchKeys(log, query, asOf, query.limit + 1);
  return { rows: await readRows(log, [...keys]), ...answer };
}
