import { randomUUID } from "node:crypto";
import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeKey, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { makeConsumer } from "../testing/built-sdk";
import { run } from "../testing/programs";
import { closedAddress } from "../testing/provider";
import { allRows } from "../testing/rows";
import { Affidavit, type CallEvent, findGaps, type TailPage } from "./index";

let api: TestApi;
let tenant: Tenant;
const clients: Affidavit[] = [];

beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
  tenant = await makeTenant("SDK");
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await api.close();
});

const call = (fields: Partial<CallEvent> = {}): CallEvent => ({ kind: "call", outcome: "success", ...fields });

/** A client with an empty log of its own. */
async function fresh(): Promise<Affidavit> {
  tenant = await makeTenant("SDK");
  return connect({ apiKey: tenant.key });
}

function connect(options: Partial<ConstructorParameters<typeof Affidavit>[0]>): Affidavit {
  const client = new Affidavit({ url: api.url, apiKey: tenant.key, timeoutMs: 5_000, ...options });
  clients.push(client);
  return client;
}

describe("record", () => {
  test("rows come out as they went in, with id, time and number", async () => {
    const client = await fresh();
    const receipts = await client.record([
      call({ provider_id: "crm", reason: "é😀\u2028", context: { ticket: "OPS-12" }, latency_ms: 184 }),
      call({ outcome: "network_error", occurred_at: new Date("2026-01-02T03:04:05.678Z") }),
    ]);
    expect(receipts).toMatchObject([
      { seq: 0, status: "created", created_at: expect.stringMatching(/\.\d{6}Z$/) },
      { seq: 1, status: "created" },
    ]);
    expect(await allRows(client)).toMatchObject([
      {
        id: receipts[0]?.id,
        provider_id: "crm",
        reason: "é😀\u2028",
        latency_ms: 184,
        context: { ticket: "OPS-12", emitter: { id: client.emitterId, seq: 0 } },
      },
      { occurred_at: "2026-01-02T03:04:05.678Z", context: { emitter: { seq: 1 } } },
    ]);
  });

  test("an id of the caller's own may be recorded again, also by another client; with another body it is refused", async () => {
    const client = await fresh();
    const own = call({ id: randomUUID().toUpperCase(), reason: "mine" });
    const [first] = await client.record(own);
    expect(await connect({}).record(own)).toEqual([{ ...first, status: "duplicate" }]);
    await expect(client.record({ ...own, reason: "other" })).rejects.toMatchObject({
      status: 409,
      code: "idempotency_conflict",
    });
    expect(await allRows(client)).toHaveLength(1);
  });

  test("a bad event refuses its record and no other that shared the request", async () => {
    const client = await fresh();
    const first = client.record(call({ reason: "first" }));
    const [bad, good] = [
      client.record([call(), call({ latency_ms: -1 })]),
      client.record(Array.from({ length: 5 }, () => call({ reason: "good" }))),
    ];
    await first;
    await expect(bad).rejects.toMatchObject({
      code: "invalid_request",
      status: 422,
      problem: { errors: [{ pointer: "/events/1/latency_ms" }] },
    });
    expect(await good).toHaveLength(5);
    const rows = await allRows(client);
    expect(rows.map(({ reason }) => reason)).toEqual(["first", ...Array.from({ length: 5 }, () => "good")]);
    // The two that were refused are the ones that are missing.
    expect(findGaps(rows)).toMatchObject([{ emitterId: client.emitterId, missing: [{ from: 1, to: 2 }], count: 2 }]);
  });

  test("2,345 events in one record, and another app of the organization", async () => {
    const client = await fresh();
    const other = connect({ appId: tenant.otherAppId });
    const receipts = await other.record(Array.from({ length: 2_345 }, () => call()));
    expect(receipts.map((receipt) => "seq" in receipt && receipt.seq)).toEqual(
      Array.from({ length: 2_345 }, (_, n) => n),
    );
    expect(await allRows(client)).toEqual([]);
    const rows = await allRows(other);
    expect(rows).toHaveLength(2_345);
    expect(findGaps(rows)).toEqual([]);
  });

  test("a key without the scope says which is missing", async () => {
    await fresh();
    const reader = connect({ apiKey: await makeKey(tenant.orgId, tenant.appId, { scopes: ["events:read"] }) });
    await expect(reader.record(call())).rejects.toMatchObject({ status: 403, code: "forbidden" });
  });
});

describe("tail", () => {
  test("goes on from a cursor, page by page", async () => {
    const client = await fresh();
    await client.record(Array.from({ length: 25 }, () => call()));
    const pages: TailPage[] = [];
    for await (const page of client.tail({ limit: 10 })) pages.push(page);
    expect(pages.map(({ events }) => events.length)).toEqual([10, 10, 5]);
    const rest: number[] = [];
    for await (const { events } of client.tail({ after: pages[1]?.cursor })) rest.push(...events.map(({ seq }) => seq));
    expect(rest).toEqual([20, 21, 22, 23, 24]);
    for await (const page of client.tail({ after: pages[2]?.cursor })) expect(page).toBeUndefined();
  });

  test("follows until the signal, and ends quietly", async () => {
    const client = await fresh();
    const stop = new AbortController();
    const seen: number[] = [];
    const followed = (async () => {
      for await (const { events } of client.tail({ follow: true, pollMs: 20, signal: stop.signal }))
        seen.push(...events.map(({ seq }) => seq));
    })();
    for (let n = 0; n < 3; n += 1) {
      await client.record([call(), call()]);
      await expect.poll(() => seen.length).toBe(2 * n + 2);
    }
    stop.abort();
    await followed;
    expect(seen).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test("with a filter the cursor moves past what it left out", async () => {
    const client = await fresh();
    await client.record([call({ outcome: "policy_denial" }), call(), call()]);
    const pages: TailPage[] = [];
    for await (const page of client.tail({ kind: "call", filters: { outcome: "policy_denial" } })) pages.push(page);
    expect(pages.flatMap(({ events }) => events.map(({ seq }) => seq))).toEqual([0]);
    const after = pages.at(-1)?.cursor;
    for await (const page of client.tail({ after })) expect(page).toBeUndefined();
  });

  test("a damaged cursor is said, never taken for the beginning", async () => {
    const client = await fresh();
    const read = async () => {
      for await (const page of client.tail({ after: "nonsense" })) expect(page).toBeUndefined();
    };
    await expect(read()).rejects.toMatchObject({ status: 400, code: "invalid_cursor" });
  });
});

test("search: a window, newest first, filters, pages", async () => {
  const client = await fresh();
  await client.record(
    Array.from({ length: 5 }, (_, n) =>
      call({ occurred_at: new Date(Date.UTC(2026, 0, n + 1)), provider_id: n % 2 ? "crm" : "mail" }),
    ),
  );
  const window = { kind: "call", from: new Date("2026-01-02T00:00:00Z"), to: "2026-02-01T00:00:00Z" };
  const page = await client.search({ ...window, limit: 3 });
  expect(page.events.map(({ seq }) => seq)).toEqual([4, 3, 2]);
  expect(page.has_more).toBe(true);
  const rest = await client.search({ ...window, limit: 3, cursor: page.next_cursor ?? undefined });
  expect(rest.events.map(({ seq }) => seq)).toEqual([1]);
  const filtered = await client.search({ ...window, filters: { provider_id: "CRM" }, appId: ["all"] });
  expect(filtered.events.map(({ seq }) => seq)).toEqual([3, 1]);
  await expect(client.search({ ...window, filters: { nonsense: 1 } })).rejects.toMatchObject({ status: 400 });
});

test("resend-spool.mjs sends what a spool holds and the log does not, once", async () => {
  const client = await fresh();
  const consumer = makeConsumer();
  const folder = path.join(consumer.folder, "old-spool");
  const away = connect({ url: await closedAddress(), spool: { folder } });
  const mine = call({ id: randomUUID(), occurred_at: "2026-01-02T03:04:05Z" });
  const receipts = [...(await away.record([call(), mine])), ...(await away.record(call({ reason: "é😀" })))];
  await away.close();
  await client.record(mine); // Its answer was lost.
  const resend = () =>
    run(process.execPath, [path.join(consumer.folder, "resend-spool.mjs"), folder], {
      AFFIDAVIT_URL: api.url,
      AFFIDAVIT_API_KEY: tenant.key,
    });
  expect(JSON.parse(await resend())).toEqual({ sent: 2, "stored already": 1, refused: 0 });
  const rows = await allRows(client);
  expect(rows.map(({ id }) => id).sort()).toEqual(receipts.map(({ id }) => id).sort());
  expect(findGaps(rows.filter(({ id }) => id !== mine.id))).toEqual([]);

  const [name = ""] = readdirSync(folder);
  const refused = { event: { ...call({ id: randomUUID() }), outcome: "fine" }, spooled_at: "2026-01-02T03:04:05.000Z" };
  writeFileSync(path.join(folder, name), `${JSON.stringify(refused)}\nhalf a li\n`, { flag: "a" });
  await expect(resend()).rejects.toThrow(/ended with 1.*\{"sent":0,"stored already":3,"refused":2\}/s);
  expect(await allRows(client)).toHaveLength(3);
  consumer.remove();
});
