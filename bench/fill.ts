import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import pg from "pg";
import { formatMicros } from "@/lib/log-kinds/time";
import { copyLine, copyLines, type PreparedRow, prepareRow } from "./copy-rows";
import { makeEvent, seededRandom } from "./events";

/** Fills one log with rows spread evenly over the last seven days, as appends would leave them: heads, spans, counts. */
const DAY = 86_400_000_000;
export const WEEK = 7 * DAY;
const CHUNK = 5_000;
const PROCESSES = 2;

/** Two common values that never meet in one row: each stands in about a tenth of all rows. */
export const PAIR = { provider_id: "salesforce", tool: "get_object" };

function keepApart(event: Record<string, unknown>): Record<string, unknown> {
  return event.provider_id === PAIR.provider_id && event.tool === PAIR.tool
    ? { ...event, tool: "read_contact" }
    : event;
}

/** What a filling process needs to know. */
interface Share {
  databaseUrl: string;
  logId: number;
  appId: string;
  rows: number;
  until: number;
  from: number;
  to: number;
}

interface Placed {
  micros: number;
  row: PreparedRow;
}

async function fillShare({ databaseUrl, logId, appId, rows, until, from, to }: Share): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const random = seededRandom(1234 + from);
  const step = WEEK / rows;
  for (let at = from; at < to; at += CHUNK) {
    const prepared = Array.from({ length: Math.min(CHUNK, to - at) }, (_, index): Placed => {
      const micros = Math.floor(until - WEEK + (at + index) * step);
      const event = { ...keepApart(makeEvent(random)), occurred_at: formatMicros(micros - 40_000) };
      return { micros, row: prepareRow(event, logId, appId) };
    });
    await copyLines(
      client,
      prepared.map(({ micros, row }, index) => copyLine(logId, at + index, micros, row)),
    );
    await remember(client, logId, at, prepared);
  }
  await client.end();
}

async function remember(client: pg.Client, logId: number, at: number, prepared: Placed[]): Promise<void> {
  const counts = new Map<string, number>();
  const days = new Set<string>();
  for (const { micros, row } of prepared) {
    const minute = Math.floor(row.occurredAtMicros / 60_000_000);
    for (const [field, val] of row.counts) {
      const key = JSON.stringify([field, val, minute]);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    days.add(`${formatMicros(row.occurredAtMicros).slice(0, 10)}|${formatMicros(micros).slice(0, 10)}`);
  }
  const parsed = [...counts].map(([key, n]) => [...(JSON.parse(key) as [string, string, number]), n] as const);
  const last = formatMicros(prepared.at(-1)?.micros ?? 0);
  await client.query("insert into audit.log_head (log_id, next_seq, created_at) values ($1, $2, $3::timestamptz)", [
    logId,
    at + prepared.length,
    last,
  ]);
  for (const pair of days) {
    await client.query(
      "insert into audit.event_span (log_id, kind, occurred_day, created_day) values ($1, 'call', $2, $3) on conflict do nothing",
      [logId, ...pair.split("|")],
    );
  }
  await client.query(
    "insert into audit.count_delta (log_id, created_day, kinds, fields, vals, minutes, ns) values ($1, $2, $3, $4, $5, $6, $7)",
    [
      logId,
      last.slice(0, 10),
      parsed.map(() => "call"),
      parsed.map(([field]) => field),
      parsed.map(([, val]) => val),
      parsed.map(([, , minute]) => minute),
      parsed.map(([, , , n]) => n),
    ],
  );
}

async function inProcess(share: Share): Promise<void> {
  const entry = path.join(import.meta.dirname, "fill.ts");
  const child = spawn(
    process.execPath,
    ["--conditions=react-server", "--import", "tsx", entry, JSON.stringify(share)],
    { stdio: "inherit" },
  );
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`a filling process ended with ${code}`);
}

/** The search indexes are made after the rows, in bulk: row by row five million would take an hour. */
export async function fill(target: Omit<Share, "from" | "to">): Promise<void> {
  const { databaseUrl, logId, rows, until } = target;
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  for (let day = 0; day <= 8; day += 1) {
    await client.query("select audit.ensure_partition('event', $1::timestamptz, 7)", [formatMicros(until - day * DAY)]);
  }
  await client.query("update audit.log_head set created_at = $2::timestamptz where log_id = $1", [
    logId,
    formatMicros(until - WEEK - DAY),
  ]);
  const { rows: indexes } = await client.query<{ name: string; definition: string }>(
    "select indexname as name, replace(indexdef, ' ON ONLY ', ' ON ') as definition from pg_indexes where schemaname = 'audit' and tablename = 'event' and indexname not like '%pkey'",
  );
  for (const { name } of indexes) await client.query(`drop index audit.${name}`);
  const part = Math.ceil(rows / PROCESSES / CHUNK) * CHUNK;
  await Promise.all(
    Array.from({ length: PROCESSES }, (_, index) =>
      inProcess({ ...target, from: index * part, to: Math.min(rows, (index + 1) * part) }),
    ),
  );
  await client.query("set maintenance_work_mem = '1GB'");
  for (const { definition } of indexes) await client.query(definition);
  for (let taken = 500; taken === 500; ) {
    const folded = await client.query<{ taken: number }>("select audit.fold_counts(500) as taken");
    taken = folded.rows[0]?.taken ?? 0;
  }
  await client.query("vacuum analyze audit.event");
  await client.end();
}

if (process.argv[1] === import.meta.filename) await fillShare(JSON.parse(process.argv[2] ?? "{}") as Share);
