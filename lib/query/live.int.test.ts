import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { findKeySubject } from "@/lib/access/api-key";
import { grant } from "@/lib/access/door";
import type { Granted } from "@/lib/access/granted";
import { AppError } from "@/lib/errors/app-error";
import { ask, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { type LiveQuery, type LiveStep, liveEvents } from "./live";
import { logOfApp } from "./log";

let api: TestApi;
let tenant: Tenant;
beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
});
beforeEach(async () => {
  tenant = await makeTenant("One");
});
afterAll(() => api.close());

const write = async () => {
  const answer = await ask(api, tenant.key, "/v1/events", { body: { kind: "call", outcome: "success" } });
  expect(answer.status).toBe(201);
};

describe("the steps of a live stream", () => {
  async function steps(query: Partial<LiveQuery>, timing = {}, renewing = async (ctx: Granted<"events:read">) => ctx) {
    const ctx = grant(await findKeySubject(tenant.key, { clientIp: "", userAgent: "" }), "events:read");
    const over = new AbortController();
    const asked = { appId: tenant.appId, filter: [], ...query };
    return { over, live: liveEvents(ctx, asked, { signal: over.signal, renew: () => renewing(ctx), timing }) };
  }
  const next = async (live: AsyncGenerator<LiveStep, void>) => (await live.next()).value as LiveStep;

  test("tell the place without rows in time, and move it past what a filter left out", async () => {
    const { over, live } = await steps({ kind: "query" }, { heartbeatMs: 300 });
    const begin = await next(live);
    expect(begin.rows).toEqual([]);
    expect(await next(live)).toEqual(begin);
    await write();
    const { next_cursor } = (await ask(api, tenant.key, "/v1/events")).body;
    let step = begin;
    while (step.cursor === begin.cursor) step = await next(live);
    expect(step).toEqual({ rows: [], cursor: next_cursor });
    const waiting = live.next();
    over.abort();
    expect(await waiting).toEqual({ value: undefined, done: true });
  });

  test("are small, however large the rows are", async () => {
    const details = { text: "x".repeat(200_000) };
    for (let round = 0; round < 4; round += 1) {
      const body = Array.from({ length: 4 }, () => ({
        kind: "custom",
        event_type: "LARGE",
        content_type: "application/json",
        event_details: details,
      }));
      expect((await ask(api, tenant.key, "/v1/events", { body })).status).toBe(201);
    }
    const { live } = await steps({ after: { logId: await logId(), seq: -1 }, seconds: 0 });
    const sizes: number[] = [];
    let rows = 0;
    for await (const step of live) {
      rows += step.rows.length;
      sizes.push(step.rows.reduce((sum, { json }) => sum + json.length, 0));
    }
    expect(rows).toBe(16);
    expect(Math.max(...sizes)).toBeLessThan(1_400_000);
    expect(sizes.length).toBeGreaterThan(3);
  });

  test("go on when the database was away for a moment, and end when the reader may not read any more", async () => {
    let fault: AppError | undefined = new AppError("unavailable", "Away.");
    let renewals = 0;
    const renewing = async (ctx: Granted<"events:read">) => {
      renewals += 1;
      if (fault) throw fault;
      return ctx;
    };
    const { live } = await steps({}, { renewIdleMs: 50 }, renewing);
    await next(live);
    const coming = next(live);
    await expect.poll(() => renewals).toBeGreaterThan(0);
    await write();
    fault = undefined;
    expect((await coming).rows).toHaveLength(1);
    fault = new AppError("unauthenticated", "Revoked.");
    await expect(live.next()).rejects.toMatchObject({ code: "unauthenticated" });
  });

  const logId = async () => {
    const subject = await findKeySubject(tenant.key, { clientIp: "", userAgent: "" });
    return (await logOfApp(subject, tenant.appId)).id;
  };
});
