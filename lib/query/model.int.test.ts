import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findKeySubject } from "@/lib/access/api-key";
import { grant } from "@/lib/access/door";
import type { Granted } from "@/lib/access/granted";
import { workerPool } from "@/lib/db/pools";
import { paramsOf } from "@/lib/filters/filter";
import type { Expression, Operator } from "@/lib/filters/language/ast";
import { printQuery } from "@/lib/filters/language/print";
import { readFilter } from "@/lib/filters/read-filter";
import { foldCounts } from "@/lib/jobs/fold-counts";
import { trimHeads } from "@/lib/jobs/trim-heads";
import { call } from "@/lib/log-kinds/call/call";
import { formatMicros, parseMicros } from "@/lib/log-kinds/time";
import { makeTenant, type Tenant } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { type ModelRow, modelFacet, modelHistogram, modelSearch, modelTail } from "@/lib/testing/model";
import { type ModelData, plantModel, VALUES } from "@/lib/testing/model-data";
import { openPast, type Past } from "@/lib/testing/past";
import type { CountQuery } from "./counting";
import { decodeSearch, decodeSnapshot, decodeTail } from "./cursor";
import { facetsOf } from "./facets";
import { histogramOf } from "./histogram";
import { searchEvents } from "./search";
import { SEARCH_BUDGETS, type SearchBudgets, type SearchQuery } from "./search-query";
import { tailEvents } from "./tail";

/** Of the data; fast-check prints the seed of a failed query. */
const SEED = Date.now() % 1_000_000;
const MINUTE = 60_000_000;
const HOUR = 60 * MINUTE;

let past: Past;
let ctx: Granted<"events:read">;
let tenant: Tenant;
let data: ModelData;
beforeAll(async () => {
  await createTestDatabase();
  tenant = await makeTenant("Model");
  past = await openPast();
  data = await plantModel(past, [tenant.appId, tenant.otherAppId], SEED);
  ctx = grant(await findKeySubject(tenant.key, { clientIp: "", userAgent: "" }), "events:read");
});
afterAll(() => past.close());

/** Small enough that a few rows exhaust them, each in its own way. */
const BUDGETS: Record<string, SearchBudgets> = {
  usual: SEARCH_BUDGETS,
  "short walks": { ...SEARCH_BUDGETS, walkFirst: 5, walkMax: 80 },
  "few matches": { ...SEARCH_BUDGETS, walkFirst: 3, walkMax: 48, matchesMax: 4 },
  "no time": { ...SEARCH_BUDGETS, walkFirst: 11, deadlineMs: 0 },
};

/** With short walks alone the term index answers in time. */
const EXHAUSTED = ["few matches", "no time"];

const swapCase = (text: string) =>
  [...text].map((c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase())).join("");

const condition = fc.oneof(
  fc
    .constantFrom(...Object.keys(VALUES))
    .chain((field) =>
      fc.constantFrom(...(VALUES[field] ?? [])).map((value) => ({ field, value: value ?? "nothing has this" })),
    ),
  fc.constantFrom(
    { field: "response_status", value: "404" },
    { field: "resolved_user_ids", value: "u2" },
    { field: "resolved_user_ids", value: "u1" },
  ),
  fc.nat().map((at) => ({ field: "id", value: data.rows[at % data.rows.length]?.id ?? "" })),
);
const strict = fc
  .tuple(fc.uniqueArray(condition, { maxLength: 2, selector: ({ field }) => field }), fc.boolean())
  .map(([conditions, swap]) => conditions.map((one) => (swap ? { ...one, value: swapCase(one.value) } : one)));
const compared = fc.record({ operator: fc.constantFrom(">", ">=", "<", "<="), at: fc.nat(), isTime: fc.boolean() }).map(
  ({ operator, at, isTime }): Expression => ({
    type: "comparison",
    operator: operator as Operator,
    ...(isTime
      ? { field: "occurred_at", value: formatMicros(data.rows[at % data.rows.length]?.occurredAtMicros ?? 0) }
      : { field: "response_status", value: String([200, 404, 403, 500][at % 4]) }),
  }),
);
const { asked } = fc.letrec<{ asked: Expression }>((tie) => ({
  asked: fc.oneof(
    { maxDepth: 3, depthIdentifier: "asked" },
    condition.map((one): Expression => ({ type: "comparison", operator: "=", ...one })),
    compared,
    tie("asked").map((of): Expression => ({ type: "not", of })),
    fc
      .tuple(fc.constantFrom("all" as const, "any" as const), fc.array(tie("asked"), { minLength: 2, maxLength: 3 }))
      .map(([type, of]): Expression => ({ type, of })),
  ),
}));
/** The strict form, and what the query language can say beside it, as it is written. */
const filter = fc
  .tuple(strict, fc.option(asked, { nil: undefined, freq: 1 }))
  .map(([conditions, expression]) =>
    expression ? readFilter([...paramsOf(conditions), ["q", printQuery(expression)]], [call]) : conditions,
  );

/** Anywhere, on a whole hour, or just at a row. */
const instant = fc.tuple(fc.nat(3), fc.nat(), fc.nat(2)).map(([how, at, step]) => {
  const { fromMicros, toMicros, rows } = data;
  const any =
    fromMicros +
    (((at % 1_000_003) * 7_919) % 1_000_003) * Math.floor((toMicros - fromMicros) / 1_000_003) +
    (at % 977);
  if (how === 0) return any;
  if (how === 1) return Math.floor(any / HOUR) * HOUR;
  return (rows[at % rows.length]?.occurredAtMicros ?? 0) + step - 1;
});
/** A few hours at most, from some minutes before to some minutes after. */
const narrow = fc
  .tuple(instant, fc.nat(100), fc.integer({ min: 1, max: 100 }))
  .map(([at, before, after]) => [at - before * MINUTE, at + after * MINUTE] as const);
const window = fc
  .oneof(fc.tuple(instant, instant), narrow)
  .map(([a, b]) => ({ fromMicros: Math.min(a, b), toMicros: Math.max(a, b) + 1 }));
const apps = fc.nat(3).map((n) => {
  const both = [tenant.appId, tenant.otherAppId];
  return n > 1 ? both : both.slice(n, n + 1);
});
const countQuery = fc.record({ appIds: apps, filter, window, kind: fc.constantFrom(undefined, "call") }).map(
  ({ window: { fromMicros, toMicros }, kind, ...rest }): CountQuery => ({
    ...rest,
    fromMicros,
    toMicros,
    ...(kind && { kind }),
  }),
);

/** Pages of one series that are read; a longer series is compared as far as it was read. */
const PAGES_MAX = 60;

interface Series {
  rows: string[];
  partial: number;
  complete: boolean;
}

async function readSeries(query: SearchQuery, between?: () => Promise<void>): Promise<Series> {
  const series: Series = { rows: [], partial: 0, complete: false };
  let cursor: SearchQuery["cursor"];
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const page = await searchEvents(ctx, { ...query, ...(cursor && { cursor }) });
    expect(page.events.length).toBeLessThanOrEqual(query.limit);
    expect(page.has_more).toBe(page.next_cursor !== null);
    // Only a budget ends a page early.
    if (page.has_more && !page.partial) expect(page.events).toHaveLength(query.limit);
    expect(page.searched_to !== undefined).toBe(page.partial === true);
    series.rows.push(...page.events.map((row) => `${row.app_id}:${row.seq}`));
    series.partial += Number(page.partial === true);
    if (page.next_cursor === null) return { ...series, complete: true };
    cursor = decodeSearch(page.next_cursor);
    if (pages === 0) await between?.();
  }
  return series;
}

function expectSeries(series: Series, expected: readonly string[]): void {
  expect(series.rows).toEqual(series.complete ? expected : expected.slice(0, series.rows.length));
}

describe(`random rows (seed ${SEED}) against the model`, () => {
  test("the data is of every sort", () => {
    const { rows } = data;
    expect(rows.length).toBeGreaterThan(1_500);
    const times = new Set(rows.map((row) => row.occurredAtMicros));
    expect(rows.length - times.size).toBeGreaterThan(50);
    expect(rows.filter((row) => row.createdAtMicros - row.occurredAtMicros > 72 * HOUR).length).toBeGreaterThan(50);
    expect(rows.filter((row) => row.occurredAtMicros > row.createdAtMicros).length).toBeGreaterThan(20);
  });

  test.each(Object.keys(BUDGETS))("search, budgets: %s: the same rows in the same order, each once", async (name) => {
    const budgets = BUDGETS[name] ?? SEARCH_BUDGETS;
    const seen = { rows: 0, partial: 0, complete: 0 };
    const limit = fc.oneof(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 20, max: 200 }));
    const property = fc.asyncProperty(countQuery, limit, async (query, most) => {
      const series = await readSeries({ ...query, limit: most, budgets });
      expectSeries(series, modelSearch(data.rows, query));
      seen.rows += series.rows.length;
      seen.partial += series.partial;
      seen.complete += Number(series.complete);
    });
    await fc.assert(property, { numRuns: 40 });
    // About one set of forty questions in a hundred has none that exhausts a budget: then others are asked.
    for (let more = 0; more < 5 && EXHAUSTED.includes(name) && seen.partial === 0; more += 1)
      await fc.assert(property, { numRuns: 40 });
    // Enough was read for a mistake to show, and small budgets were in fact exhausted.
    expect(seen.rows).toBeGreaterThan(200);
    expect(seen.complete).toBeGreaterThan(10);
    expect(seen.partial > 0).toBe(EXHAUSTED.includes(name));
  });

  test("a series of pages, and a snapshot, stay at the heads they began with", async () => {
    const property = fc.asyncProperty(countQuery, async (query) => {
      const before = modelSearch(data.rows, query);
      const { snapshot } = await searchEvents(ctx, { ...query, limit: 1 });
      const at = query.fromMicros + Math.floor((query.toMicros - query.fromMicros) / 2);
      const series = await readSeries({ ...query, limit: 40 }, () => appendLate(query, at));
      expectSeries(series, before);
      const pinned = { ...query, limit: 200, asOf: decodeSnapshot(snapshot) };
      expectSeries(await readSeries(pinned), before);
      expectSeries(await readSeries({ ...query, limit: 200 }), modelSearch(data.rows, query));
    });
    await fc.assert(property, { numRuns: 12 });
  });

  /** Two rows in the middle of the window in each log, submitted now. */
  async function appendLate(query: CountQuery, occurredAtMicros: number): Promise<void> {
    const wanted = Object.fromEntries(paramsOf(query.filter).filter(([field]) => field in VALUES));
    for (const appId of [tenant.appId, tenant.otherAppId]) {
      const logId = data.rows.find((row) => row.appId === appId)?.logId ?? 0;
      const fields = {
        outcome: "success",
        ...wanted,
        ...(wanted.outcome && { outcome: wanted.outcome.toLowerCase() }),
      };
      const sent = {
        kind: "call",
        occurred_at: new Date(Math.floor(occurredAtMicros / 1_000)).toISOString(),
        ...fields,
      };
      if (!["success", "policy_denial", "provider_error", "network_error"].includes(String(sent.outcome))) return;
      const placed = await past.appendAt(Date.now() * 1_000, { id: logId, appId }, [sent, sent]);
      data.rows.push(...placed.map((row): ModelRow => ({ ...row, appId, logId, fields })));
    }
  }

  test("tail: every row after the cursor that the filter wants, in order, whatever the page and the budget", async () => {
    const limit = fc.oneof(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 20, max: 1_000 }));
    const scan = fc.constantFrom(undefined, 13, 200);
    const property = fc.asyncProperty(apps, filter, limit, scan, async ([appId = ""], wanted, most, scanMax) => {
      const expected = modelTail(data.rows, { appId, filter: wanted });
      const all = modelTail(data.rows, { appId, filter: [] });
      const logId = data.rows.find((row) => row.appId === appId)?.logId ?? 0;
      const start = all[Math.floor(all.length * Math.random() * 0.9)] ?? 0;
      let after = { logId, seq: start - 1 };
      const read: number[] = [];
      let ended = false;
      for (let pages = 0; pages < PAGES_MAX && !ended; pages += 1) {
        const page = await tailEvents(ctx, { appId, filter: wanted, limit: most, after, ...(scanMax && { scanMax }) });
        read.push(...page.events.map((row) => row.seq));
        after = decodeTail(page.next_cursor);
        ended = !page.has_more;
        expect(page.head_seq).toBe(all.length - 1);
      }
      const due = expected.filter((seq) => seq >= start && (ended || seq <= after.seq));
      expect(read).toEqual(due);
    });
    await fc.assert(property, { numRuns: 40 });
    expect(await trimHeads()).toBeGreaterThan(0);
    await fc.assert(property, { numRuns: 40 });
  });

  /** Facets and histogram of a query, and whether they are what the model says. */
  async function countAndCheck(query: CountQuery) {
    const facets = await facetsOf(ctx, query);
    const histogram = await histogramOf(ctx, { ...query, buckets: 40 });
    if (facets.exact) {
      expect(facets.total).toBe(modelSearch(data.rows, query).length);
      for (const { field, values, other, exact } of facets.facets) {
        expect({ exact, other }, field).toEqual({ exact: true, other: 0 });
        expect(new Map(values.map((one) => [one.value, one.count])), field).toEqual(
          modelFacet(data.rows, query, field),
        );
      }
    }
    if (histogram.exact) {
      const read = histogram.buckets.flatMap(({ from, by_outcome, count }) => {
        expect(Object.values(by_outcome).reduce((sum, n) => sum + n, 0)).toBe(count);
        return Object.entries(by_outcome).map(([outcome, n]) => [`${parseMicros(from)} ${outcome}`, n] as const);
      });
      const expected = modelHistogram(data.rows, query, histogram.bucket_seconds * 1_000_000);
      expect(new Map(read.filter(([, n]) => n > 0))).toEqual(expected);
    }
    return { facets, histogram };
  }

  test("facets and histogram: equal counts, and the same before, in the middle of and after folding", async () => {
    const filtered = fc.sample(countQuery, { numRuns: 8, seed: SEED });
    // Most have nothing filtered: those are what the roll-up answers, and where hours, minutes and cut minutes meet.
    const unfiltered = fc.sample(countQuery, { numRuns: 20, seed: SEED }).map((query) => ({ ...query, filter: [] }));
    const edges = fc.sample(narrow, { numRuns: 40, seed: SEED }).map(([fromMicros, toMicros], index) => ({
      appIds: [index % 2 === 0 ? tenant.appId : tenant.otherAppId],
      filter: [],
      fromMicros: index % 3 === 0 ? fromMicros - (fromMicros % MINUTE) : fromMicros,
      toMicros: index % 3 === 0 ? toMicros - (toMicros % MINUTE) : toMicros,
    }));
    const all = [...filtered, ...unfiltered, ...edges];
    const unfolded = [];
    for (const query of all) unfolded.push(await countAndCheck(query));
    expect(unfolded.filter(({ facets }) => facets.exact).length).toBe(all.length);
    await workerPool().query("select audit.fold_counts(60)");
    for (const [index, query] of all.entries()) expect(await countAndCheck(query)).toEqual(unfolded[index]);
    await foldCounts();
    expect((await workerPool().query("select from audit.count_delta")).rowCount).toBe(0);
    for (const [index, query] of all.entries()) expect(await countAndCheck(query)).toEqual(unfolded[index]);
  });
});
