import { afterAll, beforeAll, expect, test } from "vitest";
import { parseApiKey } from "@/lib/access/api-key-format";
import { EVENTS } from "@/lib/system-audit/events";
import { ask, makeKey, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { signInAs } from "@/lib/testing/portal";
import { type SystemRow, systemLogRows } from "@/lib/testing/system-log";

let api: TestApi;
let tenant: Tenant;
let key: string;
beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
  tenant = await makeTenant("One");
  key = await makeKey(tenant.orgId, tenant.appId, { scopes: ["system:write"] });
});
afterAll(() => api.close());

const LOCK = {
  kind: "system",
  category: "locks",
  action: "create",
  event: "lock.created",
  source_system: "policy-engine",
  actor_email: "ana@example.com",
  target_type: "lock",
  target_id: "lock-7",
  changes: [{ field: "columns", old: [], new: ["EMAIL"] }],
};
const post = (body: unknown, as: string | null = key, query = "", headers: Record<string, string> = {}) =>
  ask(api, as ?? undefined, `/v1/events${query}`, { body, headers });

test("system:write alone writes an outside system's acts to the organization's log", async () => {
  const { status, body } = await post([LOCK, { ...LOCK, app_id: "system", category: "row_policy" }]);
  expect(status, JSON.stringify(body)).toBe(201);
  const rows = (await systemLogRows(tenant.orgId)).slice(-2);
  const written = { ...LOCK, actor_source: "api", actor_key_prefix: `afd_live_${parseApiKey(key)?.id}` };
  expect(rows).toMatchObject([written, { ...written, app_id: "system", category: "row_policy" }]);
  expect(body.receipts.map(({ seq }: { seq: number }) => seq)).toEqual(rows.map(({ seq }) => seq));
  const found = await ask(api, tenant.key, "/v1/events?kind=system");
  expect(found.body.events.at(-1)).toMatchObject({ org_id: tenant.orgId, app_id: "system", target_id: "lock-7" });
});

test("a repetition is a duplicate there, too", async () => {
  const event = { ...LOCK, id: "0198b6a2-52f0-7c3e-9a44-1f6f0c2f7a10" };
  expect((await post(event)).body.receipts).toMatchObject([{ status: "created" }]);
  expect((await post(event)).body.receipts).toMatchObject([{ status: "duplicate" }]);
  expect(await post({ ...event, event: "lock.removed" })).toMatchObject({ status: 409 });
});

test("a person does not write them: every row names the key that did", async () => {
  const { cookie } = await signInAs({ orgId: tenant.orgId, role: "owner" });
  const before = (await systemLogRows(tenant.orgId)).length;
  expect(await post(LOCK, null, "", { cookie, origin: "http://localhost:3000" })).toMatchObject({
    status: 403,
    body: { code: "forbidden", detail: "System rows of outside systems are written with an API key." },
  });
  expect(await systemLogRows(tenant.orgId)).toHaveLength(before);
});

test("names are stored in lower case", async () => {
  expect(await post({ ...LOCK, event: "Lock.Created", source_system: "Policy-Engine" })).toMatchObject({ status: 201 });
  expect((await systemLogRows(tenant.orgId)).at(-1)).toMatchObject({
    event: "lock.created",
    source_system: "policy-engine",
  });
});

test("one with the id of one of our own acts does not hide it", async () => {
  await ask(api, tenant.key, "/v1/apps", { body: { name: "Billing" } });
  const { id, seq } = (await systemLogRows(tenant.orgId)).find(({ event }) => event === "app.created") as SystemRow;
  const { body } = await post({ ...LOCK, id });
  const at = (query: string) => ask(api, tenant.key, `/v1/events/${id}?app_id=system${query}`);
  expect((await at("")).body).toMatchObject({ seq, event: "app.created", source_system: "affidavit" });
  const [{ seq: later, created_at }] = body.receipts;
  expect((await at(`&created_at=${created_at}`)).body).toMatchObject({ seq: later, event: "lock.created" });
});

const fault = (at: string, message: string) => ({
  code: "invalid_request",
  errors: expect.arrayContaining([{ pointer: at, message: expect.stringContaining(message) }]),
});
const unnamed = { ...LOCK, source_system: undefined };

test.each([
  [
    "another kind among them",
    [LOCK, { kind: "call", outcome: "success" }],
    fault("/1/kind", "one request writes one log"),
  ],
  ["no source system", unnamed, fault("/source_system", "is required")],
  ["our name", { ...LOCK, source_system: "Affidavit" }, fault("/source_system", "not Affidavit")],
  ["our name and more", { ...LOCK, source_system: "affidavit-2" }, fault("/source_system", "not Affidavit")],
  ["our name, dressed up", { ...LOCK, source_system: "ＡＦＦＩDAVIT" }, fault("/source_system", "(ASCII)")],
  ["our name in Cyrillic", { ...LOCK, source_system: "\u0430ffidavit" }, fault("/source_system", "(ASCII)")],
  ["a letter that only looks like k", { ...LOCK, event: "loc\u212a.made" }, fault("/event", "(ASCII)")],
  ["a space at the end", { ...LOCK, event: "lock.made " }, fault("/event", "(ASCII)")],
  ["a long name", { ...LOCK, event: "l".repeat(129) }, fault("/event", "(ASCII)")],
  ["an app", { ...LOCK, app_id: "0198b6a2-52f0-7c3e-9a44-1f6f0c2f7a10" }, fault("/app_id", "must be system")],
  ["a field of the server's", { ...LOCK, actor_source: "cli" }, fault("/actor_source", "is set by the server")],
  [
    "a key of somebody",
    { ...LOCK, actor_key_prefix: "afd_live_x" },
    fault("/actor_key_prefix", "is set by the server"),
  ],
  ["an unknown category", { ...LOCK, category: "lock" }, fault("/category", "")],
])("with %s they are refused", async (_what, body, problem) => {
  const before = (await systemLogRows(tenant.orgId)).length;
  expect(await post(body)).toMatchObject({ status: 422, body: problem });
  expect(await systemLogRows(tenant.orgId)).toHaveLength(before);
});

test("no outside act bears a name that begins like ours", async () => {
  for (const event of [...Object.keys(EVENTS), "API_Key.Rotated", "api-key.created", "signin.failed"]) {
    const answer = await post({ ...LOCK, event });
    expect(answer, event).toMatchObject({
      status: 422,
      body: fault("/event", "names of Affidavit's own acts begin so"),
    });
  }
});

test("each log takes its own only", async () => {
  const call = { kind: "call", outcome: "success" };
  expect(await post(LOCK, tenant.key, `?app_id=${tenant.appId}`)).toMatchObject({
    status: 400,
    body: { code: "invalid_query", detail: expect.stringContaining("app_id") },
  });
  expect(await post(LOCK, key, "?app_id=system")).toMatchObject({ status: 201 });
  expect(await post(call, tenant.key, "?app_id=system")).toMatchObject({ status: 400 });
  expect(await post(call)).toMatchObject({ status: 403, body: { missing_scope: "events:write" } });
  const writer = await makeKey(tenant.orgId, tenant.appId, { scopes: ["events:write"] });
  expect(await post(LOCK, writer)).toMatchObject({ status: 403, body: { missing_scope: "system:write" } });
  expect(await post(call, writer)).toMatchObject({ status: 201 });
  const reader = await makeKey(tenant.orgId, tenant.appId, { scopes: ["events:read"] });
  expect(await post(LOCK, reader)).toMatchObject({ status: 403 });
});
