import { randomUUID } from "node:crypto";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, ask, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";

const EVENT_BYTES = 262_144;
const BODY_BYTES = 1_048_576;

let api: TestApi;
let tenant: Tenant;
beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
  tenant = await makeTenant("Limits");
});
afterAll(() => api.close());

const post = (body: string | Uint8Array, headers: Record<string, string> = {}) =>
  ask(api, tenant.key, "/v1/events", { body, headers });
const event = (fields: string) => `{"kind":"call","outcome":"success",${fields}}`;
const head = async (): Promise<number> => (await ask(api, tenant.key, "/v1/events?limit=1")).body.head_seq;
const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);

/** An event of exactly so many bytes. */
function eventOf(bytes: number): string {
  const frame = event('"request_body":""');
  return event(`"request_body":"${"x".repeat(bytes - frame.length)}"`);
}

/** At the limit it is taken, one beyond it is refused with that code, and nothing is stored of what is refused. */
async function expectLimit(send: (step: -1 | 0 | 1) => Promise<Answer>, code: string): Promise<Answer> {
  for (const step of [-1, 0] as const) {
    const { status, body } = await send(step);
    expect(status, `limit${step || ""}: ${JSON.stringify(body)}`).toBeLessThan(300);
  }
  const before = await head();
  const beyond = await send(1);
  expect(beyond.body.code, JSON.stringify(beyond.body)).toBe(code);
  expect(await head()).toBe(before);
  return beyond;
}

describe("at limit−1, limit and limit+1", () => {
  test.each([
    ["alone", (one: string) => one, {}],
    ["in an array", (one: string) => `[${one}]`, {}],
    ["in {events}", (one: string) => `{"events":[${one}]}`, {}],
    ["as a line", (one: string) => `${one}\n`, { "content-type": "application/x-ndjson" }],
    ["with others", (one: string) => `[${event('"tool":"a"')},${one}]`, {}],
  ])("an event has at most 262,144 bytes, %s", async (_, wrap, headers) => {
    const refused = await expectLimit((step) => post(wrap(eventOf(EVENT_BYTES + step)), headers), "payload_too_large");
    expect(refused.status).toBe(413);
    expect(refused.body).toMatchObject({ limit_bytes: EVENT_BYTES, received_bytes: EVENT_BYTES + 1 });
  });

  test.each([
    ["as it is", (body: Uint8Array) => body, {}],
    ["unpacked from gzip", (body: Uint8Array) => gzipSync(body), { "content-encoding": "gzip" }],
  ])("a body has at most 1 MiB, %s", async (_, pack, headers) => {
    const padded = (bytes: number) => {
      const five = `[${Array.from({ length: 5 }, () => eventOf(200_000)).join(",")}`;
      return new TextEncoder().encode(`${five}${" ".repeat(bytes - five.length - 1)}]`);
    };
    const refused = await expectLimit((step) => post(pack(padded(BODY_BYTES + step)), headers), "payload_too_large");
    expect(refused.status).toBe(413);
    expect(refused.body.limit_bytes).toBe(BODY_BYTES);
    expect(refused.body.detail).toContain("Split");
  });

  test("a request has at most 1,000 events", async () => {
    const refused = await expectLimit(
      (step) => post(`[${Array.from({ length: 1_000 + step }, () => event('"tool":"a"')).join(",")}]`),
      "payload_too_large",
    );
    expect(refused.body).toMatchObject({ status: 413, limit_events: 1_000, received_events: 1_001 });
    expect((await post("[]")).status).toBe(422);
    expect((await post('{"events":[]}')).status).toBe(422);
  });

  test("an event is at most 64 levels deep, wherever it stands", async () => {
    for (const wrap of [(one: string) => one, (one: string) => `[${one}]`, (one: string) => `{"events":[${one}]}`]) {
      // The event is one level, its context another.
      const send = (step: number) => post(wrap(event(`"context":{"v":${nested(62 + step)}}`)));
      expect((await expectLimit(send, "invalid_request")).status).toBe(422);
    }
  });

  test("an event has at most 1,000 members, nested ones included", async () => {
    const send = (step: number) => {
      const members = Array.from({ length: 1_000 - 3 + step }, (_, index) => `"k${index}":1`);
      return post(event(`"context":{${members.join(",")}}`));
    };
    expect((await expectLimit(send, "invalid_request")).status).toBe(422);
  });

  test.each([
    ["x", 1],
    ["é", 2],
    ["😀", 4],
  ])("a context has at most 16 KiB of JSON, of %s", async (char, bytes) => {
    const send = (step: number) => {
      const room = 16_384 + step - '{"v":""}'.length;
      const text = "x".repeat(room % bytes) + char.repeat(Math.floor(room / bytes));
      return post(event(`"context":{"v":"${text}"}`));
    };
    const refused = await expectLimit(send, "invalid_request");
    expect(refused.body.errors[0].pointer).toBe("/context");
  });

  test.each(["request_body", "response_body"])(
    "10,240 bytes of a %s are kept, never half a character",
    async (name) => {
      for (const [text, kept] of [
        ["x".repeat(10_239), "x".repeat(10_239)],
        ["x".repeat(10_240), "x".repeat(10_240)],
        ["x".repeat(10_241), "x".repeat(10_240)],
        [`${"x".repeat(10_239)}é`, "x".repeat(10_239)],
        [`${"x".repeat(10_238)}é`, `${"x".repeat(10_238)}é`],
        [`${"x".repeat(10_237)}😀`, "x".repeat(10_237)],
      ] as const) {
        const id = randomUUID();
        expect((await post(event(`"id":"${id}","${name}":${JSON.stringify(text)}`))).status).toBe(201);
        const { body } = await ask(api, tenant.key, `/v1/events/${id}`);
        expect(body[name] === kept).toBe(true);
        expect(body[`${name}_bytes`]).toBe(Buffer.byteLength(text));
        expect(body[`${name}_truncated`]).toBe(text === kept ? null : true);
      }
    },
  );

  test("integers go to 2^53-1, digits to 17", async () => {
    const send = (step: number) => post(event(`"latency_ms":${2n ** 53n - 1n + BigInt(step)}`));
    await expectLimit(send, "inexact_number");
    const digits = (step: number) => post(event(`"context":{"v":0.${"1234567890123456789".slice(0, 17 + step)}}`));
    await expectLimit(digits, "inexact_number");
  });

  test("an Idempotency-Key has at most 255 characters", async () => {
    const send = (step: number) =>
      post(event(`"tool":"a"`), { "idempotency-key": randomUUID().padEnd(255 + step, "k") });
    await expectLimit(send, "invalid_request");
    for (const key of ["", "a b", "é", "tab\tbed"]) {
      expect((await post(event(`"tool":"a"`), { "idempotency-key": key })).status, key).toBe(422);
    }
  });

  test.each([
    ["caller", 512],
    ["reason", 8_192],
    ["user_agent", 2_048],
  ])("%s has at most %i characters", async (name, most) => {
    const send = (step: number) => post(event(`"${name}":"${"x".repeat(most + step)}"`));
    const refused = await expectLimit(send, "invalid_request");
    expect(refused.body.errors[0].pointer).toBe(`/${name}`);
  });

  test.each([
    ["/v1/events?", 1_000],
    ["/v1/events/search?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z&", 200],
  ])("%s answers at most %i rows", async (path, most) => {
    for (const [limit, status] of [
      [0, 400],
      [1, 200],
      [most, 200],
      [most + 1, 400],
      [-1, 400],
      ["", 400],
      ["1e2", 400],
    ]) {
      expect((await ask(api, tenant.key, `${path}limit=${limit}`)).status, String(limit)).toBe(status);
    }
  });
});

describe("hostile bodies are refused at once", () => {
  const zeros = Buffer.alloc(100 * BODY_BYTES);
  const gzip = { "content-encoding": "gzip" };
  const bomb = gzipSync(zeros);
  const ok = Buffer.from(event('"tool":"a"'));
  const objects = `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`;
  const cases: [string, Uint8Array, Record<string, string>, string][] = [
    ["a gzip bomb of 100 MiB", bomb, gzip, "413 payload_too_large"],
    ["a bomb in a bomb", gzipSync(bomb), gzip, "400 invalid_utf8"],
    ["gzip cut off", gzipSync(ok).subarray(0, -5), gzip, "400 invalid_encoding"],
    ["gzip with a tail", Buffer.concat([gzipSync(ok), ok]), gzip, "400 invalid_encoding"],
    ["no gzip at all", ok, gzip, "400 invalid_encoding"],
    ["br", brotliCompressSync(ok), { "content-encoding": "br" }, "415 unsupported_media_type"],
    ["deflate", deflateSync(ok), { "content-encoding": "deflate" }, "415 unsupported_media_type"],
    ["zstd", ok, { "content-encoding": "zstd" }, "415 unsupported_media_type"],
    ["a chain", gzipSync(gzipSync(ok)), { "content-encoding": "gzip, gzip" }, "415 unsupported_media_type"],
    ["text", ok, { "content-type": "text/plain" }, "415 unsupported_media_type"],
    ["bad UTF-8", Buffer.concat([ok.subarray(0, 20), Buffer.from([0xff]), ok]), {}, "400 invalid_utf8"],
    ["overlong UTF-8", Buffer.from([0x22, 0xc0, 0xaf, 0x22]), {}, "400 invalid_utf8"],
    ["UTF-16", Buffer.from(`\ufeff${ok}`, "utf16le"), {}, "400 invalid_utf8"],
    ["a byte order mark", Buffer.from(`\ufeff${ok}`), {}, "400 malformed_json"],
    ["half a surrogate pair", Buffer.from(event('"tool":"\\ud800"')), {}, "422 invalid_request"],
    ["100,000 arrays", Buffer.from(nested(100_000)), {}, "422 invalid_request"],
    ["100,000 objects in context", Buffer.from(event(`"context":${objects}`)), {}, "422 invalid_request"],
    ["100,000 arrays that never end", Buffer.from("[".repeat(100_000)), {}, "422 invalid_request"],
    ["2 MiB", Buffer.alloc(2 * BODY_BYTES, 0x20), {}, "413 payload_too_large"],
    ["nothing", new Uint8Array(), {}, "400 malformed_json"],
  ];

  let slowest = { name: "", took: 0 };
  afterAll(() => {
    process.stdout.write(
      `  hostile bodies: the slowest, ${slowest.name}, was refused in ${slowest.took.toFixed(0)} ms\n`,
    );
  });

  test.each(cases)("%s", async (name, body, headers, expected) => {
    const before = await head();
    const begun = performance.now();
    const answer = await post(body, headers);
    const took = performance.now() - begun;
    if (took > slowest.took) slowest = { name, took };
    expect(`${answer.status} ${answer.body.code}`, JSON.stringify(answer.body)).toBe(expected);
    // 100 ms on an idle machine; the bound leaves room for a busy one.
    expect(took).toBeLessThan(1_000);
    expect(await head()).toBe(before);
  });
});
