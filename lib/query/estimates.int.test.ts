import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { workerPool } from "@/lib/db/pools";
import { formatMicros } from "@/lib/log-kinds/time";
import { ask, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";

let api: TestApi;
let tenant: Tenant;
const NOON = Date.parse("2026-01-10T12:00:00Z") * 1000;
const MINUTE = 60_000_000;
const window = "kind=call&from=2026-01-10T10:00:00Z&to=2026-01-10T13:00:00Z";

async function write(count: number, atMicros: number, appId = tenant.appId): Promise<void> {
  for (let done = 0; done < count; done += 1000) {
    const batch = Array.from({ length: Math.min(1000, count - done) }, (_, index) => ({
      kind: "call",
      outcome: "success",
      provider_id: index % 2 === 0 ? "even" : "odd",
      occurred_at: formatMicros(atMicros),
    }));
    const answer = await ask(api, tenant.key, `/v1/events?app_id=${appId}`, { body: batch });
    expect(answer.status).toBe(201);
  }
}

beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
  tenant = await makeTenant("One");
});
afterAll(() => api.close());

interface Counts {
  total: number;
  exact: boolean;
}
const facets = async (query = ""): Promise<Counts> => {
  const { body } = await ask(api, tenant.key, `/v1/events/facets?${window}${query}`);
  return { total: body.total, exact: body.exact };
};
const histogram = async (query = "") => {
  const { body } = await ask(api, tenant.key, `/v1/events/histogram?${window}${query}`);
  return {
    total: body.buckets.reduce((sum: number, one: { count: number }) => sum + one.count, 0),
    exact: body.exact,
  } as Counts;
};

describe("counts that are estimated", () => {
  test("never exceed what there is, and come near it, also when one minute holds more than a sample", async () => {
    await write(12_000, NOON);
    await write(4_000, NOON - 60 * MINUTE);
    for (const counts of [facets, histogram]) {
      expect(await counts()).toEqual({ total: 16_000, exact: true });
      const half = await counts("&provider_id=even");
      expect(half.exact).toBe(false);
      expect(half.total).toBeGreaterThan(8_000 / 3);
      expect(half.total).toBeLessThanOrEqual(16_000);
    }
  });

  test("spread over minutes they are close", async () => {
    for (let minute = 1; minute <= 8; minute += 1) await write(2_000, NOON - minute * MINUTE);
    for (const counts of [facets, histogram]) {
      const half = await counts("&provider_id=odd");
      expect(half.total).toBeGreaterThan(16_000 * 0.6);
      expect(half.total).toBeLessThan(16_000 * 1.4);
    }
  });
});

describe("pinned reads", () => {
  test("a snapshot pins search, CSV and says so in counts; one of other apps is refused everywhere", async () => {
    const search = (query: string) => ask(api, tenant.key, `/v1/events/search?${window}${query}`);
    const other = `&app_id=${tenant.otherAppId}`;
    await write(3, NOON, tenant.otherAppId);
    const { snapshot } = (await search(other)).body;
    await write(2, NOON, tenant.otherAppId);
    const pinned = `${other}&as_of=${encodeURIComponent(snapshot)}`;
    expect((await search(pinned)).body.events).toHaveLength(3);
    const csv = await ask(api, tenant.key, `/v1/exports/download?format=csv&${window}${pinned}`);
    expect(csv.headers.get("x-affidavit-rows")).toBe("3");
    expect((await facets(pinned)).exact).toBe(false);
    expect((await facets(`${pinned}&provider_id=even`)).total).toBe(2);
    for (const path of ["events/search", "events/facets", "events/histogram", "exports/download"]) {
      const foreign = await ask(
        api,
        tenant.key,
        `/v1/${path}?${window}&app_id=${tenant.appId}&as_of=${encodeURIComponent(snapshot)}`,
      );
      expect([path, foreign.status, foreign.body.code]).toEqual([path, 400, "invalid_cursor"]);
    }
    const asCursor = await search(`${other}&cursor=${encodeURIComponent(snapshot)}`);
    expect(asCursor.body.code).toBe("invalid_cursor");
  });
});

describe("a worker that has been away", () => {
  test("leaves thousands of deltas, and counts stay right and quick enough", async () => {
    const before = (await facets()).total;
    const log = await workerPool().query<{ id: number }>("select id from audit.log where app_id = $1", [tenant.appId]);
    await workerPool().query(
      `insert into audit.count_value select $1, 'call', 'tool', '=tool ' || n from generate_series(1, 200) n`,
      [log.rows[0]?.id],
    );
    await workerPool().query(
      `insert into audit.count_delta select $1, '2026-01-10', array_fill('call'::text, array[201]), array_fill('tool'::text, array[200]) || '*'::text,
         (select array_agg('=tool ' || n) from generate_series(101, 300) n) || ''::text, array_fill($2::int, array[201]), array_fill(1, array[201])
       from generate_series(1, 3000)`,
      [log.rows[0]?.id, NOON / MINUTE],
    );
    const { body } = await ask(api, tenant.key, `/v1/events/facets?${window}`);
    expect(body.total).toBe(before + 3_000);
    const tool = body.facets.find((one: { field: string }) => one.field === "tool");
    expect(tool.values.find((one: { value: string }) => one.value === "tool 150").count).toBe(3_000);
    expect(tool.other).toBe(300_000);
  });
});

test("a key's id that holds U+0000 is a key that there is not", async () => {
  expect((await ask(api, tenant.key, "/v1/api-keys/%00", { method: "DELETE" })).status).toBe(404);
  expect((await ask(api, tenant.key, "/v1/apps/%00", { method: "DELETE" })).status).toBe(404);
  expect((await ask(api, tenant.key, "/v1/events/%00")).status).toBe(404);
});
