import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";

let api: TestApi;
let tenant: Tenant;
beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
  tenant = await makeTenant("Acts");
});
afterAll(() => api.close());

const send = (method: string, path: string, body?: unknown) =>
  ask(api, tenant.key, `/v1/data-sources${path}`, { method, ...(body !== undefined && { body }) });

interface SystemRow {
  category: string;
  event: string;
  target_id: string;
  details?: object;
  changes?: { field: string; old: unknown; new: unknown }[];
}

test("each act is one row of the system log, with what changed and without the password; what changes nothing is none", async () => {
  const connection = { host: "db.example.com", database: "d", username: "u", password: "canary-one" };
  const { id } = (await send("POST", "", { name: "A", app_id: tenant.appId, type: "postgres", ...connection })).body;
  await send("PATCH", `/${id}`, { password: "canary-two" });
  await send("PATCH", `/${id}`, { name: "B" });
  await send("PATCH", `/${id}`, { name: "B" });
  await send("PUT", `/${id}/catalogue`, { columns: [{ database: "d", schema: "s", table: "t", column: "c" }] });
  await send("PATCH", `/${id}/catalogue`, { database: "d", schema: "s", table: "t", connected: false });
  await send("POST", `/${id}/test`);
  await send("DELETE", `/${id}`);
  await send("DELETE", `/${id}`);
  await send("PATCH", `/${id}`, { state: "connected" });
  const { body } = await ask(api, tenant.key, "/v1/events?app_id=system&limit=100");
  const rows = (body.events as SystemRow[]).filter(({ target_id }) => target_id === id);
  expect(rows.map(({ event }) => event)).toEqual([
    "data_source.connected",
    "data_source.updated",
    "data_source.updated",
    "data_source.catalogued",
    "data_source.columns_changed",
    "data_source.tested",
    "data_source.disconnected",
    "data_source.connected",
  ]);
  expect(new Set(rows.map(({ category }) => category))).toEqual(new Set(["data_sources"]));
  expect(rows[1]?.changes).toEqual([{ field: "password", old: "***", new: "***" }]);
  expect(rows[2]?.changes).toEqual([{ field: "name", old: "A", new: "B" }]);
  expect(JSON.stringify(body)).not.toContain("canary");
});

test("acts on a catalogue tell how many columns became what, and old and new of the first 50", async () => {
  const { id } = (await send("POST", "", { name: "Told", app_id: tenant.appId, type: "mysql" })).body;
  const place = { database: "d", schema: "s", table: "t" };
  const name = (n: number) => `c${String(n).padStart(2, "0")}`;
  const columns = Array.from({ length: 60 }, (_, n) => ({ ...place, column: name(n) }));
  const key = { key: "k", value: "v" };
  const put = (sent: object[]) => send("PUT", `/${id}/catalogue`, { columns: sent });
  await put(columns);
  await put(columns.map((column) => ({ ...column, connected: false })));
  await put([
    { ...columns[0], connected: true, tags: [key], data_type: "int" },
    { ...place, column: "new" },
  ]);
  await send("PATCH", `/${id}/catalogue`, { ...place, column: "c00", untag: "k" });
  await send("PATCH", `/${id}/catalogue`, { ...place, column: "c00", connected: true });
  const { body } = await ask(api, tenant.key, "/v1/events?app_id=system&limit=100");
  const [made, off, other, patched, ...rest] = (body.events as SystemRow[])
    .filter(({ target_id }) => target_id === id)
    .slice(1);
  const counts = { columns: 60, added: 0, removed: 0, connected: 0, disconnected: 0, retagged: 0, retyped: 0 };
  expect([made?.details, made?.changes]).toEqual([{ ...counts, added: 60 }, null]);
  expect(off?.details).toEqual({ ...counts, disconnected: 60 });
  const nth = (n: number) => ({ field: `d.s.t.${name(n)} connected`, old: true, new: false });
  expect(off?.changes).toEqual(Array.from({ length: 50 }, (_, n) => nth(n)));
  expect(other?.details).toEqual({
    columns: 2,
    added: 1,
    removed: 59,
    connected: 1,
    disconnected: 0,
    retagged: 1,
    retyped: 1,
  });
  expect(other?.changes).toEqual([
    { field: "d.s.t.c00 connected", old: false, new: true },
    { field: "d.s.t.c00 tags", old: [], new: [key] },
  ]);
  expect(patched).toMatchObject({
    event: "data_source.columns_changed",
    changes: [{ field: "d.s.t.c00 tags", old: [key], new: [] }],
    details: { ...place, column: "c00", untag: "k", columns: 1, connected: 0, disconnected: 0, retagged: 1 },
  });
  // What was so already is no act.
  expect(rest).toEqual([]);
});
