import { afterAll, beforeAll, expect, test } from "vitest";
import { viewsWritten } from "@/lib/system-audit/reading";
import { ask, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { rowsOfEvent } from "@/lib/testing/system-log";

let api: TestApi;
let tenant: Tenant;
const day = (date: number) => `2026-11-${String(date).padStart(2, "0")}T00:00:00.000Z`;
const windowOf = (from: string, to: string) => `kind=call&from=${from}&to=${to}`;
const get = (path: string) => ask(api, tenant.key, path);
const nearest = async (window: string) => (await get(`/v1/events/nearest?${window}`)).body;

beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
  tenant = await makeTenant("Nearest");
  const call = (date: number, tool: string) => ({ kind: "call", outcome: "success", occurred_at: day(date), tool });
  const body = [call(2, "mail"), call(3, "mail"), call(10, "mail"), call(12, "mail"), call(4, "chat")];
  expect((await ask(api, tenant.key, "/v1/events", { body })).status).toBe(201);
});
afterAll(() => api.close());

test("answers when the newest rows before and after a window happened, and nothing else of them", async () => {
  expect(await nearest(windowOf(day(5), day(6)))).toEqual({
    earlier: { occurred_at: day(4) },
    later: { occurred_at: day(12) },
  });
  expect(await nearest(`${windowOf(day(5), day(10))}&tool=mail`)).toEqual({
    earlier: { occurred_at: day(3) },
    later: { occurred_at: day(12) },
  });
  const none = { occurred_at: null };
  expect(await nearest(windowOf("1700-01-01T00:00:00Z", "2255-01-01T00:00:00Z"))).toEqual({
    earlier: none,
    later: none,
  });
});

test("with the search of its window it is told as one view, of that window", async () => {
  const views = async () => {
    await viewsWritten();
    return rowsOfEvent(tenant.orgId, "audit.view");
  };
  const before = (await views()).length;
  const window = `${windowOf(day(20), day(21))}&tool=chat`;
  expect((await get(`/v1/events/search?${window}`)).body.events).toEqual([]);
  expect((await nearest(window)).earlier).toEqual({ occurred_at: day(4) });
  const told = (await views()).slice(before);
  expect(told).toMatchObject([{ details: { from: day(20), to: day(21), filter: [{ field: "tool", value: "chat" }] } }]);
  // Whoever asks for nothing but the nearest row has asked all the same: a filter can be what is sought.
  await nearest(`${windowOf(day(20), day(21))}&tool=secret`);
  expect((await views()).slice(before)).toHaveLength(2);
});
