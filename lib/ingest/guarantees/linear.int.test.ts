import { createHash, randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectionConfig } from "@/lib/db/pools";
import { type AppendRequest, append } from "@/lib/ingest/append";
import { acceptEvents } from "@/lib/ingest/event";
import { makeRows } from "@/lib/ingest/row";
import { createTestDatabase } from "@/lib/testing/database";
import { callOf } from "@/lib/testing/product-log";

/**
 * The work that append_events does under the log's lock, as the rows its plans' nodes put out or threw away. Counted and
 * not timed, so that a busy machine does not matter. Quadratic, four times the batch would be sixteen times the rows: 500
 * keyed requests took 312 ms, of which 34 were for storing them.
 */
const SMALL = 100;
const LARGE = 400;
const RATIO_MAX = 5;

interface PlanNode {
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  "Rows Removed by Join Filter"?: number;
  Plans?: PlanNode[];
}

const appId = randomUUID();
let client: pg.Client;
let log: number;
/** Of each statement that ran inside the function. */
const heard: { text: string; rows: number }[] = [];

function rowsOf(node: PlanNode): number {
  const removed = (node["Rows Removed by Filter"] ?? 0) + (node["Rows Removed by Join Filter"] ?? 0);
  const own = (node["Actual Rows"] + removed) * node["Actual Loops"];
  return (node.Plans ?? []).reduce((sum, one) => sum + rowsOf(one), own);
}

beforeAll(async () => {
  await createTestDatabase();
  client = new pg.Client(connectionConfig("linear", { lockTimeoutMs: 5_000, statementTimeoutMs: 60_000 }));
  await client.connect();
  const { rows } = await client.query<{ id: string }>("select audit.create_log($1, $2) as id", [randomUUID(), appId]);
  log = Number(rows[0]?.id);
  await client.query(`load 'auto_explain'; set auto_explain.log_min_duration = 0; set auto_explain.log_level = notice;
    set auto_explain.log_nested_statements = on; set auto_explain.log_format = json;
    set auto_explain.log_analyze = on; set auto_explain.log_timing = off`);
  client.on("notice", ({ message = "" }) => {
    const at = message.indexOf("{");
    if (at < 0) return;
    const told = JSON.parse(message.slice(at)) as { "Query Text": string; Plan: PlanNode };
    heard.push({ text: told["Query Text"], rows: rowsOf(told.Plan) });
  });
});
afterAll(() => client.end());

const OPTIONS = { submittedAtMicros: Date.now() * 1000, stripHeaders: new Set<string>(), callerKeyPrefix: undefined };

function makeRequest(ids: readonly string[], key?: string, outcome = "success"): AppendRequest {
  const events = ids.map((id) => ({ ...callOf(id), outcome }));
  const rows = makeRows(acceptEvents(events, { ...OPTIONS, appId }, String), log, appId);
  const hmac = createHash("sha256").update(outcome).digest();
  return { rows, ...(key === undefined ? {} : { idempotencyKey: { key, hmac } }) };
}

const fresh = (count: number) => Array.from({ length: count }, () => randomUUID());

/** Appends, and answers each request's distinct statuses and the rows it took inside the function. */
async function measure(requests: readonly AppendRequest[]) {
  heard.length = 0;
  const results = await append(log, requests, client);
  const inside = heard.filter(({ text }) => !text.includes("append_events"));
  expect(inside.length).toBeGreaterThan(3);
  return {
    statuses: [...new Set(results.flat().map((result) => result.status))].sort(),
    rows: inside.reduce((sum, { rows }) => sum + rows, 0),
  };
}

/** What is appended before, and then measured, each of so many events. */
const shapes: Record<string, { statuses: string[]; make: (count: number) => [AppendRequest[], AppendRequest[]] }> = {
  "requests with a key": {
    statuses: ["created"],
    make: (count) => [[], fresh(count).map((id) => makeRequest([id], id))],
  },
  "repeats of answered requests": {
    statuses: ["replayed"],
    make: (count) => {
      const requests = fresh(count).map((id) => makeRequest([id], id));
      return [requests, requests];
    },
  },
  "keys that stand for another body": {
    statuses: ["key_conflict"],
    make: (count) => {
      const keys = fresh(count);
      return [keys.map((key) => makeRequest([key], key)), keys.map((key) => makeRequest([key], key, "provider_error"))];
    },
  },
  duplicates: {
    statuses: ["duplicate"],
    make: (count) => {
      const request = makeRequest(fresh(count));
      return [[request], [request]];
    },
  },
  "duplicates among new rows, with keys": {
    statuses: ["created", "duplicate"],
    make: (count) => {
      const known = fresh(count / 2);
      return [
        [makeRequest(known)],
        known.map((id, index) => makeRequest(index % 2 === 0 ? [id, randomUUID()] : [randomUUID(), id], randomUUID())),
      ];
    },
  },
  "refused requests": {
    statuses: ["conflict", "refused"],
    make: (count) => {
      const known = fresh(count / 2);
      return [[makeRequest(known)], known.map((id) => makeRequest([id, randomUUID()], id, "provider_error"))];
    },
  },
};

describe("four times the batch is four times the work under the lock", () => {
  test.each(Object.keys(shapes))("%s", async (name) => {
    const shape = shapes[name] as (typeof shapes)[string];
    const rows: number[] = [];
    for (const count of [SMALL, LARGE]) {
      const [before, measured] = shape.make(count);
      if (before.length > 0) await append(log, before, client);
      const { statuses, rows: took } = await measure(measured);
      expect(statuses).toEqual(shape.statuses);
      rows.push(took);
    }
    const [small = 0, large = 0] = rows;
    expect(small).toBeGreaterThan(SMALL);
    expect(large / small, rows.join(" and ")).toBeLessThan(RATIO_MAX);
  });

  test("no event is compared with a list of the skipped ones", async () => {
    const { rows } = await client.query<{ source: string }>(
      "select prosrc as source from pg_proc where proname = 'append_events'",
    );
    // No plan tells how often an array was searched.
    expect(rows[0]?.source).not.toMatch(/(all|any)\s*\(\s*skip_/i);
  });
});
