import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parseApiKey } from "@/lib/access/api-key-format";
import type { Subject } from "@/lib/access/granted";
import { type Answer, ask, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { signInAs } from "@/lib/testing/portal";
import { rowsOfEvent, systemLogRows, withoutSystemLog } from "@/lib/testing/system-log";
import { recordView, viewsWritten } from "./reading";

let api: TestApi;
let tenant: Tenant;
let id: string;
beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
});
beforeEach(async () => {
  tenant = await makeTenant("One");
  const written = await ask(api, tenant.key, "/v1/events", {
    body: { kind: "call", outcome: "success", tool: "mail" },
  });
  id = written.body.receipts[0].id;
});
afterAll(() => api.close());

const WINDOW = `from=${new Date(Date.now() - 3_600_000).toISOString()}&to=${new Date(Date.now() + 3_600_000).toISOString()}`;
const get = (path: string, key: string | null = tenant.key, headers: Record<string, string> = {}) =>
  ask(api, key ?? undefined, path, { headers });
async function views() {
  await viewsWritten();
  return rowsOfEvent(tenant.orgId, "audit.view");
}

const readerOf = (userId: string): Subject => ({
  orgId: tenant.orgId,
  actor: { type: "user", userId, email: "ana@example.com", role: "auditor", sessionId: "" },
  appIds: [tenant.appId],
  homeAppId: tenant.appId,
  permissions: new Set(),
  seesWholeOrganization: true,
  seesHeavyFields: true,
  clientIp: "192.0.2.1",
  userAgent: "",
});

describe("viewing", () => {
  test("is one row per reader, logs, kind and filter, whichever way it is asked", async () => {
    expect((await get("/v1/events?kind=call")).status).toBe(200);
    for (const path of ["search", "facets", "histogram", "nearest"]) {
      expect((await get(`/v1/events/${path}?kind=call&${WINDOW}`)).status).toBe(200);
    }
    const prefix = `afd_live_${parseApiKey(tenant.key)?.id}`;
    const rows = await views();
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      category: "access",
      action: "view",
      actor_key_prefix: prefix,
      actor_source: "api",
      target_type: "log",
      target_id: tenant.appId,
      details: { kind: "call" },
    });

    await get(`/v1/events/search?kind=call&${WINDOW}&tool=mail&outcome=success`);
    await get(`/v1/events/search?kind=call&${WINDOW}&outcome=success&tool=mail`);
    await get(`/v1/events/search?${WINDOW}`);
    await get(`/v1/events/search?kind=call&${WINDOW}&app_id=all`);
    const { cookie, userId } = await signInAs({ orgId: tenant.orgId, role: "auditor" });
    await get(`/v1/events/search?kind=call&${WINDOW}`, null, { cookie });
    const more = (await views()).slice(1);
    expect(more).toHaveLength(4);
    expect(more).toContainEqual(
      expect.objectContaining({
        details: expect.objectContaining({
          filter: expect.arrayContaining([
            { field: "tool", value: "mail" },
            { field: "outcome", value: "success" },
          ]),
        }),
      }),
    );
    expect(more).toContainEqual(
      expect.objectContaining({
        details: expect.objectContaining({ logs: 2, app_ids: [tenant.appId, tenant.otherAppId] }),
      }),
    );
    expect(more).toContainEqual(expect.objectContaining({ actor_user_id: userId, actor_source: "portal" }));
  });

  test("is told again where a question reaches outside the windows told, but not where the clock moved one on", async () => {
    const now = Date.now();
    let told = 0;
    const look = async (fromHours: number, toHours: number, minutesOn = 0) => {
      const at = (hours: number) => new Date(now - hours * 3_600_000 + minutesOn * 60_000);
      const [from, to] = [at(fromHours), at(toHours)];
      await get(`/v1/events/search?kind=call&from=${from.toISOString()}&to=${to.toISOString()}`);
      const rows = await views();
      const isNew = rows.length > told;
      told = rows.length;
      const details = rows.at(-1)?.details as { from: string; to: string };
      if (isNew) expect([new Date(details.from), new Date(details.to)]).toEqual([from, to]);
      return isNew;
    };
    expect(await look(24, 0)).toBe(true);
    expect(await look(24, 0, 9)).toBe(false);
    expect(await look(12, 6)).toBe(false);
    expect(await look(24, 0, 11)).toBe(true);
    expect(await look(24 * 30, 24 * 29)).toBe(true);
    expect(await look(24 * 30 + 1, 0)).toBe(true);
    expect(await look(24 * 29, 0)).toBe(false);
    await get("/v1/events?kind=call");
    expect(await views()).toHaveLength(5);
  });

  test("is remembered once for the process, however often the module is loaded", async () => {
    const { userId } = await signInAs({ orgId: tenant.orgId, role: "auditor" });
    const address = "./reading.ts?copy";
    const copy: typeof import("./reading") = await import(/* @vite-ignore */ address);
    expect(copy.recordView).not.toBe(recordView);
    for (const tell of [recordView, copy.recordView]) tell(readerOf(userId), { appIds: [tenant.appId], filter: [] });
    await copy.viewsWritten();
    expect(await views()).toHaveLength(1);
  });

  test("the system log is a view like any other: it does not feed itself", async () => {
    for (let times = 0; times < 5; times += 1) {
      await get("/v1/events?kind=system");
      await get(`/v1/events/search?kind=system&${WINDOW}`);
      await viewsWritten();
    }
    const rows = await systemLogRows(tenant.orgId);
    expect(rows).toMatchObject([{ event: "audit.view", target_id: "system", details: { kind: "system" } }]);
  });

  test("goes on where it cannot be recorded, and the next one like it is", async () => {
    const path = `/v1/events/search?kind=call&${WINDOW}`;
    await withoutSystemLog("refuses", async () => {
      expect((await get(path)).body.events).toHaveLength(1);
      expect(await views()).toEqual([]);
    });
    expect((await get(path)).body.events).toHaveLength(1);
    expect(await views()).toHaveLength(1);
  });

  test("what is refused is no view", async () => {
    expect((await get(`/v1/events/search?kind=call&${WINDOW}&app_id=${tenant.orgId}`)).status).toBe(404);
    expect((await get("/v1/events/search?kind=call")).status).toBe(400);
    expect(await views()).toEqual([]);
  });
});

function expectRefused({ status, headers, body }: Answer): void {
  expect(status).toBe(503);
  expect(body).toMatchObject({ code: "unavailable", detail: expect.stringContaining("could not be recorded") });
  expect(headers.get("retry-after")).toBe("2");
  expect(JSON.stringify(body)).not.toContain("mail");
}

test("a row opened whole is a row each time, and is not shown unseen", async () => {
  const path = () => `/v1/events/${id}`;
  await get(path());
  await get(path());
  const opened = {
    action: "open",
    target_type: "event",
    target_id: id,
    details: { app_id: tenant.appId, kind: "call" },
  };
  expect(await rowsOfEvent(tenant.orgId, "audit.event.open")).toMatchObject([opened, opened]);
  await withoutSystemLog("refuses", async () => expectRefused(await get(path())));
  expect(await get("/v1/events/00000000-0000-4000-8000-000000000000")).toMatchObject({ status: 404 });
  expect(await rowsOfEvent(tenant.orgId, "audit.event.open")).toHaveLength(2);
});

test("a download is a row with what it holds, and does not begin unseen", async () => {
  const path = `/v1/exports/download?kind=call&${WINDOW}&tool=mail`;
  const file = await get(path);
  expect(file.body).toContain("mail");
  const [row, ...others] = await rowsOfEvent(tenant.orgId, "audit.export.download");
  expect(others).toEqual([]);
  expect(row).toMatchObject({
    action: "download",
    target_id: tenant.appId,
    details: {
      format: "csv",
      kind: "call",
      rows: 1,
      truncated: false,
      filter: [{ field: "tool", value: "mail" }],
      from: file.headers.get("x-affidavit-from"),
      to: file.headers.get("x-affidavit-to"),
    },
  });
  await withoutSystemLog("refuses", async () => {
    const refused = await get(path);
    expectRefused(refused);
    expect(refused.headers.get("x-affidavit-rows")).toBeNull();
  });
});
