import "server-only";
import type pg from "pg";
import { isPartitionMissing } from "@/lib/db/errors";
import { ingestPool } from "@/lib/db/pools";
import * as array from "./binary-arrays";
import type { Row } from "./row";

/** What one request brings to a batch. */
export interface AppendRequest {
  rows: Row[];
  idempotencyKey?: { key: string; hmac: Buffer };
}

export type EventStatus = "created" | "duplicate" | "conflict" | "refused" | "key_conflict" | "replayed";
export interface EventResult {
  seq: number;
  createdAtMicros: number;
  status: EventStatus;
  /** Of a replayed request: the id that was answered the first time. */
  id?: string;
}

const MINUTE_MICROS = 60_000_000;
const DAY_MICROS = 86_400_000_000;

/** Counts of a batch, each distinct (kind, field, value, minute) once, and which of them every event is in. */
function deltasOf(rows: readonly Row[]) {
  const places = new Map<string, number>();
  const deltas = {
    kind: [] as string[],
    field: [] as string[],
    val: [] as string[],
    minute: [] as number[],
    n: [] as number[],
  };
  const event: number[] = [];
  const start: number[] = [];
  const count: number[] = [];
  for (const row of rows) {
    const minute = Math.floor(row.event.occurredAtMicros / MINUTE_MICROS);
    start.push(event.length);
    count.push(row.counts.length);
    for (const [field, val] of row.counts) {
      const key = `${row.event.kind.id}\n${field}\n${minute}\n${val}`;
      let place = places.get(key);
      if (place === undefined) {
        place = deltas.n.push(0);
        places.set(key, place);
        deltas.kind.push(row.event.kind.id);
        deltas.field.push(field);
        deltas.val.push(val);
        deltas.minute.push(minute);
      }
      deltas.n[place - 1] = (deltas.n[place - 1] ?? 0) + 1;
      event.push(place);
    }
  }
  return { ...deltas, event, start, count };
}

/** Where each slice of so many begins when they stand one after the other, 0-based. */
function startsOf(counts: readonly number[]): number[] {
  let at = 0;
  return counts.map((count) => {
    const start = at;
    at += count;
    return start;
  });
}

function spansOf(rows: readonly Row[]): { kinds: string[]; days: number[] } {
  const spans = new Map<string, [string, number]>();
  for (const { event } of rows) {
    const day = Math.floor(event.occurredAtMicros / DAY_MICROS);
    spans.set(`${event.kind.id}|${day}`, [event.kind.id, day]);
  }
  return { kinds: [...spans.values()].map(([kind]) => kind), days: [...spans.values()].map(([, day]) => day) };
}

/**
 * The arguments of `audit.append_events` by name. They are passed by name, because most are arrays of the same few types:
 * by position, two that changed places would be stored without an error.
 */
function argumentsOf(logId: number, requests: readonly AppendRequest[]) {
  const rows = requests.flatMap((request) => request.rows);
  const events = rows.map((row) => row.event);
  const starts = startsOf(requests.map((request) => request.rows.length));
  const keyed = requests.flatMap(({ rows, idempotencyKey }, ordinal) =>
    idempotencyKey ? [{ start: starts[ordinal] ?? 0, count: rows.length, ...idempotencyKey }] : [],
  );
  const deltas = deltasOf(rows);
  const spans = spansOf(rows);
  const termCounts = rows.map((row) => row.terms.length / 2);
  return {
    p_log: logId,
    p_request: array.int4Array(requests.flatMap((request, ordinal) => request.rows.map(() => ordinal))),
    p_id: array.uuidArray(events.map((event) => event.id)),
    p_own_id: array.boolArray(events.map((event) => event.ownId)),
    p_hmac: array.byteaArray(events.map((event) => event.bodyHmac)),
    p_kind: array.textArray(events.map((event) => event.kind.id)),
    p_occurred: array.timestamptzArray(events.map((event) => event.occurredAtMicros)),
    p_core: array.textArray(rows.map((row) => row.core)),
    p_detail: array.textArray(rows.map((row) => row.detail)),
    p_salt_core: array.byteaArray(rows.map((row) => row.saltCore)),
    p_salt_detail: array.byteaArray(rows.map((row) => row.saltDetail)),
    p_commit: array.byteaArray(rows.map((row) => row.commitment)),
    p_terms: array.int8Array(rows.map((row) => row.terms)),
    p_term_start: array.int4Array(startsOf(termCounts)),
    p_term_count: array.int4Array(termCounts),
    p_delta_kind: array.textArray(deltas.kind),
    p_delta_field: array.textArray(deltas.field),
    p_delta_val: array.textArray(deltas.val),
    p_delta_minute: array.int4Array(deltas.minute),
    p_delta_n: array.int4Array(deltas.n),
    p_event_delta: array.int4Array(deltas.event),
    p_event_delta_start: array.int4Array(deltas.start),
    p_event_delta_count: array.int4Array(deltas.count),
    p_span_kind: array.textArray(spans.kinds),
    p_span_day: array.dateArray(spans.days),
    p_key_start: array.int4Array(keyed.map((one) => one.start)),
    p_key_count: array.int4Array(keyed.map((one) => one.count)),
    p_key: array.textArray(keyed.map((one) => one.key)),
    p_key_hmac: array.byteaArray(keyed.map((one) => one.hmac)),
  };
}

/** The same text for every batch, so that it is prepared once a connection: the literal above fixes the order. */
function statementOf(args: ReturnType<typeof argumentsOf>): { name: string; text: string; values: unknown[] } {
  const named = Object.keys(args).map((name, index) => `${name} => $${index + 1}`);
  return {
    name: "append",
    text: `select * from audit.append_events(${named.join(", ")})`,
    values: Object.values(args),
  };
}

interface Answer {
  first_seq: number;
  first_us: number;
  skip_ord: number[] | null;
  skip_status: EventStatus[] | null;
  skip_seq: (string | null)[] | null;
  skip_us: (string | null)[] | null;
  skip_id: (string | null)[] | null;
}

function results(count: number, answer: Answer): EventResult[] {
  const skipped = new Map((answer.skip_ord ?? []).map((ordinal, index) => [ordinal, index]));
  let stored = 0;
  return Array.from({ length: count }, (_, index) => {
    const skip = skipped.get(index + 1);
    if (skip === undefined) {
      const result = {
        seq: answer.first_seq + stored,
        createdAtMicros: answer.first_us + stored,
        status: "created" as const,
      };
      stored += 1;
      return result;
    }
    const id = answer.skip_id?.[skip];
    return {
      seq: Number(answer.skip_seq?.[skip] ?? -1),
      createdAtMicros: Number(answer.skip_us?.[skip] ?? 0),
      status: answer.skip_status?.[skip] ?? "refused",
      ...(id ? { id } : {}),
    };
  });
}

/** A pool, or a client in a transaction of its own. */
export type Queryable = Pick<pg.ClientBase, "query"> | pg.Pool;

/**
 * Appends one batch to one log and returns, after COMMIT, a result per event of each request, in order.
 * One statement in autocommit: no client round trip ever holds the log's lock.
 */
export async function append(
  logId: number,
  requests: readonly AppendRequest[],
  pool: Queryable = ingestPool(),
): Promise<EventResult[][]> {
  const query = statementOf(argumentsOf(logId, requests));
  const answer = await pool.query<Answer>(query).catch(async (error: unknown) => {
    // The worker makes partitions two weeks ahead; where it did not run for so long, the append makes its own.
    if (!isPartitionMissing(error)) throw error;
    await pool.query("select audit.ensure_partitions(7, 14)");
    return pool.query<Answer>(query);
  });
  const flat = results(
    requests.reduce((sum, request) => sum + request.rows.length, 0),
    answer.rows[0] as Answer,
  );
  let at = 0;
  return requests.map((request) => {
    const mine = flat.slice(at, at + request.rows.length);
    at += request.rows.length;
    return mine;
  });
}
