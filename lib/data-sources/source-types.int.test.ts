import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { listen } from "@/lib/testing/statements";

let api: TestApi;
let tenant: Tenant;
beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
  tenant = await makeTenant("Dialects");
});
afterAll(() => api.close());

async function connect(type: string, appId = tenant.appId): Promise<string> {
  const body = { name: randomUUID(), app_id: appId, type };
  return (await ask(api, tenant.key, "/v1/data-sources", { body })).body.id;
}
/** In MySQL "…" is a string; in PostgreSQL it is a name. */
const TEXT = 'select "canary-name" from t';
const event = (id: string) => ({ kind: "query", query_text: TEXT, data_source_id: id });
async function stored(id: string) {
  const { body } = await ask(api, tenant.key, "/v1/events", { body: event(id) });
  return (await ask(api, tenant.key, `/v1/events/${body.receipts[0].id}`)).body;
}

test("a statement is redacted in the dialect of its data source, which the row names", async () => {
  const postgres = await stored(await connect("postgres"));
  expect(postgres).toMatchObject({
    data_source_type: "postgres",
    query_text: TEXT,
    redaction: { dialect: "postgres" },
  });
  const mysql = await stored(await connect("mysql"));
  expect(mysql).toMatchObject({ data_source_type: "mysql", redaction: { dialect: "mysql" } });
  expect(mysql.query_text).not.toContain("canary");
});

test("another dialect than the data source's own is refused: it could show what its own hides", async () => {
  const id = await connect("snowflake");
  const named = (data_source_type: string) => ({
    kind: "query",
    query_text: "select $$secret$$",
    data_source_id: id,
    data_source_type,
  });
  const rows = async () => (await ask(api, tenant.key, "/v1/events?limit=1000")).body.events;
  const before = (await rows()).length;
  const refused = await ask(api, tenant.key, "/v1/events", { body: [named("snowflake"), named("sqlite")] });
  expect(refused.status).toBe(422);
  expect(refused.body.errors).toEqual([
    {
      pointer: "/1/data_source_type",
      message:
        "is not the type of data_source_id, which is a snowflake source: leave data_source_type out or send snowflake",
    },
  ]);
  expect(await rows()).toHaveLength(before);
  const taken = await ask(api, tenant.key, "/v1/events", { body: named("snowflake") });
  expect(taken.status).toBe(201);
  const stored = await rows();
  expect(stored).toHaveLength(before + 1);
  expect(JSON.stringify(stored)).not.toContain("secret");
});

test("an id of another app, of another organization or of nothing is kept as sent, and redacted by all dialects", async () => {
  const other = await makeTenant("Others");
  const foreign = await ask(api, other.key, "/v1/data-sources", {
    body: { name: "x", app_id: other.appId, type: "postgres" },
  });
  for (const id of [await connect("postgres", tenant.otherAppId), foreign.body.id, randomUUID(), "no uuid", "\ud7ff"]) {
    const row = await stored(id);
    expect(row.data_source_id).toBe(id);
    expect(row.data_source_type ?? null).toBeNull();
    expect(row.redaction.dialect).toBe("unknown");
    expect(row.query_text).not.toContain("canary");
  }
});

test("an id that was unknown a moment ago is known once it is connected; capitals do not matter", async () => {
  await stored(randomUUID());
  const id = await connect("postgres");
  expect((await stored(id.toUpperCase())).data_source_type).toBe("postgres");
});

test("a disconnected data source still says its dialect: rows that come late are its own", async () => {
  const id = await connect("postgres");
  await ask(api, tenant.key, `/v1/data-sources/${id}`, { method: "DELETE" });
  expect((await stored(id)).data_source_type).toBe("postgres");
});

test("one look-up for all ids of a request, and none for those that are known", async () => {
  const ids = await Promise.all([connect("postgres"), connect("mysql")]);
  const events = ids.flatMap((id) => [event(id), event(id)]);
  const asked = async () =>
    (await listen(() => ask(api, tenant.key, "/v1/events", { body: events }))).filter(({ text }) =>
      /"DataSource"/.test(text),
    );
  expect(await asked()).toHaveLength(1);
  expect(await asked()).toHaveLength(0);
});
