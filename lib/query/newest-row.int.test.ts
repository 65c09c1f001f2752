import { afterAll, beforeAll, expect, test } from "vitest";
import { findKeySubject } from "@/lib/access/api-key";
import { grant } from "@/lib/access/door";
import { ask, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { newestRowOf } from "./newest-row";

let api: TestApi;
let tenant: Tenant;
beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
  tenant = await makeTenant("Newest");
});
afterAll(() => api.close());

const newest = async (appId: string, dataSourceId: string) => {
  const subject = await findKeySubject(tenant.key, { clientIp: "", userAgent: "" });
  return newestRowOf(grant(subject, "events:read"), { appId, dataSourceId });
};
const write = async (source: string, event_time: number | null) => {
  const record = { event_type: "A", content_type: "application/json", event_details: {}, event_time };
  const sent = await ask(api, tenant.key, `/v1/custom-events?data_source_id=${source}`, { body: [record] });
  return sent.body.receipts[0];
};

test("the newest row of each source by when it happened, of any kind, and none of a silent one", async () => {
  expect(await newest(tenant.appId, "a")).toEqual({ state: "none" });
  const receipt = await write("a", null);
  await write("a", Date.now() - 3_600_000);
  await write("b", null);
  expect(await newest(tenant.appId, "a")).toEqual({ state: "found", createdAt: receipt.created_at });
  expect(await newest(tenant.otherAppId, "a")).toEqual({ state: "none" });
  const event = { kind: "query", query_id: "1", query_text: "select 1", data_source_id: "q" };
  const sent = await ask(api, tenant.key, "/v1/events", { body: event });
  expect(sent.status, JSON.stringify(sent.body)).toBe(201);
  expect(await newest(tenant.appId, "q")).toEqual({ state: "found", createdAt: sent.body.receipts[0].created_at });
});
