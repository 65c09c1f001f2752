import { createHash } from "node:crypto";
import { text as textOf } from "node:stream/consumers";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findKeySubject } from "@/lib/access/api-key";
import { grant } from "@/lib/access/door";
import type { Granted } from "@/lib/access/granted";
import { call } from "@/lib/log-kinds/call/call";
import { decodeSnapshot } from "@/lib/query/cursor";
import { makeTenant, type Tenant } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { modelSearch } from "@/lib/testing/model";
import { type ModelData, plantModel, VALUES } from "@/lib/testing/model-data";
import { openPast, type Past } from "@/lib/testing/past";
import { decodeCsv } from "@/sdk/src/csv";
import { type DownloadQuery, downloadCsv } from "./download";

/** Against a model, with caps and chunks so small that a few rows are too many. */
const SEED = Date.now() % 1_000_000;

let past: Past;
let ctx: Granted<"exports:create">;
let tenant: Tenant;
let data: ModelData;
beforeAll(async () => {
  await createTestDatabase();
  tenant = await makeTenant("Model");
  past = await openPast();
  data = await plantModel(past, [tenant.appId, tenant.otherAppId], SEED);
  ctx = grant(await findKeySubject(tenant.key, { clientIp: "", userAgent: "" }), "exports:create");
});
afterAll(() => past.close());

const condition = fc
  .constantFrom(...Object.keys(VALUES))
  .chain((field) =>
    fc.constantFrom(...(VALUES[field] ?? [])).map((value) => ({ field, value: value ?? "nothing has this" })),
  );
const query: fc.Arbitrary<Omit<DownloadQuery, "kind">> = fc
  .record({
    both: fc.boolean(),
    filter: fc.uniqueArray(condition, { maxLength: 2, selector: ({ field }) => field }),
    span: fc.tuple(fc.nat(1_000), fc.nat(1_000)).filter(([a, b]) => a !== b),
    limits: fc.record({
      rowsMax: fc.integer({ min: 1, max: 400 }),
      chunkRowsMax: fc.integer({ min: 1, max: 60 }),
      chunkBytesMax: fc.constantFrom(1, 2_000, 1_000_000),
    }),
  })
  .map(({ both, span: [a, b], ...rest }) => {
    const at = (part: number) => Math.round(data.fromMicros + ((data.toMicros - data.fromMicros) * part) / 1_000);
    const appIds = both ? [tenant.appId, tenant.otherAppId] : [tenant.otherAppId];
    return { ...rest, appIds, fromMicros: at(Math.min(a, b)), toMicros: at(Math.max(a, b)) };
  });

const keysOf = (csv: string) => decodeCsv(csv).map((row) => `${row.app_id}:${row.seq}`);

test("rows, order, count and `truncated` are the model's, whatever the limits", { timeout: 120_000 }, async () => {
  let cut = 0;
  await fc.assert(
    fc.asyncProperty(query, async (asked) => {
      const wanted = modelSearch(data.rows, asked);
      const { headers, body, trailer } = await downloadCsv(ctx, { ...asked, kind: "call" });
      const csv = await textOf(body);
      const max = asked.limits?.rowsMax ?? 0;
      expect(keysOf(csv)).toEqual(wanted.slice(0, max));
      expect(headers["x-affidavit-rows"]).toBe(String(Math.min(wanted.length, max)));
      expect(headers["x-affidavit-truncated"]).toBe(String(wanted.length > max));
      expect(headers["content-disposition"]?.includes("-truncated")).toBe(wanted.length > max);
      expect(trailer.value()).toBe(createHash("sha256").update(csv).digest("hex"));
      cut += Number(wanted.length > max);
    }),
    { numRuns: 60, seed: SEED },
  );
  expect(cut).toBeGreaterThan(0);
});

const whole = () => ({
  appIds: [tenant.appId],
  kind: "call",
  filter: [],
  fromMicros: data.fromMicros,
  // Today's rows, and tomorrow's where this runs at midnight.
  toMicros: data.toMicros + 86_400_000_000,
});

test("exactly the cap is not truncated, one row more is", async () => {
  const count = modelSearch(data.rows, whole()).length;
  for (const [rowsMax, truncated] of [
    [count + 1, "false"],
    [count, "false"],
    [count - 1, "true"],
  ] as const) {
    const limits = { rowsMax, chunkRowsMax: 50, chunkBytesMax: 10_000 };
    const { headers } = await downloadCsv(ctx, { ...whole(), limits });
    expect([headers["x-affidavit-rows"], headers["x-affidavit-truncated"]]).toEqual([
      String(Math.min(count, rowsMax)),
      truncated,
    ]);
  }
});

test("a pinned question gives the same bytes again, whatever was added meanwhile", async () => {
  const first = await downloadCsv(ctx, whole());
  const csv = await textOf(first.body);
  const log = { id: data.rows[0]?.logId ?? 0, appId: tenant.appId };
  await past.appendAt(Date.now() * 1_000, log, [{ kind: "call", outcome: "success" }]);
  expect(await textOf((await downloadCsv(ctx, whole())).body)).not.toBe(csv);
  const asOf = decodeSnapshot(first.headers["x-affidavit-snapshot"] ?? "");
  const again = await downloadCsv(ctx, { ...whole(), asOf });
  expect(await textOf(again.body)).toBe(csv);
  expect(again.trailer.value()).toBe(first.trailer.value());
});

test("who may not see heavy fields gets no column of them", async () => {
  const log = { id: data.rows[0]?.logId ?? 0, appId: tenant.appId };
  const secret = "only for the eyes of a few";
  await past.appendAt(Date.now() * 1_000, log, [
    { kind: "call", outcome: "success", request_body: secret, request_headers: { "x-note": secret } },
  ]);
  const member = { ...ctx, seesHeavyFields: false };
  const seen = await textOf((await downloadCsv(ctx, whole())).body);
  const hidden = await textOf((await downloadCsv(member, whole())).body);
  expect(seen).toContain(secret);
  expect(hidden).not.toContain(secret);
  const heavy = call.fields.filter((field) => field.heavy).map((field) => field.name);
  const [row = {}] = decodeCsv(hidden);
  expect(heavy.filter((name) => name in row)).toEqual([]);
  expect(decodeCsv(hidden)).toHaveLength(decodeCsv(seen).length);
});
