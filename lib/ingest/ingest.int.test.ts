import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";

let api: TestApi;
let tenant: Tenant;
beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
  tenant = await makeTenant("One");
});
afterAll(() => api.close());

const event = (extra: object = {}) => ({ kind: "call", outcome: "success", provider_id: "google", ...extra });
const post = (body: unknown, headers: Record<string, string> = {}) =>
  ask(api, tenant.key, "/v1/events", { body, headers });

describe("POST /v1/events", () => {
  test("answers receipts in order, numbered from 0 without gaps", async () => {
    const first = await post(event());
    expect(first.status, JSON.stringify(first.body)).toBe(201);
    const start = first.body.receipts[0].seq;
    const batch = await post({ events: [event(), event(), event()] });
    expect(batch.body.receipts.map((one: { seq: number }) => one.seq)).toEqual([start + 1, start + 2, start + 3]);
    expect(batch.body.receipts[0].created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  });

  test("the same id again is a duplicate; with another body it is refused and nothing of that request is stored", async () => {
    const id = randomUUID();
    const first = await post(event({ id, context: { a: 1, b: 2 } }));
    const again = await post(event({ context: { b: 2, a: 1 }, id }));
    expect(again.status).toBe(201);
    expect(again.body.receipts[0]).toEqual({ ...first.body.receipts[0], status: "duplicate" });
    const before = (await ask(api, tenant.key, "/v1/events?limit=1")).body.head_seq;
    const other = await post([event(), event({ id, outcome: "provider_error" })]);
    expect(other.status).toBe(409);
    expect(other.body.code).toBe("idempotency_conflict");
    expect(other.body.errors[0].pointer).toBe("/1/id");
    expect((await ask(api, tenant.key, "/v1/events?limit=1")).body.head_seq).toBe(before);
  });

  test("an Idempotency-Key answers the first receipts again, and refuses another body", async () => {
    const headers = { "idempotency-key": randomUUID() };
    const first = await post([event(), event({ id: randomUUID() })], headers);
    const body = [event(), event({ id: first.body.receipts[1].id })];
    const again = await post(body, headers);
    expect(again.status).toBe(201);
    expect(again.body.receipts).toEqual(first.body.receipts.map((one: object) => ({ ...one, status: "duplicate" })));
    expect((await post([event()], headers)).body.code).toBe("idempotency_conflict");
  });

  test("names every fault and stores nothing", async () => {
    const answer = await post([event(), { kind: "call", outcome: "maybe", nonsense: 1, seq: 3 }, { kind: "never" }]);
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map((one: { pointer: string }) => one.pointer).sort()).toEqual([
      "/1/nonsense",
      "/1/outcome",
      "/1/seq",
      "/2/kind",
    ]);
  });

  test("what is read back in search, tail, CSV and whole is what was sent", async () => {
    const id = randomUUID();
    const sent = event({
      id,
      occurred_at: "2020-09-14T00:44:23.123456Z",
      url: "https://x.example/a?b=1&access_token=hush",
      reason: "a\u0000b",
      request_headers: { Authorization: "Bearer hush", accept: "*/*" },
      request_body: "é".repeat(6000),
      response_status: 200,
      grant_scopes: ["a", "b"],
    });
    expect((await post(sent)).status).toBe(201);
    const query = "from=2020-09-14T00:00:00Z&to=2020-09-15T00:00:00Z&kind=call";
    const found = await ask(api, tenant.key, `/v1/events/search?${query}&id=${id}`);
    expect(found.body.events, JSON.stringify(found.body)).toHaveLength(1);
    const [row] = found.body.events;
    expect(row).toMatchObject({
      id,
      occurred_at: "2020-09-14T00:44:23.123456Z",
      reason: "a\u0000b",
      has_more_fields: true,
      url: "https://x.example/a?b=1&access_token=***",
    });
    expect(row.request_body).toBeUndefined();
    const whole = await ask(api, tenant.key, `/v1/events/${id}`);
    expect(whole.body).toMatchObject({
      request_body: "é".repeat(5120),
      request_body_bytes: 12000,
      request_body_truncated: true,
      request_headers: { accept: "*/*" },
      stripped_headers: ["authorization"],
    });
    const csv = await ask(api, tenant.key, `/v1/exports/download?format=csv&${query}`);
    expect(csv.headers.get("x-affidavit-rows")).toBe("1");
    expect(csv.body).toContain("a\u0000b");
    const counts = await ask(api, tenant.key, `/v1/events/histogram?${query}`);
    expect(counts.body).toMatchObject({ exact: true });
    expect(counts.body.buckets.reduce((sum: number, one: { count: number }) => sum + one.count, 0)).toBe(1);
    const facets = await ask(api, tenant.key, `/v1/events/facets?${query}&provider_id=GOOGLE`);
    expect(facets.body.total).toBe(1);
  });

  test("a megabyte of statements of no known dialect does not keep others waiting", async () => {
    const statement =
      "select a.id, 'it''s x', 12345 from t_2024 a where b = \"c\" and d in (1, $1) -- note\n union all ";
    const events = Array.from({ length: 30 }, () => ({ kind: "query", query_text: statement.repeat(350) }));
    await post(events.slice(0, 3));
    let longest = 0;
    let before = performance.now();
    const begun = before;
    const watch = () => {
      longest = Math.max(longest, performance.now() - before);
      before = performance.now();
      timer = setImmediate(watch);
    };
    let timer = setImmediate(watch);
    expect((await post(events)).status).toBe(201);
    clearImmediate(timer);
    expect(longest).toBeLessThan((performance.now() - begun) / 3);
  });
});
