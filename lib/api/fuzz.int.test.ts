import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call } from "@/lib/log-kinds/call/call";
import { type Answer, ask, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { documentedRoutes } from "@/lib/testing/openapi-requests";

let api: TestApi;
let tenant: Tenant;
beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
  tenant = await makeTenant("Fuzz");
});
afterAll(() => api.close());

/** Runs of each property. The seed is printed by fast-check when one fails. */
const RUNS = 250;

/** Never our fault: an answer, and one that says what is wrong where something is. */
function expectHonest(answer: Answer): void {
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(500);
  if (answer.status < 400) return;
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(answer.body).toMatchObject({ status: answer.status, code: expect.any(String), detail: expect.any(String) });
}

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom("", "\0", "__proto__", "constructor", "\ud800", "İ", "ß", "\u202e", "null", "…", "∅", "=", "'"),
);
const number = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 2 ** 53 - 1, -(2 ** 53) + 1, 2 ** 53, 1e300, 5e-324, 1e21),
);
const time = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .date({ min: new Date("1690-01-01"), max: new Date("2300-01-01"), noInvalidDate: true })
      .map((at) => at.toISOString()),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "0001-01-01T00:00:00Z",
      "9999-12-31T23:59:59Z",
      "1969-12-31T23:59:59.999999Z",
      "2020-02-30T00:00:00Z",
      "2020-01-01T24:00:00Z",
      "2016-12-31T23:59:60Z",
      "2020-01-01T00:00:00+23:59",
      "2020-01-01T00:00:00.123456789Z",
      "+020000-01-01T00:00:00Z",
      "now",
    ),
  },
);
const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    number,
    text,
    time,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(text, tie("value"), { maxKeys: 4 }),
  ),
})).value;

/** An event that is nearly right: each field is sometimes there, and then mostly of its type. */
const fields = Object.fromEntries(
  call.fields.map((field) => {
    const good = {
      text,
      integer: fc.nat(),
      list: fc.array(text),
      json: fc.dictionary(text, json),
      objects: json,
      time,
    };
    return [field.name, fc.oneof({ weight: 9, arbitrary: good[field.type] }, { weight: 1, arbitrary: json })];
  }),
);
const event = fc.record(
  {
    ...fields,
    kind: fc.oneof({ weight: 9, arbitrary: fc.constant("call") }, { weight: 1, arbitrary: json }),
    outcome: fc.oneof({ weight: 9, arbitrary: fc.constant("success") }, { weight: 1, arbitrary: json }),
    id: fc.oneof({ weight: 4, arbitrary: fc.uuid() }, { weight: 1, arbitrary: json }),
    occurred_at: fc.oneof({ weight: 4, arbitrary: time }, { weight: 1, arbitrary: json }),
    app_id: json,
  },
  { requiredKeys: ["kind", "outcome"] },
);

describe("whatever is sent is answered with 2xx or 4xx", () => {
  test("events that are nearly right; what is taken can be read, searched, counted and exported", async () => {
    let taken = 0;
    const always = ["kind", "outcome", "occurred_at"];
    // Fields are chosen one by one, so that many events are right but for one field.
    const few = fc.tuple(event, fc.subarray([...Object.keys(fields), "id"], { maxLength: 6 }));
    const property = fc.asyncProperty(fc.array(few, { minLength: 1, maxLength: 2 }), async (chosen) => {
      const events = chosen.map(([one, names]) =>
        Object.fromEntries(Object.entries(one).filter(([name]) => [...always, ...names].includes(name))),
      );
      const answer = await ask(api, tenant.key, "/v1/events", { body: JSON.stringify(events) });
      expectHonest(answer);
      if (answer.status !== 201) return;
      taken += 1;
      const [receipt] = answer.body.receipts;
      const { status, body } = await ask(api, tenant.key, `/v1/events/${receipt.id}`);
      expect(status, JSON.stringify(body)).toBe(200);
      const at = Date.parse(body.occurred_at);
      const window = `from=${new Date(at - 1_000).toISOString()}&to=${new Date(at + 1_000).toISOString()}&kind=call`;
      for (const path of ["events/search", "events/facets", "events/histogram", "exports/download"]) {
        const read = await ask(api, tenant.key, `/v1/${path}?${window}&id=${receipt.id}`);
        expect(read.status, `${path} ${window}: ${JSON.stringify(read.body)}`).toBe(200);
        if (path === "events/search") expect(read.body.events).toHaveLength(1);
        if (path === "events/facets") expect(read.body.total).toBe(1);
      }
    });
    await fc.assert(property, { numRuns: RUNS });
    expect(taken).toBeGreaterThan(RUNS / 8);
  });

  test("any JSON at all", async () => {
    const property = fc.asyncProperty(fc.oneof(json, fc.record({ events: json }), fc.array(json)), async (body) => {
      expectHonest(await ask(api, tenant.key, "/v1/events", { body: JSON.stringify(body) }));
    });
    await fc.assert(property, { numRuns: RUNS });
  });

  test("raw bytes, broken JSON and broken gzip", async () => {
    const good = Buffer.from(JSON.stringify({ kind: "call", outcome: "success", context: { a: [1, "é"] } }));
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .tuple(fc.nat(good.length), fc.uint8Array({ maxLength: 3 }))
        .map(([at, insert]) => Buffer.concat([good.subarray(0, at), insert, good.subarray(at)])),
      fc.nat(good.length).map((at) => good.subarray(0, at)),
    );
    const types = fc.constantFrom("application/json", "application/x-ndjson", "application/json; charset=latin1", "x");
    const encodings = fc.constantFrom(undefined, "gzip", "identity", "GZIP", "br", "gzip,gzip", "");
    const property = fc.asyncProperty(bytes, types, encodings, fc.boolean(), async (raw, type, encoding, pack) => {
      const headers = { "content-type": type, ...(encoding !== undefined && { "content-encoding": encoding }) };
      const body = pack ? gzipSync(raw).subarray(0, raw.length % 7 === 0 ? -3 : undefined) : raw;
      expectHonest(await ask(api, tenant.key, "/v1/events", { body: new Uint8Array(body), headers }));
    });
    await fc.assert(property, { numRuns: RUNS });
  });

  test("any parameters of any read", async () => {
    const routes = (await documentedRoutes(api)).filter(({ method }) => method === "GET");
    const value = fc.oneof(
      text.filter((one) => !/\p{Surrogate}/u.test(one)),
      time,
      number.map(String),
      fc.constantFrom("all", "call", "100", tenant.appId, "MXQxLjA", "MXMwLjAuMC4xLjA"),
      fc.string({ unit: "binary" }).map((one) => Buffer.from(`1t${one}`).toString("base64url")),
      fc
        .array(fc.integer(), { maxLength: 7 })
        .map((numbers) => Buffer.from(`1s${numbers.map((one) => one.toString(36)).join(".")}`).toString("base64url")),
    );
    const property = fc.asyncProperty(
      fc.constantFrom(...routes),
      fc.array(fc.tuple(fc.nat(), value), { maxLength: 5 }),
      value,
      async (route, chosen, id) => {
        const query = new URLSearchParams([
          ["from", "2020-01-01T00:00:00Z"],
          ["to", "2030-01-01T00:00:00Z"],
        ]);
        for (const [index, one] of chosen) query.set(route.queryNames[index % route.queryNames.length] ?? "x", one);
        expectHonest(await ask(api, tenant.key, `${route.path.replace("{id}", encodeURIComponent(id))}?${query}`));
      },
    );
    await fc.assert(property, { numRuns: 2 * RUNS });
  });

  test("any administrative body", async () => {
    const routes = (await documentedRoutes(api)).filter(({ body }) => body("") !== undefined);
    const property = fc.asyncProperty(fc.constantFrom(...routes), fc.string(), json, async (route, name, value) => {
      const sample = route.body(tenant.appId);
      const body = typeof sample === "object" && sample ? { ...sample, [name || "name"]: value } : value;
      const path = route.path.replace("{id}", tenant.otherAppId);
      expectHonest(await ask(api, tenant.key, path, { method: route.method, body: JSON.stringify(body) }));
    });
    await fc.assert(property, { numRuns: RUNS });
  });
});
