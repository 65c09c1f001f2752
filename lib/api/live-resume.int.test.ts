import { randomInt, randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { type OpenStream, openStream } from "@/lib/testing/event-stream";

const DROPS = 100;
const WRITERS = 3;
const BATCH_MAX = 20;
/** Of the bytes that come the client takes so many at most before it goes away: often a part of an event, sometimes none. */
const TAKEN_BYTES_MAX = 20_000;
const TOOLS = ["a", "b", "c"];

let api: TestApi;
beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
});
afterAll(() => api.close());

interface Written {
  id: string;
  seq: number;
  tool: string;
}

/** Writes until it is told to stop. */
async function writer({ key }: Tenant, written: Written[], isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const events = Array.from({ length: randomInt(1, BATCH_MAX + 1) }, () => {
      return { kind: "call", outcome: "success", id: randomUUID(), tool: TOOLS[randomInt(TOOLS.length)] ?? "a" };
    });
    const { status, body } = await ask(api, key, "/v1/events", { body: events });
    expect(status).toBe(201);
    for (const [index, { id, tool }] of events.entries()) written.push({ id, tool, seq: body.receipts[index].seq });
  }
}

interface Following {
  query: string;
  /** How often it is dropped. */
  drops?: number;
  /** Where a connection begins, from the one before. */
  resumed: (before: OpenStream | undefined) => string | undefined;
}

/** Follows a log over connections that are dropped at random places; returns the ids of the rows in the order they came. */
async function follow(
  { key }: Tenant,
  { query, resumed, drops = DROPS }: Following,
  afterDrops: () => Promise<void>,
): Promise<string[]> {
  const ids: string[] = [];
  let stream: OpenStream | undefined;
  const connect = async (cutAfter?: number) => {
    const lastEventId = resumed(stream);
    const seconds = cutAfter === undefined ? "seconds=0&" : "";
    stream = await openStream(`${api.url}/v1/events/live?${seconds}${query}`, {
      headers: { authorization: `Bearer ${key}` },
      ...(lastEventId !== undefined && { lastEventId }),
      ...(cutAfter !== undefined && { cutAfter }),
    });
    expect(stream.response.statusCode).toBe(200);
    const how = await stream.ended;
    ids.push(...stream.parser.events.map(({ data }) => JSON.parse(data).id as string));
    return how;
  };
  for (let count = 0; count < drops; count += 1) expect(await connect(randomInt(1, TAKEN_BYTES_MAX))).toBe("cut");
  await afterDrops();
  expect(await connect()).toBe("whole");
  return ids;
}

/** Writers and a follower, until it was dropped often enough. */
async function run(following: Following): Promise<{ ids: string[]; written: Written[] }> {
  const tenant = await makeTenant(randomUUID());
  const written: Written[] = [];
  let isOver = false;
  const writers = Promise.all(Array.from({ length: WRITERS }, () => writer(tenant, written, () => isOver)));
  const ids = await follow(tenant, following, async () => {
    isOver = true;
    await writers;
  });
  return { ids, written: written.sort((one, other) => one.seq - other.seq) };
}

const byLastEventId = (before: OpenStream | undefined) => before?.parser.lastEventId ?? "-1";

test("a stream that is dropped a hundred times while rows are written has every row once, in order", async () => {
  const { ids, written } = await run({ query: "", resumed: byLastEventId });
  expect(written.length).toBeGreaterThan(DROPS);
  expect(ids).toEqual(written.map(({ id }) => id));
});

test("so has one with a filter", async () => {
  const { ids, written } = await run({ query: "tool=a", resumed: byLastEventId });
  expect(ids).toEqual(written.filter(({ tool }) => tool === "a").map(({ id }) => id));
});

test("that check sees rows that are missing or come twice", async () => {
  const forgetting = await run({ query: "", drops: 10, resumed: () => undefined });
  expect(forgetting.ids).not.toEqual(forgetting.written.map(({ id }) => id));
  // Goes on from the last row but one.
  const repeating = await run({
    query: "",
    drops: 10,
    resumed: (before) => before?.parser.events.at(-2)?.lastEventId ?? byLastEventId(before),
  });
  expect(new Set(repeating.ids).size).toBeLessThan(repeating.ids.length);
});
