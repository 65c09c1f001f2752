import "server-only";
import type pg from "pg";
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

function spansOf(rows: readonly Row[]): { kinds: string[]; days: number[] } {
  const spans = new Map<string, [string, number]>();
  for (const { event } of rows) {
    const day = Math.floor(event.occurredAtMicros / DAY_MICROS);
    spans.set(`${event.kind.id}|${day}`, [event.kind.id, day]);
  }
  return { kinds: [...spans.values()].map(([kind]) => kind), days: [...spans.values()].map(([, day]) => day) };
}

function parameters(logId: number, requests: readonly AppendRequest[]): unknown[] {
  const rows = requests.flatMap((request) => request.rows);
  const events = rows.map((row) => row.event);
  const keyed = requests.flatMap((request, ordinal) =>
    request.idempotencyKey ? [{ ordinal, ...request.idempotencyKey }] : [],
  );
  const deltas = deltasOf(rows);
  const spans = spansOf(rows);
  let at = 0;
  const termStart = rows.map((row) => {
    const start = at;
    at += row.terms.length / 2;
    return start;
  });
  return [
    logId,
    array.int4Array(requests.flatMap((request, ordinal) => request.rows.map(() => ordinal))),
    array.uuidArray(events.map((event) => event.id)),
    array.boolArray(events.map((event) => event.ownId)),
    array.byteaArray(events.map((event) => event.bodyHmac)),
    array.textArray(events.map((event) => event.kind.id)),
    array.timestamptzArray(events.map((event) => event.occurredAtMicros)),
    array.textArray(rows.map((row) => row.core)),
    array.textArray(rows.map((row) => row.detail)),
    array.byteaArray(rows.map((row) => row.saltCore)),
    array.byteaArray(rows.map((row) => row.saltDetail)),
    array.byteaArray(rows.map((row) => row.commitment)),
    array.int8Array(rows.map((row) => row.terms)),
    array.int4Array(termStart),
    array.int4Array(rows.map((row) => row.terms.length / 2)),
    array.textArray(deltas.kind),
    array.textArray(deltas.field),
    array.textArray(deltas.val),
    array.int4Array(deltas.minute),
    array.int4Array(deltas.n),
    array.int4Array(deltas.event),
    array.int4Array(deltas.start),
    array.int4Array(deltas.count),
    array.textArray(spans.kinds),
    array.dateArray(spans.days),
    array.int4Array(keyed.map((one) => one.ordinal)),
    array.textArray(keyed.map((one) => one.key)),
    array.byteaArray(keyed.map((one) => one.hmac)),
  ];
}

const APPEND = `select * from audit.append_events(${Array.from({ length: 28 }, (_, index) => `$${index + 1}`).join(", ")})`;

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

/** SQLSTATE of "no partition of relation found for row". */
const NO_PARTITION = "23514";

/**
 * Appends one batch to one log and returns, after COMMIT, a result per event of each request, in order.
 * One statement in autocommit: no client round trip ever holds the log's lock.
 */
export async function append(
  logId: number,
  requests: readonly AppendRequest[],
  pool: Queryable = ingestPool(),
): Promise<EventResult[][]> {
  const query = { name: "append", text: APPEND, values: parameters(logId, requests) };
  const answer = await pool.query<Answer>(query).catch(async (error: { code?: string }) => {
    // The worker makes partitions two weeks ahead; where it did not run for so long, the append makes its own.
    if (error.code !== NO_PARTITION) throw error;
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
