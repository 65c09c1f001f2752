import { describe, expect, test } from "vitest";
import { AppError } from "@/lib/errors/app-error";
import { query } from "@/lib/log-kinds/query/query";
import { kinds } from "@/lib/log-kinds/registry";
import { system } from "@/lib/log-kinds/system/system";
import { filterTerms } from "@/lib/terms/filter-terms";
import { termsOf, termTexts } from "@/lib/terms/terms";
import { parseFilterParams } from "./filter";
import { matches } from "./matches";

describe("an integer filter", () => {
  test.each([
    ["9007199254740991", "9007199254740991"],
    ["0200", "200"],
    [" 7 ", "7"],
  ])("%j is %s", (given, value) => {
    expect(parseFilterParams([["latency_ms", given]], kinds)).toEqual([{ field: "latency_ms", value }]);
  });

  test.each(["9007199254740992", "9007199254740993", "9999999999999999", "1e3", "-1", ""])(
    "%j is a 400 and never another number",
    (given) => {
      const parse = () => parseFilterParams([["latency_ms", given]], kinds);
      expect(parse).toThrow(AppError);
      expect(parse).toThrow(expect.objectContaining({ code: "invalid_query" }));
    },
  );
});

describe("a filter of a field with few values", () => {
  test.each(["policy_denial", "POLICY_DENIAL"])("takes %s", (value) => {
    expect(parseFilterParams([["outcome", value]], kinds)).toEqual([{ field: "outcome", value }]);
  });

  test.each(["nope", "policy_denail", ""])(
    "refuses %j and names them: nothing found would say that there is none",
    (value) => {
      expect(() => parseFilterParams([["outcome", value]], kinds)).toThrow(
        "outcome must be one of: success, policy_denial, provider_error, network_error, failure",
      );
    },
  );

  test("of one kind takes that kind's values only", () => {
    expect(() => parseFilterParams([["outcome", "policy_denial"]], [system])).toThrow(
      "must be one of: success, failure",
    );
  });
});

describe("filters of a query's objects and tags", () => {
  const row = {
    database_name: "Shop",
    schema_name: "public",
    table_name: null,
    query_text: "select name from customers",
    tags_accessed: [
      { key: "PII", value: "email" },
      { key: "REGION", value: "eu" },
    ],
    objects_accessed: [
      { database: "shop", schema: "public", table: "customers", column: "name" },
      { database: "shop", schema: "public", table: "orders", column: "total" },
    ],
  };
  const cases: [string, Record<string, string>, boolean][] = [
    ["one member of any element", { tag_key: "pii" }, true],
    ["two of one element", { tag_key: "PII", tag_value: "EMAIL" }, true],
    ["two of different elements", { tag_key: "PII", tag_value: "eu" }, false],
    ["four of one element", { database: "SHOP", schema: "public", table: "orders", column: "total" }, true],
    ["a column of another table", { table: "orders", column: "name" }, false],
    ["the row's own database, in no element", { database: "shop", schema: "public" }, true],
    ["both lists at once", { tag_key: "region", column: "name" }, true],
    ["a value that is nowhere", { table: "custom" }, false],
    ["words in any order", { text: "Customers select" }, true],
    ["a part of a word", { text: "custom" }, false],
  ];

  test.each(cases)("%s", (_, wanted, found) => {
    const filter = parseFilterParams(Object.entries(wanted), [query]);
    expect(matches(row, filter)).toBe(found);
    // What the index says must never leave out a row that matches.
    const terms = new Set(termTexts(termsOf(1, query, { id: "x", fields: row, occurredAtMicros: 0 })));
    const indexed = filterTerms(1, filter).some((set) => set.every((one) => terms.has(one)));
    expect(indexed).toBe(found);
  });

  test("a text filter without a word is refused", () => {
    expect(() => parseFilterParams([["text", "-- ;"]], [query])).toThrow(/needs a word/);
  });
});
