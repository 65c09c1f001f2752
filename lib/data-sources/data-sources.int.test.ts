import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask, makeKey, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";

let api: TestApi;
let tenant: Tenant;
beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
  tenant = await makeTenant("Sources");
});
afterAll(() => api.close());

const send = (method: string, path: string, body?: unknown, key: string | undefined = tenant.key) =>
  ask(api, key, `/v1/data-sources${path}`, { method, ...(body !== undefined && { body }) });
const CONNECTION = { host: "db.example.com", database: "orders", username: "reader", password: "canary-7f3b1d" };
const create = async (more: object = {}) =>
  send("POST", "", { name: randomUUID(), app_id: tenant.appId, type: "postgres", ...more });
const connect = async (more: object = {}): Promise<string> => (await create({ ...CONNECTION, ...more })).body.id;
const pointersOf = (body: { errors: { pointer: string }[] }) => body.errors.map(({ pointer }) => pointer);

describe("a data source", () => {
  test("is answered as it was made, with defaults and without its password", async () => {
    const { status, body } = await create({
      ...CONNECTION,
      name: "Orders",
      query_link: "https://x.example/q/{query_id}",
    });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.any(String),
      app_id: tenant.appId,
      name: "Orders",
      type: "postgres",
      host: "db.example.com",
      port: 5432,
      database: "orders",
      username: "reader",
      has_password: true,
      tls: "require",
      tls_reason: null,
      query_link: "https://x.example/q/{query_id}",
      state: "connected",
      created_at: expect.stringMatching(/^\d{4}-.*\.\d{6}Z$/),
      disconnected_at: null,
      last_tested_at: null,
      last_test: null,
      catalogued_at: null,
    });
    expect((await send("GET", `/${body.id}`)).body).toEqual(body);
    expect((await send("GET", "")).body.data_sources).toContainEqual(body);
  });

  test("of another type needs no connection, and may have none", async () => {
    const plain = await create({ type: "snowflake" });
    expect(plain.body).toMatchObject({ type: "snowflake", host: null, port: null, tls: null, has_password: false });
    const refused = await create({ type: "snowflake", host: "x.example", password: "secret" });
    expect(refused.status).toBe(422);
    expect(pointersOf(refused.body)).toEqual(["/host", "/password"]);
  });

  test.each([
    [{ host: "x.example" }, ["/database", "/username"]],
    [{ password: "secret" }, ["/host", "/database", "/username"]],
    [{ ...CONNECTION, tls: "disable" }, ["/tls_reason"]],
    [{ ...CONNECTION, tls_reason: "why" }, ["/tls_reason"]],
    [{ ...CONNECTION, port: 70_000 }, ["/port"]],
    [{ ...CONNECTION, host: "a\u0007b" }, ["/host"]],
    [{ type: "oracle" }, ["/type"]],
    [{ extra: 1 }, ["/extra"]],
  ])("%j is refused, with what to mend", async (more, pointers) => {
    const { status, body } = await create(more);
    expect(status).toBe(422);
    expect(pointersOf(body)).toEqual(pointers);
  });

  test.each([
    "javascript:alert({query_id})",
    "https://x.example/",
    "https://{query_id}.example/",
    "https://x.example/{query_id}/{query_id}",
    "https://user:pw@x.example/{query_id}",
    "/{query_id}",
  ])("a link template %s is refused", async (query_link) => {
    expect(pointersOf((await create({ query_link })).body)).toEqual(["/query_link"]);
  });

  test("has a name of its own, also beside one that is disconnected", async () => {
    const name = randomUUID();
    const { body } = await create({ name });
    await send("DELETE", `/${body.id}`);
    const second = await create({ name });
    expect(second).toMatchObject({ status: 409, body: { code: "conflict", detail: expect.stringContaining(name) } });
    const other = (await create()).body.id;
    expect((await send("PATCH", `/${other}`, { name })).status).toBe(409);
    expect((await send("PATCH", `/${body.id}`, { name, state: "connected" })).status).toBe(200);
  });
});

describe("a change", () => {
  test("touches what it names", async () => {
    const id = await connect();
    const before = (await send("GET", `/${id}`)).body;
    const changed = await send("PATCH", `/${id}`, { database: "archive", query_link: "http://x.example/{query_id}" });
    expect(changed.body).toEqual({ ...before, database: "archive", query_link: "http://x.example/{query_id}" });
    expect((await send("PATCH", `/${id}`, { query_link: null, password: null })).body).toMatchObject({
      query_link: null,
      has_password: false,
    });
  });

  test.each([{ host: "attacker.example" }, { port: 6543 }, { tls: "disable", tls_reason: "why not" }])(
    "of where the password goes (%j) needs the password again",
    async (change) => {
      const id = await connect();
      const refused = await send("PATCH", `/${id}`, change);
      expect(refused.status).toBe(422);
      expect(pointersOf(refused.body)).toEqual(["/password"]);
      expect((await send("PATCH", `/${id}`, { ...change, password: "again" })).body).toMatchObject(change);
      const without = await connect();
      expect((await send("PATCH", `/${without}`, { ...change, password: null })).body).toMatchObject({
        ...change,
        has_password: false,
      });
    },
  );

  test("to stronger TLS keeps the password and drops the reason", async () => {
    const id = await connect({ tls: "disable", tls_reason: "a tunnel" });
    const { body } = await send("PATCH", `/${id}`, { tls: "verify-full" });
    expect(body).toMatchObject({ tls: "verify-full", tls_reason: null, has_password: true });
  });

  test("takes the connection away as a whole", async () => {
    const id = await connect();
    expect(pointersOf((await send("PATCH", `/${id}`, { host: null })).body)).toContain("/host");
    const gone = { host: null, port: null, database: null, username: null, tls: null, password: null };
    expect((await send("PATCH", `/${id}`, gone)).body).toMatchObject({ host: null, tls: null, has_password: false });
  });
});

describe("disconnecting", () => {
  test("forgets the password, keeps the rest, and can be undone", async () => {
    const id = await connect();
    const columns = [{ database: "d", schema: "s", table: "t", column: "c" }];
    await send("PUT", `/${id}/catalogue`, { columns });
    const gone = await send("DELETE", `/${id}`);
    expect(gone.body).toMatchObject({ id, state: "disconnected", has_password: false, host: "db.example.com" });
    expect((await send("DELETE", `/${id}`)).body).toEqual(gone.body);
    expect((await send("PATCH", `/${id}`, { name: "other" })).status).toBe(409);
    expect((await send("PUT", `/${id}/catalogue`, { columns: [] })).status).toBe(409);
    expect((await send("GET", `/${id}/catalogue`)).body.columns).toHaveLength(1);
    const back = await send("PATCH", `/${id}`, { state: "connected", password: "again" });
    expect(back.body).toMatchObject({ state: "connected", has_password: true, disconnected_at: null });
  });
});

test("a collector's key reads one source and its catalogue, of its own app, and nothing else", async () => {
  const id = await connect();
  const other = await connect({ app_id: tenant.otherAppId });
  const key = await makeKey(tenant.orgId, tenant.appId, { scopes: ["events:write"] });
  const told = await send("GET", `/${id}`, undefined, key);
  expect(told.status).toBe(200);
  // Nothing of how it is reached, but its host.
  expect(Object.keys(told.body).sort()).toEqual(["app_id", "host", "id", "name", "state", "type"]);
  expect((await send("GET", `/${id}/catalogue`, undefined, key)).status).toBe(200);
  expect((await send("GET", `/${other}`, undefined, key)).status).toBe(404);
  expect((await send("GET", "", undefined, key)).status).toBe(403);
  expect((await send("PUT", `/${id}/catalogue`, { columns: [] }, key)).status).toBe(403);
  expect((await send("DELETE", `/${id}`, undefined, key)).status).toBe(403);
});

test("of two that take one name at once, one gets it", async () => {
  const name = randomUUID();
  const statuses = (await Promise.all(Array.from({ length: 6 }, () => create({ name })))).map(({ status }) => status);
  expect(statuses.sort()).toEqual([201, 409, 409, 409, 409, 409]);
});
