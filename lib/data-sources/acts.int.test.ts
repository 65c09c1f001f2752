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
    "data_source.catalogued",
    "data_source.tested",
    "data_source.disconnected",
    "data_source.connected",
  ]);
  expect(new Set(rows.map(({ category }) => category))).toEqual(new Set(["data_sources"]));
  expect(rows[1]?.changes).toEqual([{ field: "password", old: "***", new: "***" }]);
  expect(rows[2]?.changes).toEqual([{ field: "name", old: "A", new: "B" }]);
  expect(JSON.stringify(body)).not.toContain("canary");
});
