import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { findKeySubject } from "@/lib/access/api-key";
import { grant } from "@/lib/access/door";
import { ask, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { ingestExternalRows } from "./custom-events";

let api: TestApi;
let tenant: Tenant;
beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
  tenant = await makeTenant("Snowflake");
});
afterAll(() => api.close());

const BATCH = "sf-external-function-query-batch-id";
const call = (body: unknown, headers: Record<string, string> = {}) =>
  ask(api, tenant.key, "/v1/snowflake/custom-events?data_source_id=sf", { body, headers });
const good = (name = "ANA") => ({
  event_details: { user_name: name, error_code: null },
  event_time: null,
  content_type: "application/json",
  event_type: "LOGIN",
});
const bad = { ...good(), event_details: [] };
const BAD_FAULT = { pointer: "/event_details", message: "must be an object" };
const head = async (): Promise<number> => (await ask(api, tenant.key, "/v1/events?limit=1")).body.head_seq;
const ok = (accepted: number) => ({ accepted, rejected: 0, errors: [] });

test("the body of the seed's query: one row, a JSON string of an array of JSON strings", async () => {
  const before = await head();
  const argument = JSON.stringify([JSON.stringify(good("ANA")), JSON.stringify(good("BORIS"))]);
  const answer = await call({ data: [[0, argument]] }, { "sf-external-function-format": "json" });
  expect([answer.status, answer.body]).toEqual([200, { data: [[0, ok(2)]] }]);
  const { body } = await ask(api, tenant.key, "/v1/events?kind=custom&limit=1000&data_source_id=sf");
  expect(body.head_seq).toBe(before + 2);
  expect(body.events.slice(-2).map((row: { event_details: unknown }) => row.event_details)).toEqual([
    { user_name: "ANA", error_code: null },
    { user_name: "BORIS", error_code: null },
  ]);
});

test("an argument is a record or an array of records, or a JSON string of either; row numbers come back as sent", async () => {
  const forms = [good(), JSON.stringify(good()), [good(), JSON.stringify(good())], JSON.stringify([good()]), [], "[]"];
  const numbers = [7, 3, 3, 0, 9_007_199_254_740_991, 1];
  const { body } = await call(JSON.stringify({ data: forms.map((form, index) => [numbers[index], form]) }, null, 2));
  expect(body.data).toEqual([1, 1, 2, 1, 0, 0].map((count, index) => [numbers[index], ok(count)]));
  expect((await call({ data: [] })).body).toEqual({ data: [] });
});

test("a bad record stops neither its row nor the others, whatever is bad about it", async () => {
  const before = await head();
  const broken = [
    [null, "", /must be an object/],
    [5, "", /must be an object/],
    ["[{]", "", /is no record/],
    ["no JSON", "", /is no record/],
    ['"', "", /is no record/],
    ['"{}"', "", /must be an object/],
    [['"'], "", /is no record/],
    ["\ud800", "", /is no record/],
    [{ ...good(), extra: 1 }, "/extra", /not a member/],
    ['{"event_type":1,"event_type":2}', "/event_type", /twice/],
  ] as const;
  const deep = "[".repeat(100) + "]".repeat(100);
  const text = `{"data":[[0,{"event_type":"A","content_type":"application/json","event_details":{"n":12345678901234567890}}],
    [1,{"event_type":"A","content_type":"application/json","event_details":{"deep":${deep}}}],
    [2,{"a":1,"a":2}],[3,${JSON.stringify([good(), bad, good()])}]${broken
      .map(([argument], index) => `,[${index + 4},${JSON.stringify(argument)}]`)
      .join("")}]}`;
  const { status, body } = await call(text);
  expect(status, JSON.stringify(body)).toBe(200);
  const results = body.data.map(([, result]: [number, unknown]) => result);
  expect(results[0]).toMatchObject({ rejected: 1, errors: [{ index: 0, pointer: "/event_details/n" }] });
  expect(results[1]).toMatchObject({ rejected: 1, errors: [{ message: "is nested deeper than 64 levels" }] });
  expect(results[2]).toMatchObject({ rejected: 1, errors: [{ pointer: "/a" }] });
  expect(results[3]).toEqual({ accepted: 2, rejected: 1, errors: [{ index: 1, ...BAD_FAULT }] });
  for (const [index, [, pointer, message]] of broken.entries()) {
    const fault = { index: 0, pointer, message: expect.stringMatching(message) };
    expect(results[index + 4]).toEqual({ accepted: 0, rejected: 1, errors: [fault] });
  }
  expect(await head()).toBe(before + 2);
});

test("a row tells its first 20 faults and counts the rest", async () => {
  const { body } = await call({ data: [[0, Array.from({ length: 30 }, () => bad)]] });
  expect(body.data[0][1]).toMatchObject({ accepted: 0, rejected: 30 });
  expect(body.data[0][1].errors).toHaveLength(20);
});

test("a batch that Snowflake sends again is answered the same and stored once, also with bad rows in it", async () => {
  const body = {
    data: [
      [0, [good(), bad]],
      [1, good()],
      [2, null],
    ],
  };
  const before = await head();
  // Batch ids are opaque: nothing may be expected of their form.
  const headers = { [BATCH]: `01b2: ${"x".repeat(400)}` };
  const answers = [];
  for (let time = 0; time < 3; time += 1) answers.push(await call(body, headers));
  const packed = gzipSync(JSON.stringify(body));
  answers.push(await call(packed, { ...headers, "content-encoding": "gzip" }));
  answers.push(...(await Promise.all([call(body, headers), call(body, headers)])));
  for (const answer of answers) expect([answer.status, answer.body]).toEqual([200, answers[0]?.body]);
  expect(await head()).toBe(before + 2);
  const other = await call({ data: [[0, good()]] }, headers);
  expect([other.status, other.body.code]).toEqual([409, "idempotency_conflict"]);
  expect((await call(body, { [BATCH]: "another" })).status).toBe(200);
  expect(await head()).toBe(before + 4);
});

test.each([
  ["[]", ""],
  ["{}", ""],
  ['{"data":5}', ""],
  ['{"data":[],"more":1}', ""],
  ['{"data":[],"data":[]}', ""],
  ['{"data":[5]}', "/data/0"],
  ['{"data":[[0]]}', "/data/0"],
  ['{"data":[[0,{},{}]]}', "/data/0"],
  ['{"data":[["0",{}]]}', "/data/0/0"],
  ['{"data":[[-1,{}]]}', "/data/0/0"],
  ['{"data":[[0,{}],[1.5,{}]]}', "/data/1/0"],
])("%s is not the protocol", async (text, pointer) => {
  const { status, body } = await call(text);
  expect([status, body.code, body.errors[0].pointer]).toEqual([400, "malformed_protocol", pointer]);
  expect(body.detail).toContain('{"data": [[0, records], [1, records], …]}');
});

test("broken JSON, bad UTF-8, another type and too many bytes or records are told as elsewhere", async () => {
  const broken = await call('{"data":[[0,}]}');
  expect(broken.body).toMatchObject({ status: 400, code: "malformed_json", line: 1, column: 13 });
  expect((await call(new Uint8Array([0x22, 0xff, 0x22]))).body.code).toBe("invalid_utf8");
  expect((await call("{}", { "content-type": "text/plain" })).status).toBe(415);
  const sized = (bytes: number) => `{"data":[${" ".repeat(bytes - 11)}]}`;
  expect((await call(sized(262_144))).body).toEqual({ data: [] });
  expect((await call(sized(262_145))).body).toMatchObject({ status: 413, received_bytes: 262_145 });
  const rows = Array.from({ length: 143 }, (_, index) => [index, Array.from({ length: 7 }, () => 0)]);
  expect((await call({ data: rows })).body).toMatchObject({ status: 413, received_events: 1_001 });
});

/** A row's argument, and how each of its records is to be judged. */
const record = fc.oneof(
  fc
    .string({ unit: "binary", maxLength: 12 })
    .map((name) => ({ sent: { ...good(), event_details: { [name]: name } }, isGood: true })),
  fc
    .constantFrom<unknown>(bad, 5, [], { ...good(), event_time: 5 }, { ...good(), x: null })
    .map((sent) => ({ sent, isGood: false })),
);
const element = fc
  .tuple(record, fc.boolean())
  .map(([{ sent, isGood }, quoted]) => ({ sent: quoted ? JSON.stringify(sent) : sent, isGood }));
const argument = fc.oneof(
  fc.tuple(fc.array(element, { maxLength: 4 }), fc.boolean()).map(([elements, quoted]) => {
    const sent = elements.map((one) => one.sent);
    return { sent: quoted ? JSON.stringify(sent) : sent, goods: elements.map((one) => one.isGood) };
  }),
  element
    .filter(({ sent }) => !Array.isArray(sent) && sent !== "[]")
    .map(({ sent, isGood }) => ({ sent: sent as unknown, goods: [isGood] })),
);

test("any mix of good and bad rows is answered in order, and exactly what was accepted is stored", async () => {
  const property = fc.asyncProperty(fc.array(fc.tuple(fc.nat(), argument), { maxLength: 5 }), async (rows) => {
    const before = await head();
    const { status, body } = await call({ data: rows.map(([number, { sent }]) => [number, sent]) });
    expect(status, JSON.stringify(body)).toBe(200);
    const goods = rows.map(([, { goods }]) => goods);
    expect(
      body.data.map(([number, { accepted, rejected }]: [number, { accepted: number; rejected: number }]) => [
        number,
        accepted,
        rejected,
      ]),
    ).toEqual(
      rows.map(([number], index) => [
        number,
        goods[index]?.filter((one) => one).length,
        goods[index]?.filter((one) => !one).length,
      ]),
    );
    expect(await head()).toBe(before + goods.flat().filter((one) => one).length);
  });
  await fc.assert(property, { numRuns: 60 });
});

test("whatever is sent is answered with 2xx or 4xx", async () => {
  const body = fc.oneof(
    fc.json().map((text) => `{"data":[[0,${text}],[1,${JSON.stringify(text)}]]}`),
    fc.json().map((text) => `{"data":${text}}`),
    fc.json(),
    fc.string({ unit: "binary" }),
    fc.nat(60).chain((cut) => fc.constant(JSON.stringify({ data: [[0, JSON.stringify([good()])]] }).slice(0, -cut))),
  );
  const property = fc.asyncProperty(body, async (text) => {
    for (const path of ["/v1/snowflake/custom-events", "/v1/custom-events"]) {
      const answer = await ask(api, tenant.key, path, { body: new TextEncoder().encode(text) });
      expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(500);
    }
  });
  await fc.assert(property, { numRuns: 600 });
  const nest = (depth: number) => new TextEncoder().encode(`{"data":[[0,${"[".repeat(depth)}${"]".repeat(depth)}]]}`);
  expect((await call(nest(131_000))).body.data[0][1].rejected).toBe(1);
});

test("judging a full call lets others have their turns", async () => {
  const subject = await findKeySubject(tenant.key, { clientIp: "", userAgent: "" });
  let turns = 0;
  let watch = setImmediate(function turn() {
    turns += 1;
    watch = setImmediate(turn);
  });
  // Each record as slow as a long one on a busy machine. Nothing is stored, which would wait by itself.
  let clock = 0;
  const slow = vi.spyOn(performance, "now").mockImplementation(() => (clock += 20));
  const records = Array.from({ length: 1_000 }, () => JSON.stringify(bad));
  const call = { appId: tenant.appId, dataSourceId: "sf", batchId: undefined, idempotencyKey: undefined, text: "" };
  const [[, result] = []] = await ingestExternalRows(grant(subject, "events:write"), {
    ...call,
    rows: [{ number: 0, records }],
  });
  slow.mockRestore();
  clearImmediate(watch);
  expect(result?.rejected).toBe(1_000);
  expect(turns).toBeGreaterThan(900);
});
