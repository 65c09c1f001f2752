import { beforeAll, expect, test } from "vitest";
import { findKeySubject } from "@/lib/access/api-key";
import { grant } from "@/lib/access/door";
import { createApp } from "@/lib/apps/apps";
import { ask, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { ORIGIN } from "@/lib/testing/portal";

let api: TestApi;
let tenant: Tenant;
beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
  tenant = await makeTenant("One");
});

test("an act is a row of the system log", async () => {
  const subject = grant(await findKeySubject(tenant.key, ORIGIN), "apps:manage");
  const app = await createApp(subject, { name: "Billing" });
  const { body } = await ask(api, tenant.key, "/v1/events?kind=system&app_id=system");
  expect(body.events).toMatchObject([{ event: "app.created", target_id: app.id }]);
});
