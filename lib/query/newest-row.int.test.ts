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

const NONE = { state: "none" };
const found = ({ created_at }: { created_at: string }) => ({ state: "found", createdAt: created_at });

test("the row of each kind that came last, whenever it happened, and none of a silent source", async () => {
  expect(await newest(tenant.appId, "a")).toEqual({ query: NONE, custom: NONE });
  await write("a", null);
  const late = await write("a", Date.now() - 3_600_000);
  await write("b", null);
  expect(await newest(tenant.appId, "a")).toEqual({ query: NONE, custom: found(late) });
  expect(await newest(tenant.otherAppId, "a")).toEqual({ query: NONE, custom: NONE });
  const event = { kind: "query", query_id: "1", query_text: "select 1", data_source_id: "a" };
  const sent = await ask(api, tenant.key, "/v1/events", { body: event });
  expect(sent.status, JSON.stringify(sent.body)).toBe(201);
  expect(await newest(tenant.appId, "a")).toEqual({ query: found(sent.body.receipts[0]), custom: found(late) });
});
