import pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import { makeEvent, seededRandom } from "./events";
import { type Client, drive, makeClient } from "./load";
import { type Figure, figure, percentile } from "./report";
import { makeWorld, type World } from "./world";

interface Page {
  events: { seq: number }[];
  next_cursor: string;
  has_more: boolean;
}

const POLL_EVERY_MS = 20;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function poll(client: Client, after: string | undefined, limit: number): Promise<Page> {
  const { status, text } = await client.get(
    `/v1/events?limit=${limit}${after ? `&after=${encodeURIComponent(after)}` : ""}`,
  );
  if (status !== 200) throw new Error(`${status} ${text}`);
  return JSON.parse(text) as Page;
}

/** From the acknowledgement of a row to the moment when a poller that asks every 20 ms has it in hand. */
async function visibility(world: World): Promise<Figure> {
  const client = makeClient(world.url, world.key, 12);
  const acked = new Map<number, number>();
  const seen = new Map<number, number>();
  const empty: number[] = [];
  let writing = true;
  const poller = (async () => {
    let after: string | undefined;
    for (;;) {
      const began = performance.now();
      const page = await poll(client, after, 1000);
      const now = performance.now();
      if (page.events.length === 0) empty.push(now - began);
      for (const { seq } of page.events) seen.set(seq, now);
      after = page.next_cursor;
      if (!writing && !page.has_more) return;
      if (!page.has_more) await pause(POLL_EVERY_MS);
    }
  })();
  const random = seededRandom(7);
  // Open loop, about 400 events a second: a poller beside a saturated server would measure the queue.
  await drive(8, 15, async () => {
    const { status, text } = await client.post("/v1/events", Buffer.from(JSON.stringify(makeEvent(random))));
    if (status !== 201) throw new Error(`${status} ${text}`);
    acked.set((JSON.parse(text) as { receipts: { seq: number }[] }).receipts[0]?.seq ?? -1, performance.now());
    await pause(15);
  });
  writing = false;
  await poller;
  client.close();
  const delays = [...acked].map(([seq, at]) => Math.max(0, (seen.get(seq) ?? Number.POSITIVE_INFINITY) - at));
  return figure({
    name: "acknowledged → visible to a poller, p99",
    value: percentile(delays, 99),
    unit: "ms",
    limit: `a poll that finds nothing, p99, and its pause of ${POLL_EVERY_MS} ms`,
    limit_value: percentile(empty, 99) + POLL_EVERY_MS,
    goal: "≤ 100 ms",
    better: "lower",
  });
}

/** Reading a whole log through the API, 1,000 rows a page, beside COPY of the same columns through the driver. */
async function reading(world: World, rows: number): Promise<Figure> {
  const client = makeClient(world.url, world.key, 4);
  const random = seededRandom(8);
  for (let at = 0; at < rows; at += 500) {
    const batch = Array.from({ length: 500 }, () => makeEvent(random));
    const { status, text } = await client.post("/v1/events", Buffer.from(JSON.stringify(batch)));
    if (status !== 201) throw new Error(`${status} ${text}`);
  }
  const readAll = async () => {
    let count = 0;
    let after: string | undefined;
    const began = performance.now();
    for (let more = true; more; ) {
      const page = await poll(client, after, 1000);
      count += page.events.length;
      after = page.next_cursor;
      more = page.has_more;
    }
    return count / ((performance.now() - began) / 1000);
  };
  const copyAll = async () => {
    const direct = new pg.Client({ connectionString: world.databaseUrl });
    await direct.connect();
    const began = performance.now();
    const stream = direct.query(
      copyTo(
        `copy (select seq, created_at, core, detail from audit.event where log_id = ${world.logId} order by seq) to stdout`,
      ),
    );
    let lines = 0;
    for await (const chunk of stream) for (const byte of chunk as Buffer) if (byte === 10) lines += 1;
    await direct.end();
    return lines / ((performance.now() - began) / 1000);
  };
  await readAll();
  const ours: number[] = [];
  const copy: number[] = [];
  for (let turn = 0; turn < 3; turn += 1) {
    copy.push(await copyAll());
    ours.push(await readAll());
  }
  client.close();
  return figure({
    name: "tail, 1,000 rows a page",
    value: percentile(ours, 50),
    unit: "rows/s",
    limit: "COPY of the same documents through the driver",
    limit_value: percentile(copy, 50),
    goal: "—",
    better: "higher",
  });
}

export async function benchTail(rows: number): Promise<Figure[]> {
  const world = await makeWorld();
  try {
    return [await visibility(world), await reading(world, rows)];
  } finally {
    await world.stop();
  }
}
