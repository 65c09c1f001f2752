import pg from "pg";
import { fold } from "@/lib/log-kinds/fold";
import { formatMicros } from "@/lib/log-kinds/time";
import { term } from "@/lib/terms/terms";
import { copyLine, copyLines, prepareRow } from "./copy-rows";
import { makeEvent, seededRandom } from "./events";
import { makeClient } from "./load";
import { type Figure, figure, percentile } from "./report";
import { makeWorld, type World } from "./world";

const DAY = 86_400_000_000;
const WEEK = 7 * DAY;
const CHUNK = 5_000;

/** Two common values that never meet in one row: each stands in about a tenth of all rows. */
const PAIR = { provider_id: "salesforce", tool: "get_object" };

function keepApart(event: Record<string, unknown>): Record<string, unknown> {
  return event.provider_id === PAIR.provider_id && event.tool === PAIR.tool
    ? { ...event, tool: "read_contact" }
    : event;
}

/** Rows spread evenly over the last seven days, written as COPY with heads, spans and counts as appends would leave them. */
async function fill(world: World, rows: number, until: number): Promise<void> {
  const client = new pg.Client({ connectionString: world.databaseUrl });
  await client.connect();
  for (let day = 0; day <= 8; day += 1) {
    await client.query("select audit.ensure_partition('event', $1::timestamptz, 7)", [formatMicros(until - day * DAY)]);
  }
  await client.query("update audit.log_head set created_at = $2::timestamptz where log_id = $1", [
    world.logId,
    formatMicros(until - WEEK - DAY),
  ]);
  const random = seededRandom(1234);
  const step = WEEK / rows;
  for (let at = 0; at < rows; at += CHUNK) {
    const prepared = Array.from({ length: Math.min(CHUNK, rows - at) }, (_, index) => {
      const micros = Math.floor(until - WEEK + (at + index) * step);
      const event = { ...keepApart(makeEvent(random)), occurred_at: formatMicros(micros - 40_000) };
      return { micros, row: prepareRow(event, world.logId, world.appId) };
    });
    await copyLines(
      client,
      prepared.map(({ micros, row }, index) => copyLine(world.logId, at + index, micros, row)),
    );
    await remember(client, world, at, prepared);
    if (at % 250_000 === 0 && at > 0) console.error(`${at.toLocaleString("en-US")} rows`);
  }
  for (;;) {
    const { rows: folded } = await client.query<{ taken: number }>("select audit.fold_counts(500) as taken");
    if ((folded[0]?.taken ?? 0) < 500) break;
  }
  await client.query("vacuum analyze audit.event");
  await client.end();
}

async function remember(
  client: pg.Client,
  world: World,
  at: number,
  prepared: { micros: number; row: ReturnType<typeof prepareRow> }[],
): Promise<void> {
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
  const last = prepared.at(-1)?.micros ?? 0;
  await client.query("insert into audit.log_head (log_id, next_seq, created_at) values ($1, $2, $3::timestamptz)", [
    world.logId,
    at + prepared.length,
    formatMicros(last),
  ]);
  for (const pair of days) {
    await client.query(
      "insert into audit.event_span (log_id, kind, occurred_day, created_day) values ($1, 'call', $2, $3) on conflict do nothing",
      [world.logId, ...pair.split("|")],
    );
  }
  await client.query(
    "insert into audit.count_delta (log_id, created_day, kinds, fields, vals, minutes, ns) values ($1, $2, $3, $4, $5, $6, $7)",
    [
      world.logId,
      formatMicros(last).slice(0, 10),
      parsed.map(() => "call"),
      parsed.map(([field]) => field),
      parsed.map(([, val]) => val),
      parsed.map(([, , minute]) => minute),
      parsed.map(([, , , n]) => n),
    ],
  );
}

interface Page {
  events: { id: string }[];
  next_cursor: string | null;
  partial?: true;
}

const RUNS = 60;

export async function benchSearch(rows: number): Promise<Figure[]> {
  const world = await makeWorld();
  const client = makeClient(world.url, world.key, 2);
  const direct = new pg.Client({ connectionString: world.databaseUrl });
  try {
    const until = Date.now() * 1000;
    await fill(world, rows, until);
    await direct.connect();
    const window = `kind=call&from=${formatMicros(until - WEEK)}&to=${formatMicros(until)}`;
    const search = async (query: string): Promise<{ ms: number; page: Page }> => {
      const began = performance.now();
      const { status, text } = await client.get(`/v1/events/search?${window}&limit=50${query}`);
      const ms = performance.now() - began;
      if (status !== 200) throw new Error(`${status} ${text}`);
      return { ms, page: JSON.parse(text) as Page };
    };
    const repeat = async (query: (turn: number) => string): Promise<number[]> => {
      for (let turn = 0; turn < 3; turn += 1) await search(query(-turn));
      const times: number[] = [];
      for (let turn = 1; turn <= RUNS; turn += 1) {
        const { ms, page } = await search(query(turn));
        if (page.events.length > 0 || page.partial)
          throw new Error("that search should have found nothing, and all of it");
        times.push(ms);
      }
      return times;
    };
    /** The bare look-up in the term index, without HTTP, authorization or anything else. */
    const bare = async (terms: (turn: number) => bigint[]): Promise<number[]> => {
      const times: number[] = [];
      for (let turn = 1; turn <= RUNS; turn += 1) {
        const began = performance.now();
        await direct.query(
          "select seq from audit.event where log_id = $1 and created_at >= $2::timestamptz and created_at < $3::timestamptz and terms @> $4::bigint[]",
          [world.logId, formatMicros(until - WEEK), formatMicros(until), terms(turn).map(String)],
        );
        times.push(performance.now() - began);
      }
      return times;
    };
    const nothing = await repeat((turn) => `&principal_user_id=nobody-${turn}`);
    const nothingBare = await bare((turn) => [term(world.logId, "principal_user_id", `nobody-${turn}`)]);
    const pair = await repeat(() => `&provider_id=${PAIR.provider_id}&tool=${PAIR.tool}`);
    const pairBare = await bare(() =>
      Object.entries(PAIR).map(([field, value]) => term(world.logId, field, fold(value))),
    );
    const pages = await walk(search);
    const name = `${rows.toLocaleString("en-US")} rows in 7 days`;
    return [
      figure({
        name: `${name}: a filter that matches nothing, p95`,
        value: percentile(nothing, 95),
        unit: "ms",
        limit: "the bare index look-up, p95",
        limit_value: percentile(nothingBare, 95),
        goal: "≤ 50 ms",
        better: "lower",
      }),
      figure({
        name: `${name}: two common values that never meet, p95`,
        value: percentile(pair, 95),
        unit: "ms",
        limit: "the bare index look-up, p95",
        limit_value: percentile(pairBare, 95),
        goal: "≤ 300 ms",
        better: "lower",
      }),
      figure({
        name: `${name}: page 1,000, median of ten pages`,
        value: percentile(pages.slice(990, 1000), 50),
        unit: "ms",
        limit: "page 1, median of ten readings",
        limit_value: percentile(pages.slice(1000), 50),
        goal: "≤ 1.5",
        better: "lower",
      }),
    ];
  } finally {
    client.close();
    await direct.end();
    await world.stop();
  }
}

/** Times of pages 1 to 1,000, then ten readings of page 1. */
async function walk(search: (query: string) => Promise<{ ms: number; page: Page }>): Promise<number[]> {
  const times: number[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < 1000; page += 1) {
    const answer: { ms: number; page: Page } = await search(cursor ? `&cursor=${encodeURIComponent(cursor)}` : "");
    times.push(answer.ms);
    cursor = answer.page.next_cursor;
    if (!cursor) throw new Error(`the rows ended at page ${page + 1}`);
  }
  for (let turn = 0; turn < 10; turn += 1) times.push((await search("")).ms);
  return times;
}
