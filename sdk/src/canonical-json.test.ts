import canonicalize from "canonicalize";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson } from "./canonical-json";

describe("the one text of a value", () => {
  test("is RFC 8785's, for every JSON value", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        expect(canonicalJson(value)).toBe(canonicalize(value));
      }),
    );
  });

  test("members without a value are left out, dates become RFC 3339", () => {
    const at = new Date("2026-11-22T00:01:02.345Z");
    expect(canonicalJson({ b: undefined, a: at, c: [undefined], d: () => 1 })).toBe(
      '{"a":"2026-11-22T00:01:02.345Z","c":[null]}',
    );
  });

  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  test.each([
    ["NaN", { a: Number.NaN }],
    ["Infinity", [Number.POSITIVE_INFINITY]],
    ["a BigInt", { a: 1n }],
    ["a Map", { a: new Map([[1, 2]]) }],
    ["a Set", new Set([1])],
    ["itself", cycle],
  ])("%s is refused, where JSON.stringify would change it or fail", (_, value) => {
    expect(() => canonicalJson(value)).toThrow(expect.objectContaining({ code: "invalid_event" }));
  });
});
