import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { viewsWritten } from "@/lib/system-audit/reading";
import { makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { rowsOfEvent } from "@/lib/testing/system-log";
import { commandRunner } from "@/lib/testing/terminal";
import { main } from "./affidavit";

let api: TestApi;
let tenant: Tenant;
beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
});
beforeEach(async () => {
  tenant = await makeTenant("No view");
});
afterAll(() => api.close());

const run = commandRunner(main, () => ({ url: api.url, key: tenant.key }));
async function views() {
  await viewsWritten();
  return rowsOfEvent(tenant.orgId, "audit.view");
}

// Both name the key's home application, which was once learnt from a row: the system log then told of a reader of the log.
test("commands that read no row are told as no view", async () => {
  const sent = await run("send", ["--field", "outcome=success"]);
  expect(sent.out).toContain(`(app id ${tenant.appId})`);
  const made = await run("keys create", ["--name", "worker", "--scope", "events:write"]);
  expect(made).toMatchObject({ code: 0 });
  expect(await views()).toEqual([]);
  expect((await run("tail", ["--json"])).out).toContain(tenant.appId);
  expect(await views()).toHaveLength(1);
});
