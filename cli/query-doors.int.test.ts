import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fieldsOfPage, filtersOfQuery } from "@/components/log-filters/query-text";
import { describeKind } from "@/components/log-table/describe-kind";
import type { Expression } from "@/lib/filters/language/ast";
import { parseQuery } from "@/lib/filters/language/parse";
import { printQuery } from "@/lib/filters/language/print";
import { matches } from "@/lib/filters/matches";
import { readFilter } from "@/lib/filters/read-filter";
import { call } from "@/lib/log-kinds/call/call";
import { ask, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { commandRunner } from "@/lib/testing/terminal";
import { decodeCsv } from "@/sdk/src/csv";
import { main } from "./affidavit";

let api: TestApi;
let tenant: Tenant;
let rows: Record<string, unknown>[];
const run = commandRunner(main, () => ({ url: api.url, key: tenant.key }));

/** What a careless reader would take for more than text. */
const INJECTIONS = [
  "' or 1=1 --",
  '"; drop table audit.event; --',
  "$1",
  "$(id){{1}}",
  "%00",
  "\\",
  '\\"',
  "</script><script>alert(1)</script>",
  "=cmd|' /C calc'!A0",
  "a:b OR c:d",
  "-x",
  "(",
];
const TOOLS = ["find_events", "send email", "Ünïcode", ...INJECTIONS];
const REASONS = ["draft reply to Anna", "reply with a draft", "weekly report", "payroll"];
const DAY = "2026-11-21";
const WINDOW = ["--from", DAY, "--to", "2026-11-22"];
const window = { from: `${DAY}T00:00:00Z`, to: "2026-11-22T00:00:00Z" };

beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
  tenant = await makeTenant("Doors");
  const events = Array.from({ length: 160 }, (_, n) => ({
    kind: "call",
    occurred_at: `${DAY}T00:${String(n % 60).padStart(2, "0")}:00Z`,
    outcome: ["success", "policy_denial", "provider_error"][n % 3],
    ...(n % 4 > 0 && { provider_id: ["google", "Google", "stripe"][n % 4 === 1 ? 0 : n % 3] }),
    ...(n % 5 > 0 && { tool: TOOLS[n % TOOLS.length] }),
    ...(n % 2 > 0 && { latency_ms: (n * 37) % 900 }),
    reason: REASONS[n % REASONS.length],
    resolved_user_ids: n % 3 === 0 ? ["u1", "u2"] : ["u2", "u3"],
  }));
  expect((await ask(api, tenant.key, "/v1/events", { body: events })).status).toBe(201);
  rows = await idsAndRows("");
  expect(rows).toHaveLength(160);
});
afterAll(() => api.close());

/** Rows that the API's search answers to these parameters. */
async function searched(filters: Record<string, string>): Promise<Record<string, unknown>[]> {
  const params = new URLSearchParams({ kind: "call", ...window, limit: "200", ...filters });
  const { status, body } = await ask(api, tenant.key, `/v1/events/search?${params}`);
  expect(status, JSON.stringify(body)).toBe(200);
  expect(body.next_cursor).toBeNull();
  return body.events;
}
const idsAndRows = (q: string) => searched(q === "" ? {} : { q });
const idsOf = (found: readonly Record<string, unknown>[]) => found.map(({ id }) => id);

async function typed(q: string): Promise<Record<string, unknown>[]> {
  const { code, out, err } = await run("search", [
    ...WINDOW,
    "--kind",
    "call",
    "--query",
    q,
    "--limit",
    "200",
    "--json",
  ]);
  expect(code, err).toBe(0);
  return out
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/** The file says which query it holds. */
async function downloaded(q: string): Promise<Record<string, unknown>[]> {
  const params = new URLSearchParams({ kind: "call", ...window, q });
  const headers = { authorization: `Bearer ${tenant.key}` };
  const answer = await fetch(`${api.url}/v1/exports/download?${params}`, { headers });
  const said = new URLSearchParams(answer.headers.get("x-affidavit-filter") ?? "").get("q");
  expect(said).toBe(printQuery(parseQuery(q).expression));
  return decodeCsv(await answer.text());
}

const comparison = (field: string, values: readonly string[], operators = ["="] as const) =>
  fc.record({
    type: fc.constant("comparison" as const),
    field: fc.constant(field),
    operator: fc.constantFrom(...operators),
    value: fc.constantFrom(...values),
  });
const SIDES = [">", ">=", "<", "<=", "="] as unknown as readonly ["="];
const leaf = fc.oneof(
  comparison("outcome", ["success", "POLICY_DENIAL", "provider_error", "network_error"]),
  comparison("provider_id", ["google", "stripe", "nobody", ...INJECTIONS]),
  comparison("tool", TOOLS),
  comparison("latency_ms", ["0", "37", "450", "899"], SIDES),
  comparison("occurred_at", [DAY, `${DAY}T00:30:00Z`], [">", "<="] as unknown as readonly ["="]),
  comparison("resolved_user_ids", ["u1", "U3"]),
  fc.record({
    type: fc.constant("words" as const),
    value: fc.constantFrom("draft", "draft reply", "reply", "anna PAYROLL"),
  }),
);
const { query } = fc.letrec<{ query: Expression }>((tie) => ({
  query: fc.oneof(
    { maxDepth: 3, depthIdentifier: "query" },
    { arbitrary: leaf, weight: 3 },
    { arbitrary: tie("query").map((of): Expression => ({ type: "not", of })), weight: 1 },
    {
      arbitrary: fc
        .tuple(fc.constantFrom("all" as const, "any" as const), fc.array(tie("query"), { minLength: 2, maxLength: 3 }))
        .map(([type, of]): Expression => ({ type, of })),
      weight: 2,
    },
  ),
}));

const view = describeKind(call);
const page = fieldsOfPage(view.filters, view.fields);

test("1,000 random queries find the same rows by the API, the portal's state, the command line and the CSV", {
  timeout: 240_000,
}, async () => {
  const found = new Set<number>();
  const property = fc.asyncProperty(query.map(printQuery), async (text) => {
    const filter = readFilter([["q", text]], [call]);
    const expected = idsOf(rows.filter((row) => matches(row, filter)));
    found.add(expected.length);
    const state = filtersOfQuery(text, page);
    expect(state.faults).toEqual([]);
    const doors = [idsAndRows(text), searched(state.filters), typed(text), downloaded(text)];
    for (const found of await Promise.all(doors)) expect(idsOf(found)).toEqual(expected);
  });
  await fc.assert(property, { numRuns: 1_000 });
  // Nothing, all, and much in between.
  expect(found.size).toBeGreaterThan(20);
});

test("a query that is wrong is refused at every door, with the place of the fault", async () => {
  const q = "outcome:success latency_ms:>fast";
  const params = new URLSearchParams({ kind: "call", ...window, q });
  for (const route of ["events/search", "events", "events/facets", "events/histogram", "exports/download"]) {
    const only = route === "events" ? new URLSearchParams({ kind: "call", q }) : params;
    const { status, body } = await ask(api, tenant.key, `/v1/${route}?${only}`);
    expect(status, route).toBe(400);
    expect(body).toMatchObject({
      code: "invalid_query",
      errors: [{ pointer: "q", start: 16, end: 32, message: "latency_ms must be a whole number." }],
    });
  }
  const { code, err } = await run("search", [...WINDOW, "--query", q]);
  expect([code, err]).toEqual([expect.any(Number), expect.stringContaining("q, character 17: latency_ms must be")]);
  expect(code).not.toBe(0);
});
