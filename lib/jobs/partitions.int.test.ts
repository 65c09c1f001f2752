import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { workerPool } from "@/lib/db/pools";
import { ask, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { dropExpiredKeys, makePartitions } from "./partitions";

let api: TestApi;
let tenant: Tenant;
beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
  tenant = await makeTenant("Partitions");
});
afterAll(() => api.close());

const namesOf = async (parent: string) => {
  const text = "select name from audit.partition where parent = $1 order by from_at";
  return (await workerPool().query<{ name: string }>(text, [parent])).rows.map((row) => row.name);
};
const hour = 3_600_000;
const window = () =>
  `from=${new Date(Date.now() - hour).toISOString()}&to=${new Date(Date.now() + hour).toISOString()}`;

test("where no worker ran for weeks the append makes its own partitions, and search and tail see its rows at once", async () => {
  for (const parent of ["event", "ingest_key", "request_key"]) {
    for (const name of await namesOf(parent)) await workerPool().query(`drop table audit.${name}`);
  }
  // The list of partitions that readers keep for a minute is from now, when there are none.
  expect((await ask(api, tenant.key, `/v1/events/search?${window()}`)).body.events).toEqual([]);
  const id = randomUUID();
  const headers = { "idempotency-key": randomUUID() };
  const answer = await ask(api, tenant.key, "/v1/events", { body: { kind: "call", outcome: "success", id }, headers });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  for (const path of ["/v1/events?", `/v1/events/search?${window()}`, `/v1/events/search?${window()}&id=${id}`]) {
    const { body } = await ask(api, tenant.key, path);
    expect(
      body.events.map((row: { id: string }) => row.id),
      path,
    ).toEqual([id]);
  }
  expect((await ask(api, tenant.key, `/v1/events/${id}`)).status).toBe(200);
  expect((await ask(api, tenant.key, `/v1/exports/download?kind=call&${window()}`)).body).toContain(id);
});

test("partitions are made two weeks ahead, once", async () => {
  await makePartitions();
  const covered = await workerPool().query(
    "select from generate_series(now(), now() + interval '14 days', interval '1 day') day where not exists (select from audit.partition where parent = 'event' and from_at <= day and day < to_at)",
  );
  expect(covered.rowCount).toBe(0);
  expect(await makePartitions()).toBe(0);
});

test("keys that are no longer looked for are dropped, the others kept", async () => {
  const make = "select audit.ensure_partition($1, now() - make_interval(days => n), $2) from generate_series(1, 60) n";
  await workerPool().query(make, ["ingest_key", 5]);
  await workerPool().query(make, ["request_key", 1]);
  expect(await dropExpiredKeys()).toBeGreaterThan(55);
  for (const [parent, days] of [
    ["ingest_key", 30],
    ["request_key", 1],
  ] as const) {
    const { rows } = await workerPool().query<{ kept: number; old: number }>(
      `select count(*) filter (where to_at > now() - make_interval(days => $2)) as kept,
         count(*) filter (where to_at < now() - make_interval(days => $2)) as old
       from audit.partition where parent = $1 and from_at <= now()`,
      [parent, days],
    );
    expect(rows[0]).toMatchObject({ old: 0 });
    expect(rows[0]?.kept).toBeGreaterThanOrEqual(parent === "ingest_key" ? 6 : 2);
  }
});
