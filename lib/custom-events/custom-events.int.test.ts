import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, ask, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";

const BYTES = 262_144;
const HOUR = 3_600_000;

let api: TestApi;
let tenant: Tenant;
beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
  tenant = await makeTenant("Custom");
});
afterAll(() => api.close());

const post = (body: unknown, headers: Record<string, string> = {}, query = "") =>
  ask(api, tenant.key, `/v1/custom-events${query}`, { body, headers });
const record = (fields: Record<string, unknown> = {}) => ({
  event_type: "LOGIN",
  content_type: "application/json",
  event_details: { user_name: "ANA" },
  ...fields,
});
const head = async (): Promise<number> => (await ask(api, tenant.key, "/v1/events?limit=1")).body.head_seq;

/** A batch of one record of exactly so many bytes. */
function batchOf(bytes: number): string {
  const frame = JSON.stringify([record({ event_details: { text: "" } })]).length;
  return JSON.stringify([record({ event_details: { text: "x".repeat(bytes - frame) } })]);
}

async function whole(answer: Answer, index = 0) {
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  const { id } = answer.body.receipts[index];
  const row = await ask(api, tenant.key, `/v1/events/${id}`);
  expect(row.status).toBe(200);
  return row.body;
}

/** Nothing was stored, and the faults are these. */
async function expectRefused(body: unknown, ...faults: [pointer: string, message: string | RegExp][]) {
  const before = await head();
  const answer = await post(body);
  expect([answer.status, answer.body.code]).toEqual([422, "invalid_request"]);
  expect(answer.body.errors).toEqual(
    faults.map(([pointer, message]) => ({ pointer, message: expect.stringMatching(message) })),
  );
  expect(await head()).toBe(before);
}

/** The seed's query: OBJECT_CONSTRUCT_KEEP_NULL, each record made a string by TO_JSON, gathered by ARRAY_AGG. */
function seedRecords(at: number): Record<string, unknown>[] {
  return ["ANA", "BORIS"].map((user, index) => ({
    event_details: {
      event_type: "LOGIN",
      user_name: user,
      client_ip: "198.51.100.7",
      first_authentication_factor: "PASSWORD",
      second_authentication_factor: null,
      is_success: index === 0 ? "YES" : "NO",
      error_code: index === 0 ? null : 390100,
      error_message: index === 0 ? null : "INCORRECT_USERNAME_PASSWORD",
      event_time: new Date(at - index).toISOString(),
    },
    event_time: at - index,
    content_type: "application/json",
    event_type: "LOGIN",
  }));
}

describe("a batch", () => {
  test("as in the seed, of JSON strings: each is found by its own time, with its nulls, in search, tail and whole", async () => {
    const at = Date.now() - HOUR;
    const sent = seedRecords(at);
    const answer = await post(
      sent.map((one) => JSON.stringify(one)),
      {},
      "?data_source_id=snowflake-1",
    );
    expect(answer.body.receipts.map((one: { status: string }) => one.status)).toEqual(["created", "created"]);
    for (const index of [0, 1]) {
      expect(await whole(answer, index)).toMatchObject({
        kind: "custom",
        event_type: "LOGIN",
        time_source: "event_time",
        event_time: at - index,
        data_source_id: "snowflake-1",
        event_details: sent[index]?.event_details,
        occurred_at: new Date(at - index).toISOString(),
      });
    }
    const window = `from=${new Date(at - 5).toISOString()}&to=${new Date(at + 5).toISOString()}&kind=custom`;
    const found = await ask(api, tenant.key, `/v1/events/search?${window}&text=BORIS&data_source_id=snowflake-1`);
    expect(found.body.events.map((row: { id: string }) => row.id)).toEqual([answer.body.receipts[1].id]);
    const tail = await ask(api, tenant.key, "/v1/events?kind=custom&event_type=login&limit=100");
    expect(tail.body.events.map((row: { id: string }) => row.id)).toEqual(
      expect.arrayContaining(answer.body.receipts.map((one: { id: string }) => one.id)),
    );
  });

  test("mixes objects and strings, gzip or plain", async () => {
    const body = new TextEncoder().encode(JSON.stringify([record(), JSON.stringify(record({ event_type: "LOGOUT" }))]));
    const answer = await post(gzipSync(body), { "content-encoding": "gzip" });
    expect((await whole(answer, 1)).event_type).toBe("LOGOUT");
  });

  test("null and missing times mean the submission", async () => {
    const before = Date.now();
    const answer = await post([record({ event_time: null }), record()]);
    for (const index of [0, 1]) {
      const row = await whole(answer, index);
      expect(row).toMatchObject({ time_source: "submission" });
      expect(row.event_time).toBeNull();
      expect(Date.parse(row.occurred_at)).toBeGreaterThanOrEqual(before);
    }
  });

  test("twice with one Idempotency-Key is stored once", async () => {
    const headers = { "idempotency-key": "custom-1" };
    const first = await post([record()], headers);
    const second = await post([record()], headers);
    expect(second.body.receipts).toEqual([{ ...first.body.receipts[0], status: "duplicate" }]);
    expect((await post([record({ event_type: "X" })], headers)).status).toBe(409);
  });
});

describe("what is refused, with nothing stored", () => {
  test("details that are no object", async () => {
    const all = [[], [1], "x", 5, true, null, {}].map((event_details) => record({ event_details }));
    await expectRefused(
      all,
      ...([0, 1, 2, 3, 4].map((index) => [`/${index}/event_details`, "must be an object"]) as [string, string][]),
      ["/5/event_details", "is required"],
    );
  });

  test("whatever is wrong, at its place, also inside a string", async () => {
    await expectRefused(
      [
        record(),
        JSON.stringify(record({ event_details: [] })),
        record({ content_type: "text/plain" }),
        record({ id: "1", kind: null }),
        { event_type: "A" },
        "5",
        7,
        '{"event_type":',
        '{"event_type":"A","event_type":"B","content_type":"application/json","event_details":{}}',
        '{"event_type":"A","content_type":"application/json","event_details":{"n":12345678901234567890}}',
        `"${JSON.stringify(record()).replaceAll('"', '\\"')}"`,
      ],
      ["/1/event_details", "must be an object"],
      ["/2/content_type", "application/json"],
      ["/3/id", "is not a member of a record: it has event_type, content_type, event_details"],
      ["/3/kind", "is not a member of a record"],
      ["/4/content_type", "is required"],
      ["/4/event_details", "is required"],
      ["/5", "must be an object, or a JSON string of one"],
      ["/6", "must be an object, or a JSON string of one"],
      ["/7", "is no record: The JSON ends where a value should be, at line 1, column 15"],
      ["/8/event_type", "appears twice"],
      ["/9/event_details/n", "beyond 2\\^53-1"],
      ["/10", "must be an object, or a JSON string of one"],
    );
  });

  test.each([
    ["a lone object", record(), "must be an array of records"],
    ["an envelope", { events: [record()] }, "must be an array of records"],
  ])("%s", async (_, body, message) => {
    await expectRefused(body, ["", message]);
  });

  test("an empty array, too many records, another content type, a parameter or app that there is not", async () => {
    expect((await post([])).status).toBe(422);
    const many = await post(Array.from({ length: 1_001 }, () => "{}"));
    expect(many.body).toMatchObject({ status: 413, limit_events: 1_000, received_events: 1_001 });
    expect((await post("{}", { "content-type": "application/x-ndjson" })).status).toBe(415);
    expect((await post([record()], {}, "?kind=call")).status).toBe(400);
    expect((await post([record()], {}, "?data_source_id=")).status).toBe(400);
    expect((await post([record()], {}, "?app_id=system")).body.errors[0].pointer).toBe("app_id");
    expect((await post([record()], {}, `?app_id=${crypto.randomUUID()}`)).status).toBe(404);
  });
});

describe("a submission has at most 262,144 bytes", () => {
  test("one record of them all is taken and read back; one byte more is 413", async () => {
    const row = await whole(await post(batchOf(BYTES)));
    expect(JSON.stringify(row.event_details).length).toBeGreaterThan(BYTES - 200);
    const before = await head();
    const refused = await post(batchOf(BYTES + 1));
    expect(refused.body).toMatchObject({
      status: 413,
      code: "payload_too_large",
      limit_bytes: BYTES,
      received_bytes: BYTES + 1,
    });
    expect(refused.body.detail).toContain("Split it");
    expect(await head()).toBe(before);
  });

  test("counted without compression, and as received", async () => {
    const gzip = { "content-encoding": "gzip" };
    expect((await post(gzipSync(batchOf(BYTES)), gzip)).status).toBe(201);
    expect((await post(gzipSync(batchOf(BYTES + 1)), gzip)).body.limit_bytes).toBe(BYTES);
    const stored = gzipSync(batchOf(BYTES), { level: 0 });
    const refused = await post(stored, gzip);
    expect(refused.body).toMatchObject({ status: 413, received_bytes: stored.length });
  });
});

describe("event_time", () => {
  test("counts up to exactly 72 h of age and 24 h ahead, by one instant of submission for the whole request", async () => {
    const own = await makeTenant("Times");
    const now = Date.now();
    // Around both edges, a millisecond apart, from before the request to well after it arrives; the last one has no time, so
    // that it is found by the instant of submission itself.
    const around = (edge: number) => Array.from({ length: 499 }, (_, index) => now + edge - 2 + index);
    const times = [...around(-72 * HOUR), ...around(24 * HOUR)];
    const records = [...times.map((event_time) => record({ event_time })), record()];
    const sent = await ask(api, own.key, "/v1/custom-events", { body: records });
    expect(sent.status).toBe(201);
    const { body } = await ask(api, own.key, "/v1/events?limit=1000");
    const submitted = Date.parse(body.events.at(-1).occurred_at);
    const age = (row: { event_time: number }) => submitted - row.event_time;
    const rows = body.events.slice(0, -1);
    const ages = new Map(rows.map((row: { event_time: number; time_source: string }) => [age(row), row.time_source]));
    for (const [offset, source] of [
      [72 * HOUR, "event_time"],
      [72 * HOUR + 1, "submission"],
      [-24 * HOUR, "event_time"],
      [-24 * HOUR - 1, "submission"],
    ] as const)
      expect([offset, ages.get(offset)]).toEqual([offset, source]);
    for (const row of rows) {
      const isOwn = age(row) <= 72 * HOUR && age(row) >= -24 * HOUR;
      expect(row.time_source).toBe(isOwn ? "event_time" : "submission");
      expect(Date.parse(row.occurred_at)).toBe(isOwn ? row.event_time : submitted);
    }
  });

  test("in seconds, as a text or as a fraction is refused with what to send", async () => {
    await expectRefused(
      [
        record({ event_time: Math.floor(Date.now() / 1_000) }),
        record({ event_time: "2026-11-22T00:00:00Z" }),
        record({ event_time: 1_763_769_662_345.5 }),
      ],
      ["/0/event_time", "looks like seconds: send milliseconds since 1970"],
      ["/1/event_time", ""],
      ["/2/event_time", ""],
    );
  });
});
