import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";

let api: TestApi;
let tenant: Tenant;
beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
  tenant = await makeTenant("One");
});
afterAll(() => api.close());

test("every failing answer is a problem document with the request's id", async () => {
  for (const [path, method, status, code] of [
    ["/v1/nowhere", "GET", 404, "not_found"],
    ["/v1/events", "PUT", 405, "method_not_allowed"],
    ["/v1/events/search", "GET", 400, "window_required"],
    ["/v1/events/search?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z&provider=x", "GET", 400, "invalid_query"],
    ["/v1/events/search?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z&tool=a&tool=b", "GET", 400, "invalid_query"],
    ["/v1/events?after=nonsense", "GET", 400, "invalid_cursor"],
    ["/v1/events?limit=1001", "GET", 400, "invalid_query"],
  ] as const) {
    const answer = await ask(api, tenant.key, path, { method });
    expect([path, answer.status, answer.body.code]).toEqual([path, status, code]);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(answer.body.request_id).toBe(answer.headers.get("x-request-id"));
  }
  const refused = await ask(api, tenant.key, "/v1/events", { method: "PUT" });
  expect(refused.headers.get("allow")).toBe("GET, POST");
});

test("an unknown filter is told what was meant", async () => {
  const answer = await ask(api, tenant.key, "/v1/events?provder_id=x");
  expect(answer.body.detail).toContain("Did you mean provider_id?");
});

test("health says that writes commit and that the worker is missing", async () => {
  expect((await ask(api, undefined, "/healthz")).body).toEqual({ status: "ok" });
  const ready = await ask(api, undefined, "/readyz");
  expect([ready.status, ready.body.writes, ready.body.worker]).toEqual([200, true, "down"]);
  expect((await ask(api, undefined, "/readyz?strict")).status).toBe(503);
  expect((await ask(api, undefined, "/metrics")).body).toContain("affidavit_events_acknowledged_total");
});
