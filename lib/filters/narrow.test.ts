import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatMicros } from "@/lib/log-kinds/time";
import type { Condition, Filter, Test } from "./filter";
import { matches } from "./matches";
import { narrowed } from "./narrow";

const BASE = 1_767_225_600_000_000;
const at = (micros: number, operator: ">" | ">=" | "<" | "<="): Condition => ({
  field: "occurred_at",
  value: formatMicros(BASE + micros),
  compared: { operator, bound: BASE + micros },
});
const asked = (...all: Test[]): Filter => [{ text: "", test: { all } }];
const windowOf = (filter: Filter) => {
  const { fromMicros, toMicros, filter: left } = narrowed({ fromMicros: BASE, toMicros: BASE + 100, filter });
  return { from: fromMicros - BASE, to: toMicros - BASE, left };
};

describe("comparisons of occurred_at", () => {
  test.each([
    [">", 10, 11, 100],
    [">=", 10, 10, 100],
    ["<", 10, 0, 10],
    ["<=", 10, 0, 11],
    [">", 99, 100, 100],
    ["<", 0, 0, 0],
    ["<", -5, 0, 0],
    [">=", 500, 500, 500],
    ["<=", 500, 0, 100],
  ] as const)("%s %i is the window from %i to %i", (operator, bound, from, to) => {
    expect(windowOf(asked(at(bound, operator)))).toEqual({ from, to, left: [] });
  });

  test("in an OR and after a NOT stay conditions", () => {
    const inside = asked({ any: [at(10, ">"), at(20, "<")] }, { not: at(30, ">") });
    expect(windowOf(inside)).toEqual({ from: 0, to: 100, left: inside });
  });

  const comparison = fc.tuple(fc.integer({ min: -2, max: 12 }), fc.constantFrom(">", ">=", "<", "<=" as const));
  const { node } = fc.letrec<{ node: Test }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 3 },
      comparison.map(([bound, operator]): Test => at(bound, operator as ">")),
      fc.constantFrom("a", "b").map((value): Test => ({ field: "tool", value })),
      fc.array(tie("node"), { maxLength: 3 }).map((all): Test => ({ all })),
      fc.array(tie("node"), { maxLength: 3 }).map((any): Test => ({ any })),
      tie("node").map((not): Test => ({ not })),
    ),
  }));

  test("find the same rows as before, to the microsecond", () => {
    const one = fc.array(node, { maxLength: 3 });
    fc.assert(
      fc.property(one, fc.nat(10), fc.constantFrom("a", "b"), (all, micros, tool) => {
        const row = { occurred_at: formatMicros(BASE + micros), tool };
        const query = { fromMicros: BASE + 2, toMicros: BASE + 8, filter: asked(...all) };
        const holds = ({ fromMicros, toMicros, filter }: typeof query) =>
          BASE + micros >= fromMicros && BASE + micros < toMicros && matches(row, filter);
        expect(holds(narrowed(query))).toBe(holds(query));
      }),
      { numRuns: 2_000 },
    );
  });
});
