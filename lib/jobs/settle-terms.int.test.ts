import { afterAll, beforeAll, expect, test } from "vitest";
import { workerPool } from "@/lib/db/pools";
import { ask, makeTenant, startApi, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { settleTerms } from "./settle-terms";

let api: TestApi;
beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
});
afterAll(() => api.close());

test("every partition's index of terms has the long list, also one made later", async () => {
  await workerPool().query("select audit.ensure_partition('event', now() + interval '90 days', 7)");
  const { rows } = await workerPool().query<{ options: string[]; n: number }>(
    "select c.reloptions as options, count(*)::int as n from audit.terms_index t join pg_class c on c.oid = t.oid group by 1",
  );
  expect(rows).toHaveLength(1);
  expect(rows[0]?.options.toSorted()).toEqual(["fastupdate=on", "gin_pending_list_limit=16384"]);
  expect(rows[0]?.n).toBeGreaterThan(2);
});

test("appended terms are merged, once, and stay findable", async () => {
  const tenant = await makeTenant("Terms");
  await ask(api, tenant.key, "/v1/events", { body: { kind: "call", outcome: "success", caller: "settled" } });
  expect(await settleTerms()).toBeGreaterThan(0);
  expect(await settleTerms()).toBe(0);
  const found = await ask(
    api,
    tenant.key,
    "/v1/events/search?kind=call&from=2026-01-01T00:00:00Z&to=2255-01-01T00:00:00Z&caller=settled",
  );
  expect(found.body.events).toHaveLength(1);
});
