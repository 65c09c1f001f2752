import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, makeKey, makeTenant, startApi, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { findDataSource } from "./data-source";
import { CommandFault } from "./faults";
import { Server } from "./server";

let api: TestApi;
beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
});
afterAll(() => api.close());

test("a catalogue of several pages is read to its end", async () => {
  const { key, appId } = await makeTenant("Pages");
  const source = { name: "Large", app_id: appId, type: "postgres" };
  const { id } = (await ask(api, key, "/v1/data-sources", { body: source })).body;
  // One more than a page holds.
  const columns = Array.from({ length: 10_001 }, (_, n) => ({
    database: "d",
    schema: "public",
    table: `t${String(n).padStart(5, "0")}`,
    column: "c",
  }));
  const { status } = await ask(api, key, `/v1/data-sources/${id}/catalogue`, { method: "PUT", body: { columns } });
  expect(status).toBe(200);
  const asked = { server: new Server({ base: new URL(api.url), apiKey: key }) };
  const { catalogue } = await findDataSource(asked, { "data-source": id });
  expect(catalogue?.connectedTables).toBe(10_001);
  expect(catalogue?.find({ database: "d", table: "t10000" })?.isConnected).toBe(true);
});

test("a key that may only write is told to name the id", async () => {
  const { orgId, appId } = await makeTenant("Names");
  const apiKey = await makeKey(orgId, appId, { scopes: ["events:write"] });
  const asked = { server: new Server({ base: new URL(api.url), apiKey }) };
  await expect(findDataSource(asked, { "data-source": "shop" })).rejects.toThrow(
    "Use the id instead: a key with events:write reads a data source by its id",
  );
});

test("one that is disconnected is followed no longer, also when that happens while it is followed", async () => {
  const { key, appId } = await makeTenant("Gone");
  const source = { name: "Gone", app_id: appId, type: "postgres" };
  const { id } = (await ask(api, key, "/v1/data-sources", { body: source })).body;
  const asked = { server: new Server({ base: new URL(api.url), apiKey: key }) };
  const found = await findDataSource(asked, { "data-source": id });
  await ask(api, key, `/v1/data-sources/${id}`, { method: "DELETE" });
  await expect(found.read?.()).rejects.toThrow(/"Gone" is disconnected/);
  await expect(findDataSource(asked, { "data-source": id })).rejects.toThrow(CommandFault);
});
