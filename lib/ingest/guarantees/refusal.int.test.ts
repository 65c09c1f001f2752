import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, ask, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { callOf, logIdOf, storedPlaces } from "@/lib/testing/product-log";

let api: TestApi;
let tenant: Tenant;
let client: pg.Client;
let log: number;
beforeAll(async () => {
  client = new pg.Client({ connectionString: await createTestDatabase() });
  await client.connect();
  api = await startApi();
});
afterAll(() => Promise.all([api.close(), client.end()]));

const post = (body: unknown) => ask(api, tenant.key, "/v1/events", { body });
const stored = async () => (await storedPlaces(client, log)).length;

/** Acts while somebody else holds the log. */
async function whileLocked<T>(act: () => Promise<T>): Promise<T> {
  await client.query("begin");
  try {
    await client.query("select from audit.log where id = $1 for update", [log]);
    return await act();
  } finally {
    await client.query("commit");
  }
}

describe("what cannot be written now is refused whole, and may be sent again as it is", () => {
  beforeAll(async () => {
    tenant = await makeTenant("Refusal");
    log = await logIdOf(client, tenant.appId);
  });

  test("a queue that is full answers 503 at once; what it had taken is written", async () => {
    const requests = Array.from({ length: 13 }, () => Array.from({ length: 1_000 }, () => callOf(randomUUID())));
    const answers: Answer[] = [];
    const all = await whileLocked(async () => {
      const sent = requests.map(async (body) => {
        const answer = await post(body);
        answers.push(answer);
        return { answer, body };
      });
      await expect.poll(() => answers.length).toBeGreaterThan(0);
      return sent;
    });
    const settled = await Promise.all(all);
    const refused = settled.filter(({ answer }) => answer.status === 503);
    expect(refused.length).toBeGreaterThanOrEqual(3);
    for (const { answer } of refused) {
      expect(answer.body.code).toBe("unavailable");
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    }
    const taken = settled.filter(({ answer }) => answer.status === 201);
    expect(taken.length + refused.length).toBe(requests.length);
    expect(await stored()).toBe(taken.length * 1_000);
    for (const { body } of refused) {
      const again = await post(body);
      expect(again.body.receipts.every((one: { status: string }) => one.status === "created")).toBe(true);
    }
    expect(await stored()).toBe(requests.length * 1_000);
  });

  test("a log that stays locked answers 503 within seconds, and nothing of the request comes later", async () => {
    const before = await stored();
    const body = callOf(randomUUID());
    const answer = await whileLocked(() => post(body));
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).not.toBeNull();
    expect(await stored()).toBe(before);
    expect((await post(body)).body.receipts[0].status).toBe("created");
    expect(await stored()).toBe(before + 1);
  });
});
