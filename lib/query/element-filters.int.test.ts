import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask, makeKey, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { signInAs } from "@/lib/testing/portal";

let api: TestApi;
let tenant: Tenant;
const window = "from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z";
const ids = new Map<string, string>();

/** More different words than the index keeps of a row. */
const manyWords = Array.from({ length: 300 }, (_, index) => `column${index}`).join(", ");

const queries: Record<string, Record<string, unknown>> = {
  email: {
    query_text: "select email from customers",
    database_name: "shop",
    objects_accessed: [{ database: "shop", schema: "public", table: "customers", column: "email" }],
    tags_accessed: [
      { key: "PII", value: "email", decision: "masked", rationale: "role analyst" },
      { key: "REGION", value: "eu" },
    ],
  },
  crossed: {
    query_text: "select total from orders",
    objects_accessed: [
      { database: "shop", schema: "public", table: "customers", column: "total" },
      { database: "shop", schema: "public", table: "orders", column: "email" },
    ],
    tags_accessed: [
      { key: "PII", value: "eu" },
      { key: "REGION", value: "email" },
    ],
  },
  scalar: { query_text: "vacuum", database_name: "Shop", schema_name: "public", table_name: "customers" },
  long: { query_text: `select ${manyWords} from wide` },
  other: { query_text: "select zebra from zoo" },
};

beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
  tenant = await makeTenant("Elements");
  for (const [name, fields] of Object.entries(queries)) {
    const completed_at = "2026-11-20T12:00:00Z";
    const { body } = await ask(api, tenant.key, "/v1/events", { body: { kind: "query", completed_at, ...fields } });
    ids.set(body.receipts[0].id, name);
  }
});
afterAll(() => api.close());

const names = (events: { id: string }[]) => events.map(({ id }) => ids.get(id) ?? id).sort();

/** The same question to every reader that takes filters. */
async function readers(filter: string): Promise<Record<string, string[]>> {
  const [search, tail, csv, facets] = await Promise.all([
    ask(api, tenant.key, `/v1/events/search?kind=query&${window}&${filter}`),
    ask(api, tenant.key, `/v1/events?kind=query&${filter}`),
    ask(api, tenant.key, `/v1/exports/download?kind=query&${window}&${filter}`),
    ask(api, tenant.key, `/v1/events/facets?kind=query&${window}&${filter}`),
  ]);
  const lines = (csv.body as string).split("\r\n").slice(1, -1);
  const inCsv = [...ids].flatMap(([id, name]) => (lines.some((line) => line.includes(id)) ? [name] : [])).sort();
  expect(facets.body.total).toBe(search.body.events.length);
  return { search: names(search.body.events), tail: names(tail.body.events), csv: inCsv };
}

describe("filters of a query's tags, objects and words, in search, tail, CSV and counts", () => {
  test.each([
    ["tag_key=pii", ["crossed", "email"]],
    ["tag_key=PII&tag_value=EMAIL", ["email"]],
    ["tag_key=region&tag_value=email", ["crossed"]],
    ["table=customers", ["crossed", "email", "scalar"]],
    ["table=customers&column=email", ["email"]],
    ["database=SHOP", ["crossed", "email", "scalar"]],
    ["database=shop&schema=public&table=orders&column=email", ["crossed"]],
    ["database=shop&column=email&tag_key=region", ["crossed", "email"]],
    ["text=total", ["crossed"]],
    ["text=ZEBRA%20select", ["other"]],
    ["text=zeb", []],
    ["text=column7", ["long"]],
    // Beyond the words that the index keeps: such a row is read, not missed.
    ["text=column299", ["long"]],
  ])("%s", async (filter, expected) => {
    const found = await readers(filter);
    expect(found).toEqual({ search: expected, tail: expected, csv: expected });
  });

  test("a second value for the same filter is a 400 that says so", async () => {
    const { status, body } = await ask(api, tenant.key, `/v1/events/search?kind=query&${window}&tag_key=a&tag_key=b`);
    expect(status).toBe(400);
    expect(body.errors).toEqual([{ pointer: "tag_key", message: expect.stringContaining("one value") }]);
  });

  test("another kind has no such filter", async () => {
    const { status } = await ask(api, tenant.key, `/v1/events/search?kind=call&${window}&tag_key=a`);
    expect(status).toBe(400);
  });
});

describe("a long statement", () => {
  const long = `select ${"identifier_of_a_column, ".repeat(200)}1 from t`;
  let id = "";
  beforeAll(async () => {
    const event = {
      kind: "query",
      occurred_at: "2026-11-19T12:00:00Z",
      query_text: long,
      data_source_type: "postgres",
    };
    const { body } = await ask(api, tenant.key, "/v1/events", { body: event });
    id = body.receipts[0].id;
  });

  test("is cut in a list, which says so, and whole in the row opened whole and in the tail", async () => {
    const asked = `/v1/events/search?kind=query&from=2026-11-19T00:00:00Z&to=2026-11-20T00:00:00Z`;
    const [row] = (await ask(api, tenant.key, asked)).body.events;
    expect(row).toMatchObject({ id, has_more_fields: true, cut_fields: ["query_text"] });
    expect(row.query_text).toBe(long.slice(0, 2_048));
    const whole = (await ask(api, tenant.key, `/v1/events/${id}`)).body;
    expect(whole.query_text).toMatch(/1? from t$/);
    expect(whole.query_text.length).toBe(long.length);
    expect(whole).not.toHaveProperty("cut_fields");
    const tail = (await ask(api, tenant.key, "/v1/events?kind=query&limit=1000")).body.events;
    expect(tail.at(-1).query_text).toBe(whole.query_text);
  });

  test("is nothing that a member sees, or finds by its words", async () => {
    const member = await signInAs({ orgId: tenant.orgId, role: "member", appIds: [tenant.appId] });
    const headers = { cookie: member.cookie };
    const asked = `/v1/events/search?kind=query&from=2026-11-19T00:00:00Z&to=2026-11-20T00:00:00Z`;
    const [row] = (await ask(api, undefined, asked, { headers })).body.events;
    expect(row).toMatchObject({ id, query_text: null });
    expect((await ask(api, undefined, `/v1/events/${id}`, { headers })).body.query_text).toBeNull();
    const found = await ask(api, undefined, `${asked}&text=identifier_of_a_column`, { headers });
    expect(found.body.events).toEqual([]);
  });
});

describe("the organization's own log", () => {
  test("is addressed as system, by those who see the whole organization, and by no one else", async () => {
    const asked = `/v1/events/search?${window}&`;
    const own = await makeKey(tenant.orgId, tenant.appId, { scopes: ["events:read"] });
    for (const where of ["app_id=system", "kind=system", "kind=system&app_id=system"]) {
      expect((await ask(api, tenant.key, asked + where)).status, where).toBe(200);
      expect((await ask(api, own, asked + where)).status, where).toBe(404);
    }
    const other = await makeTenant("Another");
    expect((await ask(api, other.key, `${asked}app_id=system`)).body.events).toEqual([]);
    const refused = await ask(api, tenant.key, `${asked}kind=system&app_id=${tenant.appId}`);
    expect(refused.status).toBe(400);
    expect(refused.body.errors[0].pointer).toBe("app_id");
  });
});
