import pg from "pg";
import { fold } from "@/lib/log-kinds/fold";
import { formatMicros } from "@/lib/log-kinds/time";
import { term } from "@/lib/terms/terms";
import { fill, PAIR, WEEK } from "./fill";
import { makeClient } from "./load";
import { type Figure, figure, percentile } from "./report";
import { makeWorld, type World } from "./world";

interface Page {
  events: { id: string }[];
  next_cursor: string | null;
  partial?: true;
}

const RUNS = 60;

export async function benchSearch(rows: number): Promise<Figure[]> {
  const world = await makeWorld();
  try {
    const until = Date.now() * 1000;
    await fill({ databaseUrl: world.databaseUrl, logId: world.logId, appId: world.appId, rows, until });
    return await measureSearch(world, rows, until);
  } finally {
    await world.stop();
  }
}

/** @param until end of the week that is filled with `rows` rows, µs */
export async function measureSearch(world: Omit<World, "stop">, rows: number, until: number): Promise<Figure[]> {
  const client = makeClient(world.url, world.key, 2);
  const direct = new pg.Client({ connectionString: world.databaseUrl });
  await direct.connect();
  try {
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
        value: percentile(pages.deep, 50),
        unit: "ms",
        limit: "page 1, median of ten readings",
        limit_value: percentile(pages.first, 50),
        goal: "≤ 1.5",
        better: "lower",
      }),
    ];
  } finally {
    client.close();
    await direct.end();
  }
}

/**
 * Page 1 and pages 991 to 1,000, ten readings of each in turns. Every page was read once before, so both are as warm: a
 * deep page that nobody has read also costs what reading its rows from disk costs, and so would any other page.
 */
async function walk(
  search: (query: string) => Promise<{ ms: number; page: Page }>,
): Promise<{ first: number[]; deep: number[] }> {
  const cursors = [""];
  for (let page = 1; page < 1000; page += 1) {
    const { next_cursor } = (await search(cursors.at(-1) ?? "")).page;
    if (!next_cursor) throw new Error(`the rows ended at page ${page}`);
    cursors.push(`&cursor=${encodeURIComponent(next_cursor)}`);
  }
  const first: number[] = [];
  const deep: number[] = [];
  await search(cursors.at(-1) ?? "");
  for (const cursor of cursors.slice(-10)) {
    first.push((await search("")).ms);
    deep.push((await search(cursor)).ms);
  }
  return { first, deep };
}
