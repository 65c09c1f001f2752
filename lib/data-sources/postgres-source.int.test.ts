import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Coverage, CoverageFinding } from "@/lib/contracts/coverage";
import { readPool } from "@/lib/db/pools";
import { ask, makeKey, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { startTestCluster, type TestCluster } from "@/lib/testing/cluster";
import { createTestDatabase } from "@/lib/testing/database";
import { openPrivateNetworks } from "@/lib/testing/private-networks";

openPrivateNetworks("127.0.0.1/32");

const PASSWORD = "canary-5c1e0d9a";
let api: TestApi;
let tenant: Tenant;
let cluster: TestCluster;
let admin: pg.Client;
beforeAll(async () => {
  await createTestDatabase();
  [api, cluster] = await Promise.all([startApi(), startTestCluster({ logging_collector: "on" })]);
  tenant = await makeTenant("PostgreSQL");
  admin = new pg.Client({ connectionString: cluster.url });
  admin.on("error", () => {});
  await admin.connect();
  await admin.query(`create role reader login password '${PASSWORD}'`);
  await admin.query("create table people (id int primary key, email text, born date)");
  await admin.query(
    'create schema "odd name"; create view "odd name"."v.iew" as select email as "e""mail" from people',
  );
});
afterAll(async () => {
  await admin.end();
  await Promise.all([api.close(), cluster.remove()]);
});

const port = () => Number(new URL(cluster.url).port);
const send = (method: string, path: string, body?: unknown, key = tenant.key) =>
  ask(api, key, `/v1/data-sources${path}`, { method, ...(body !== undefined && { body }) });
async function connect(more: object = {}): Promise<string> {
  const source = {
    name: randomUUID(),
    app_id: tenant.appId,
    type: "postgres",
    host: "127.0.0.1",
    port: port(),
    database: "affidavit",
    username: "reader",
    password: PASSWORD,
    tls: "disable",
    tls_reason: "a test on one machine",
    ...more,
  };
  const { status, body } = await send("POST", "", source);
  expect(status, JSON.stringify(body)).toBe(201);
  return body.id;
}

describe("the test of a connection", () => {
  test("says that it works, and keeps that", async () => {
    const id = await connect();
    const { status, body } = await send("POST", `/${id}/test`);
    expect(status).toBe(200);
    expect(body.last_test).toEqual({
      ok: true,
      message: expect.stringMatching(/^Connected to PostgreSQL 18\.\d+ as “reader”\.$/),
    });
    expect((await send("GET", `/${id}`)).body).toEqual(body);
    // What was changed was not tested.
    expect((await send("PATCH", `/${id}`, { database: "postgres" })).body.last_test).toBeNull();
  });

  test.each([
    [{ password: "wrong" }, "The password of “reader” was refused"],
    [{ password: undefined }, "asks for the password of “reader”, and none is kept"],
    [{ database: "nothing" }, "There is no database “nothing”"],
    [{ port: 1 }, "Nothing takes connections at 127.0.0.1, port 1"],
    [{ host: "nowhere.invalid" }, "There is no host named nowhere.invalid"],
    [{ host: "localhost" }, /./],
    [{ tls: "require", tls_reason: undefined }, "127.0.0.1 does not offer TLS"],
  ])("says what is wrong: %j", async (more, sentence) => {
    const { status, body } = await send("POST", `/${await connect(more)}/test`);
    expect(status).toBe(200);
    if (sentence instanceof RegExp) return expect(body.last_test.message).toMatch(sentence);
    expect(body.last_test).toEqual({ ok: false, message: expect.stringContaining(sentence) });
  });

  test("tells a key of one app nothing of what stands where", async () => {
    const key = await makeKey(tenant.orgId, tenant.appId, { scopes: ["sources:manage"] });
    const id = await connect({ port: 1 });
    const { body } = await send("POST", `/${id}/test`, undefined, key);
    expect(body.last_test.message).toBe(
      "There is no usable PostgreSQL server at 127.0.0.1, port 1. Check the address, or ask an admin.",
    );
    expect((await send("GET", `/${id}`)).body.last_test.message).toContain("Nothing takes connections");
  });

  test.each(["169.254.169.254", "127.0.0.2", "0x7f.2", "[::1]", "10.0.0.1", "fd00:ec2::254"])(
    "an address that is closed, %s, is refused where it is written down",
    async (host) => {
      const { status, body } = await send("POST", "", {
        name: randomUUID(),
        app_id: tenant.appId,
        type: "postgres",
        host,
        database: "d",
        username: "u",
      });
      expect(status).toBe(422);
      expect(body.errors[0].pointer).toBe("/host");
      const id = await connect();
      expect((await send("PATCH", `/${id}`, { host, password: null })).status).toBe(422);
    },
  );

  test("needs a connection, and one that is in use", async () => {
    const plain = (await send("POST", "", { name: randomUUID(), app_id: tenant.appId, type: "postgres" })).body.id;
    expect((await send("POST", `/${plain}/test`)).body).toMatchObject({ code: "source_unreachable" });
    const other = (await send("POST", "", { name: randomUUID(), app_id: tenant.appId, type: "bigquery" })).body.id;
    expect((await send("POST", `/${other}/refresh`)).body.detail).toContain("Only PostgreSQL");
    const id = await connect();
    await send("DELETE", `/${id}`);
    for (const path of ["test", "refresh"]) expect((await send("POST", `/${id}/${path}`)).body.code).toBe("conflict");
    expect((await send("GET", `/${id}/coverage`)).body.code).toBe("conflict");
  });
});

test("the password is in no answer and not in the database", async () => {
  const id = await connect({ password: "canary-wrong-77" });
  await connect();
  const answers = [
    await send("GET", ""),
    await send("GET", `/${id}`),
    await send("POST", `/${id}/test`),
    await send("POST", `/${id}/refresh`),
    await send("PATCH", `/${id}`, { name: randomUUID() }),
  ];
  expect(JSON.stringify(answers)).not.toContain("canary");
  const tables = ['"DataSource"', '"DataKey"', "audit.event"];
  for (const table of tables) {
    const { rows } = await readPool().query<{ row: string }>(`select t::text as row from ${table} t`);
    const text = rows.map(({ row }) => row).join("\n");
    expect(text.length, table).toBeGreaterThan(0);
    for (const form of ["canary", Buffer.from("canary").toString("hex"), Buffer.from(PASSWORD).toString("base64")])
      expect(text, table).not.toContain(form);
  }
});

describe("reading the catalogue", () => {
  test("takes tables and views without the system's own; what stays keeps its tags", async () => {
    const id = await connect();
    expect((await send("POST", `/${id}/refresh`)).body).toEqual({ columns: 4, added: 4, removed: 0 });
    const { columns } = (await send("GET", `/${id}/catalogue`)).body;
    const place = { database: "affidavit", connected: true, tags: [] };
    expect(columns).toEqual([
      { ...place, schema: "odd name", table: "v.iew", column: 'e"mail', data_type: "text" },
      { ...place, schema: "public", table: "people", column: "born", data_type: "date" },
      { ...place, schema: "public", table: "people", column: "email", data_type: "text" },
      { ...place, schema: "public", table: "people", column: "id", data_type: "integer" },
    ]);
    const tagged = columns.map((one: { column: string }) =>
      one.column === "email" ? { ...one, connected: false, tags: [{ key: "sensitivity", value: "personal" }] } : one,
    );
    await send("PUT", `/${id}/catalogue`, { columns: tagged });
    await admin.query("alter table people drop column born, add column phone text");
    expect((await send("POST", `/${id}/refresh`)).body).toEqual({ columns: 4, added: 1, removed: 1 });
    const after = (await send("GET", `/${id}/catalogue?search=email`)).body.columns;
    expect(after).toEqual([tagged[2]]);
    expect((await send("GET", `/${id}`)).body.catalogued_at).not.toBeNull();
    await admin.query("alter table people drop column phone, add column born date");
  });

  test("leaves out what an extension brought", async () => {
    const id = await connect();
    await admin.query("create extension pg_stat_statements");
    expect((await send("POST", `/${id}/refresh`)).body.columns).toBe(4);
    await admin.query("drop extension pg_stat_statements");
  });

  test("says why it cannot, and changes nothing", async () => {
    const id = await connect({ database: "nothing" });
    const { status, body } = await send("POST", `/${id}/refresh`);
    expect([status, body.code]).toEqual([409, "source_unreachable"]);
    expect(body.detail).toContain("There is no database “nothing”");
  });
});

describe("the coverage check", () => {
  const coverage = async (id: string) => (await send("GET", `/${id}/coverage`)).body as Coverage;
  const about = (findings: CoverageFinding[], setting: string) => findings.find((one) => one.setting === setting);

  test("finds that nothing is recorded, and its fixes mend that", async () => {
    const id = await connect();
    await send("POST", `/${id}/refresh`);
    const before = await coverage(id);
    expect(before.level).toBe("error");
    expect(before.log_dir).toBeNull();
    expect(about(before.findings, "log_min_duration_statement")).toMatchObject({ level: "error", value: "-1" });
    expect(about(before.findings, "log_destination")).toMatchObject({ level: "error", value: "stderr" });
    expect(about(before.findings, "pg_read_all_settings")).toMatchObject({ level: "warning" });
    expect(about(before.findings, "logging_collector")).toMatchObject({ level: "ok" });
    for (const { fix, level } of before.findings) {
      if (level === "ok" || fix === null) continue;
      for (const statement of fix.split("\n")) await admin.query(statement);
    }
    const seen: string[] = [];
    await expect
      .poll(async () => {
        const { level, findings } = await coverage(id);
        seen.push(JSON.stringify(findings));
        return level;
      })
      .not.toBe("error");
    const { findings, log_dir } = await coverage(id);
    const { rows } = await admin.query(
      "select current_setting('data_directory') || '/' || current_setting('log_directory') as dir",
    );
    expect(log_dir).toBe(rows[0].dir);
    expect(about(findings, "log_destination")).toMatchObject({ level: "ok", value: "stderr,jsonlog" });
    expect(about(findings, "log_min_duration_statement")).toMatchObject({ level: "ok", value: "0" });
    expect(about(findings, "pg_read_all_settings")).toBeUndefined();
  });

  test("names the tables that the catalogue does not have yet", async () => {
    const id = await connect();
    expect(about((await coverage(id)).findings, "catalogue")).toMatchObject({
      level: "error",
      message: "Nothing is recorded: no table of it is known. Read the catalogue first.",
    });
    await send("POST", `/${id}/refresh`);
    expect(about((await coverage(id)).findings, "catalogue")).toBeUndefined();
    await admin.query("create table later (id int)");
    expect(about((await coverage(id)).findings, "catalogue")).toMatchObject({
      level: "warning",
      message: expect.stringContaining(": public.later."),
    });
    await admin.query("drop table later");
  });

  test("sees what a role sets for itself", async () => {
    const id = await connect();
    await admin.query('create role "qui""et" login');
    await admin.query('alter role "qui""et" set log_min_duration_statement = -1');
    await admin.query('alter role "qui""et" in database affidavit set log_statement = ddl');
    await admin.query('alter role "qui""et" set log_min_error_statement = fatal');
    await admin.query('alter role "qui""et" set pgaudit.log = none');
    await admin.query('alter role "qui""et" set pgaudit.log_rows = off');
    const found = (await coverage(id)).findings.filter(({ message }) => message.includes("qui"));
    expect(found.map(({ fix }) => fix).sort()).toEqual([
      'ALTER ROLE "qui""et" IN DATABASE "affidavit" RESET log_statement;',
      'ALTER ROLE "qui""et" RESET log_min_duration_statement;',
      'ALTER ROLE "qui""et" RESET log_min_error_statement;',
      'ALTER ROLE "qui""et" RESET pgaudit.log;',
      'ALTER ROLE "qui""et" RESET pgaudit.log_rows;',
    ]);
    for (const { fix } of found) await admin.query(fix ?? "");
    expect((await coverage(id)).findings.filter(({ message }) => message.includes("qui"))).toEqual([]);
  });
});
