import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parseApiKey } from "@/lib/access/api-key-format";
import { CATALOGUE_COLUMNS_MAX } from "@/lib/contracts/catalogue";
import { readPool } from "@/lib/db/pools";
import { ask, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { arrange } from "@/lib/testing/arrange";
import { startTestCluster, type TestCluster } from "@/lib/testing/cluster";
import { createTestDatabase } from "@/lib/testing/database";
import { signInAs } from "@/lib/testing/portal";
import { openPrivateNetworks } from "@/lib/testing/private-networks";
import { systemLogRows, withoutSystemLog } from "@/lib/testing/system-log";

openPrivateNetworks("127.0.0.1/32");

const PASSWORD = "canary-0b7d42ce";
const ADDRESS = "canary-host.invalid";

let api: TestApi;
let tenant: Tenant;
let cluster: TestCluster;
let admin: pg.Client;
beforeAll(async () => {
  await createTestDatabase();
  [api, cluster] = await Promise.all([startApi(), startTestCluster()]);
  admin = new pg.Client({ connectionString: cluster.url });
  await admin.connect();
  await admin.query(`create role reader login password '${PASSWORD}'; create table people (id int)`);
});
beforeEach(async () => {
  tenant = await makeTenant("Attempts");
});
afterAll(async () => {
  await admin.end();
  await Promise.all([api.close(), cluster.remove()]);
});

const send = (method: string, path: string, body?: object) =>
  ask(api, tenant.key, `/v1/data-sources${path}`, { method, ...(body && { body }) });

async function connect(more: object = {}): Promise<string> {
  const { body } = await send("POST", "", {
    name: "Orders",
    app_id: tenant.appId,
    type: "postgres",
    host: "127.0.0.1",
    port: Number(new URL(cluster.url).port),
    database: "affidavit",
    username: "reader",
    password: PASSWORD,
    tls: "disable",
    tls_reason: "a test on one machine",
    ...more,
  });
  return body.id;
}

/** A closed address is refused where it is written down, so it comes there as one that a name or a setting left behind. */
const moveTo = (id: string, host: string) => arrange((tx) => tx.dataSource.update({ where: { id }, data: { host } }));

async function told() {
  const rows = await systemLogRows(tenant.orgId);
  expect(JSON.stringify(rows)).not.toContain(PASSWORD);
  return rows.filter(({ event }) => event !== "data_source.connected");
}

const WAYS = [
  ["refresh", "POST", "data_source.catalogued", {}],
  ["coverage", "GET", "data_source.tested", { what: "coverage" }],
] as const;

describe.each(WAYS)("a %s that fails is one row", (way, method, event, details) => {
  const rowOf = (id: string, fault: string) => ({
    event,
    category: "data_sources",
    outcome: "failure",
    actor_key_prefix: `afd_live_${parseApiKey(tenant.key)?.id}`,
    actor_source: "api",
    target_type: "data_source",
    target_id: id,
    target_name: "Orders",
    details: { ...details, fault },
  });

  test.each([
    [{ password: "canary-wrong" }, "credentials"],
    [{ port: 1 }, "refused"],
    [{ database: "nothing" }, "database_missing"],
    [{ host: ADDRESS }, "host_not_found"],
    [{ tls: "require", tls_reason: undefined }, "tls_not_offered"],
  ])("%j: %s", async (more, fault) => {
    const id = await connect(more);
    expect((await send(method, `/${id}/${way}`)).body).toMatchObject({ code: "source_unreachable" });
    const rows = await told();
    expect(rows).toMatchObject([rowOf(id, fault)]);
    expect(rows[0]?.details).toEqual({ ...details, fault });
    expect(JSON.stringify(rows)).not.toContain("canary");
  });

  test("where the guard of addresses refuses", async () => {
    const id = await connect();
    await moveTo(id, "169.254.169.254");
    expect((await send(method, `/${id}/${way}`)).status).toBe(409);
    const rows = await told();
    expect(rows).toMatchObject([rowOf(id, "address_not_allowed")]);
    expect(JSON.stringify(rows)).not.toContain("169.254");
  });

  test("where the server ends what it was asked", async () => {
    await admin.query("revoke select on pg_class from public");
    const id = await connect();
    expect((await send(method, `/${id}/${way}`)).status).toBe(409);
    await admin.query("grant select on pg_class to public");
    expect(await told()).toMatchObject([rowOf(id, "not_admitted")]);
  });

  test("with the person, in the portal", async () => {
    const id = await connect({ port: 1 });
    const { cookie, userId } = await signInAs({ orgId: tenant.orgId, role: "owner" });
    const headers = { cookie, origin: "http://localhost:3000" };
    expect((await ask(api, undefined, `/v1/data-sources/${id}/${way}`, { method, headers })).status).toBe(409);
    expect(await told()).toMatchObject([{ event, outcome: "failure", actor_user_id: userId, actor_source: "portal" }]);
  });

  test("and none where the source is not asked at all", async () => {
    const { body } = await send("POST", "", { name: randomUUID(), app_id: tenant.appId, type: "postgres" });
    expect((await send(method, `/${body.id}/${way}`)).body.code).toBe("source_unreachable");
    expect(await told()).toEqual([]);
  });

  test("and the answer is a fault of ours where it cannot be written", async () => {
    const id = await connect({ port: 1 });
    await withoutSystemLog("refuses", async () => {
      expect((await send(method, `/${id}/${way}`)).status).toBeGreaterThanOrEqual(500);
    });
    expect(await told()).toEqual([]);
  });
});

test("a coverage check that succeeds is one row with what it found", async () => {
  const id = await connect();
  const { status, body } = await send("GET", `/${id}/coverage`);
  expect(status).toBe(200);
  const rows = await told();
  expect(rows).toMatchObject([
    { event: "data_source.tested", category: "data_sources", outcome: "success", target_id: id, target_name: "Orders" },
  ]);
  expect(rows[0]?.details).toEqual({ what: "coverage", level: body.level });
});

test("a catalogue that is too large is a failure", async () => {
  const tables = Math.ceil(CATALOGUE_COLUMNS_MAX / 1_000);
  await admin.query(`create schema wide; do $$ declare cols text; begin
    select string_agg(format('c%s int', n), ', ') into cols from generate_series(1, 1000) n;
    for t in 1..${tables} loop execute format('create table wide.t%s (%s)', t, cols); end loop; end $$`);
  const id = await connect();
  expect((await send("POST", `/${id}/refresh`)).body.detail).toContain("more than 100,000 columns");
  await admin.query("drop schema wide cascade");
  expect(await told()).toMatchObject([{ outcome: "failure", details: { fault: "too_many_columns" } }]);
});

test("a catalogue that was read and could not be stored is a failure", async () => {
  const id = await connect();
  await readPool().query(`create function audit.test_no_column() returns trigger language plpgsql as
    $$ begin raise exception 'no column goes in'; end $$;
    create trigger test_no_column before insert on "CatalogueColumn" execute function audit.test_no_column()`);
  expect((await send("POST", `/${id}/refresh`)).status).toBeGreaterThanOrEqual(500);
  await readPool().query('drop trigger test_no_column on "CatalogueColumn"');
  expect(await told()).toMatchObject([
    { event: "data_source.catalogued", outcome: "failure", details: { fault: "not_stored" } },
  ]);
});
