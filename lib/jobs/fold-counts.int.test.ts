import { afterAll, beforeAll, expect, test } from "vitest";
import { workerPool } from "@/lib/db/pools";
import { ask, makeTenant, startApi, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { foldCounts } from "./fold-counts";

/** Values that are counted by name. */
const NAMED = 200;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let api: TestApi;
beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
});
afterAll(() => api.close());

interface Facet {
  field: string;
  values: { value: string | null; count: number }[];
  other: number;
  exact: boolean;
}

async function toolsOf(key: string): Promise<Facet & { total: number }> {
  const at = (step: number, offset: number) => new Date((Math.floor(Date.now() / step) + offset) * step).toISOString();
  const { body } = await ask(api, key, `/v1/events/facets?from=${at(HOUR, -1)}&to=${at(HOUR, 2)}`);
  // The same by minutes: too short a window for a whole hour.
  const minutes = await ask(api, key, `/v1/events/facets?from=${at(MINUTE, -25)}&to=${at(MINUTE, 20)}`);
  expect(minutes.body).toEqual(body);
  return { ...body.facets.find((one: Facet) => one.field === "tool"), total: body.total };
}
const sum = ({ values, other }: Facet) => values.reduce((total, one) => total + one.count, other);

test("beyond 200 values the rest is counted together, never lost, and said to be inexact", async () => {
  const tenant = await makeTenant("Many values");
  const post = async (from: number, to: number) => {
    const events = Array.from({ length: to - from }, (_, n) => ({
      kind: "call",
      outcome: "success",
      tool: `t${from + n}`,
    }));
    expect((await ask(api, tenant.key, "/v1/events", { body: events })).status).toBe(201);
  };
  await post(0, 150);
  await foldCounts();
  expect(await toolsOf(tenant.key)).toMatchObject({ total: 150, other: 0, exact: true });
  await post(100, 300);
  await foldCounts();
  const folded = await toolsOf(tenant.key);
  expect(folded).toMatchObject({ total: 350, other: 100, exact: false });
  expect(folded.values).toHaveLength(NAMED);
  expect(sum(folded)).toBe(350);
  // What is not folded yet is named by the same rule, so folding it changes nothing.
  await post(290, 320);
  await post(0, 5);
  const before = await toolsOf(tenant.key);
  await foldCounts();
  expect(await toolsOf(tenant.key)).toEqual(before);
  expect(sum(before)).toBe(385);
});

test("several folders at once, while rows come, count each row once", async () => {
  const tenant = await makeTenant("Folders");
  let done = false;
  const folders = Array.from({ length: 3 }, async () => {
    let taken = 0;
    while (!done) taken += await foldCounts();
    return taken;
  });
  for (let round = 0; round < 20; round += 1) {
    const events = Array.from({ length: 10 }, (_, n) => ({ kind: "call", outcome: "success", tool: `t${n}` }));
    await Promise.all(Array.from({ length: 4 }, () => ask(api, tenant.key, "/v1/events", { body: events })));
  }
  done = true;
  const taken = (await Promise.all(folders)).reduce((total, n) => total + n, 0);
  await foldCounts();
  expect(taken).toBeGreaterThan(0);
  expect((await workerPool().query("select from audit.count_delta")).rowCount).toBe(0);
  const { total, values } = await toolsOf(tenant.key);
  expect(total).toBe(800);
  expect(values.map((one) => one.count)).toEqual(Array.from({ length: 10 }, () => 80));
});
