import { randomInt } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { trimHeads } from "@/lib/jobs/trim-heads";
import { formatMicros, parseMicros } from "@/lib/log-kinds/time";
import { ask, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { ageLog, coverPast, openPast, type Past, type PastRow } from "@/lib/testing/past";
import { listen } from "@/lib/testing/statements";

const ROWS = 3_000;
const LIMITS = [100, 999, 1_000];
const MINUTE = 60_000_000;
const DAY = 86_400_000_000;

let api: TestApi;
let past: Past;
beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
  past = await openPast();
});
afterAll(() => Promise.all([api.close(), past.close()]));

interface Page {
  events: { id: string; seq: number; created_at: string }[];
  next_cursor: string;
  has_more: boolean;
}

/** Pages until one is empty; `next` makes the parameter of the next request of a page. */
async function readAll(tenant: Tenant, limit: number, first: string, next: (page: Page) => string): Promise<number[]> {
  const seqs: number[] = [];
  for (let where = first; ; ) {
    const { status, body } = await ask(api, tenant.key, `/v1/events?limit=${limit}${where}`);
    expect(status, JSON.stringify(body)).toBe(200);
    const page: Page = body;
    seqs.push(...page.events.map((row) => row.seq));
    if (page.events.length === 0) return seqs;
    where = next(page);
  }
}

const byText = (page: Page) => `&created_after=${page.events.at(-1)?.created_at}`;
const byMicros = (page: Page) => `&created_after=${parseMicros(page.events.at(-1)?.created_at ?? "")}`;
const byCursor = (page: Page) => `&after=${page.next_cursor}`;
const upTo = (count: number) => Array.from({ length: count }, (_, seq) => seq);

describe("3,000 consecutive rows", () => {
  let tenant: Tenant;
  beforeAll(async () => {
    tenant = await makeTenant("Consecutive");
    for (let left = ROWS; left > 0; ) {
      const size = Math.min(left, randomInt(1, 1_001));
      const events = Array.from({ length: size }, () => ({ kind: "call", outcome: "success" }));
      expect((await ask(api, tenant.key, "/v1/events", { body: events })).status).toBe(201);
      left -= size;
    }
  });

  test.each(LIMITS)("by created_after, %i a page: each once, in order", async (limit) => {
    expect(await readAll(tenant, limit, "&created_after=0", byText)).toEqual(upTo(ROWS));
    expect(await readAll(tenant, limit, "&created_after=1970-01-01T00:00:00Z", byMicros)).toEqual(upTo(ROWS));
  });

  test.each(LIMITS)("by cursor, %i a page: each once, in order", async (limit) => {
    expect(await readAll(tenant, limit, "", byCursor)).toEqual(upTo(ROWS));
  });

  test("a filter leaves out rows and loses none", async () => {
    const odd = await makeTenant("Odd");
    const events = upTo(ROWS).map((n) => ({
      kind: "call",
      outcome: "success",
      tool: n % 7 === 0 ? "seventh" : "other",
    }));
    for (let at = 0; at < ROWS; at += 1_000)
      await ask(api, odd.key, "/v1/events", { body: events.slice(at, at + 1_000) });
    const expected = upTo(ROWS).filter((n) => n % 7 === 0);
    for (const limit of [10, ...LIMITS]) {
      expect(await readAll(odd, limit, "&tool=seventh", (page) => `&tool=SEVENTH${byCursor(page)}`)).toEqual(expected);
      expect(
        await readAll(odd, limit, "&kind=call&created_after=0&tool=seventh", (page) => `&tool=seventh${byText(page)}`),
      ).toEqual(expected);
    }
  });
});

describe("a log of two days over midnight, with idle stretches, whose heads were trimmed", () => {
  let tenant: Tenant;
  let rows: PastRow[];

  beforeAll(async () => {
    tenant = await makeTenant("Trimmed");
    const noon = Math.floor((Date.now() * 1000) / DAY) * DAY - 20 * DAY;
    await coverPast(past.client, noon - DAY, 22, 1);
    const log = await ageLog(past.client, tenant.appId, noon - DAY);
    rows = [];
    // Batches a few a minute around midnight, then rarely, then a burst in one second.
    const times = [
      ...upTo(120).map((n) => noon - 10 * MINUTE + n * 10_000_000 + randomInt(9_000_000)),
      ...upTo(20).map((n) => noon + DAY + n * 1_500 * MINUTE),
      ...upTo(30).map((n) => noon + 19 * DAY + n * 30_000),
    ];
    for (const now of times.sort((a, b) => a - b)) {
      const events = Array.from({ length: randomInt(1, 20) }, () => ({ kind: "call", outcome: "success" }));
      rows.push(...(await past.appendAt(now, log, events)));
    }
    const heads = async () =>
      (await past.client.query("select from audit.log_head where log_id = $1", [log.id])).rowCount;
    const before = (await heads()) ?? 0;
    expect(await trimHeads()).toBeGreaterThan(80);
    expect(await heads()).toBeLessThan(before - 80);
  });

  test.each([1, 7, ...LIMITS])("is read whole, %i a page", async (limit) => {
    // One row a page would be a thousand requests: the sparse and the bursting part are enough.
    const first = limit === 1 ? rows.length - 300 : 0;
    const after = first === 0 ? "&created_after=0" : `&created_after=${rows[first - 1]?.createdAtMicros}`;
    const expected = upTo(rows.length).slice(first);
    expect(await readAll(tenant, limit, after, byText)).toEqual(expected);
    expect(await readAll(tenant, limit, after, byCursor)).toEqual(expected);
  });

  test("finding a time in a year of heads reads a few of them", async () => {
    const other = await makeTenant("Many heads");
    const log = await ageLog(past.client, other.appId, Date.now() * 1000 - 500 * DAY);
    await past.client.query(
      "insert into audit.log_head select $1, n, now() - interval '400 days' + n * interval '1 minute' from generate_series(1, 200000) n",
      [log.id],
    );
    await past.client.query("analyze audit.log_head");
    const at = formatMicros(Date.now() * 1000 - 390 * DAY);
    const heard = await listen(() => ask(api, other.key, `/v1/events?created_after=${at}`));
    const onHeads = heard.filter(({ text }) => text.includes("audit.log_head"));
    expect(onHeads.length).toBeGreaterThan(1);
    for (const { text, values } of onHeads) {
      const { rows: plan } = await past.client.query(
        `explain (analyze, buffers, timing off, format json) ${text}`,
        values,
      );
      const [{ Plan: top }] = plan[0]["QUERY PLAN"];
      expect(top["Shared Hit Blocks"] + top["Shared Read Blocks"], text).toBeLessThan(40);
    }
  });

  test("a batch never straddles midnight, so that it lies in one partition and one day's counts", async () => {
    const other = await makeTenant("Midnight");
    const midnight = Math.floor((Date.now() * 1000) / DAY) * DAY - 18 * DAY;
    const log = await ageLog(past.client, other.appId, midnight - DAY);
    const events = upTo(50).map(() => ({ kind: "call", outcome: "success" }));
    const late = await past.appendAt(midnight - 20, log, events);
    expect(late.map((row) => row.createdAtMicros)).toEqual(upTo(50).map((n) => midnight + n));
    const early = await past.appendAt(midnight - DAY, log, events);
    expect(early.map((row) => row.createdAtMicros)).toEqual(upTo(50).map((n) => midnight + 50 + n));
    const { rows: days } = await past.client.query(
      "select distinct created_day::text from audit.event_span where log_id = $1",
      [log.id],
    );
    expect(days).toEqual([{ created_day: formatMicros(midnight).slice(0, 10) }]);
  });

  test("created_after at, just before, just after and between any rows gives the row that is next", async () => {
    for (const [index, row] of rows.entries()) {
      if (index % 9 !== 0) continue;
      const next = rows[index + 1];
      const gap = (next?.createdAtMicros ?? row.createdAtMicros) - row.createdAtMicros;
      for (const [at, expected] of [
        [row.createdAtMicros - 1, row.seq],
        [row.createdAtMicros, next?.seq],
        [row.createdAtMicros + Math.floor(gap / 2), next?.seq],
      ] as const) {
        const { body } = await ask(api, tenant.key, `/v1/events?limit=1&created_after=${formatMicros(at)}`);
        expect(body.events[0]?.seq, `${formatMicros(at)} at ${row.seq}`).toBe(expected);
      }
    }
  });
});
