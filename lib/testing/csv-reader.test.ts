import fc from "fast-check";
import { expect, test } from "vitest";
import { csvColumns, csvHeader, csvLine } from "@/lib/exports/csv";
import { call } from "@/lib/log-kinds/call/call";
import type { FlatRow } from "@/lib/query/row";
import { readCallCsv } from "./csv-reader";

const columns = csvColumns(call, true);
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("", "'", "=1+1", "'=1", "＝1", "\0", '"', "a\r\nb", ",", "\t"),
);
const row = fc.record({
  reason: fc.option(text),
  url: fc.option(text),
  latency_ms: fc.option(fc.nat()),
  grant_scopes: fc.option(fc.array(text)),
  context: fc.option(
    fc.dictionary(
      text.filter((name) => name !== "__proto__"),
      fc.jsonValue(),
    ),
  ),
});

test("what a CSV holds can be read back whole, apostrophes undone", () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 5 }), (rows) => {
      const csv = csvHeader(columns) + rows.map((one) => csvLine(columns, one as unknown as FlatRow)).join("");
      const read = readCallCsv(csv).map(({ reason, url, latency_ms, grant_scopes, context }) => {
        return { reason, url, latency_ms, grant_scopes, context };
      });
      expect(read).toEqual(rows.map((one) => JSON.parse(JSON.stringify(one))));
    }),
    { numRuns: 300 },
  );
});

test("no cell of text begins with what a spreadsheet takes for a formula", () => {
  for (const first of ["=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠"]) {
    const line = csvLine(["reason"], { reason: `${first}cmd` } as unknown as FlatRow);
    expect(line.replace(/^"/, "").startsWith("'"), JSON.stringify(line)).toBe(true);
  }
});
