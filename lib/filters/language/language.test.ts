import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Expression } from "./ast";
import { LEAVES_MAX, parseQuery, QUERY_LENGTH_MAX } from "./parse";
import { printQuery } from "./print";

const is = (field: string, value: string, operator = "=") => ({ type: "comparison", field, operator, value });
const words = (value: string) => ({ type: "words", value });
const not = (of: unknown) => ({ type: "not", of });
const all = (...of: unknown[]) => ({ type: "all", of });
const any = (...of: unknown[]) => ({ type: "any", of });

describe("what is meant", () => {
  test.each([
    ["", undefined],
    ["  \t\n ", undefined],
    ["outcome:policy_denial", is("outcome", "policy_denial")],
    ["a:1 b:2", all(is("a", "1"), is("b", "2"))],
    ["a:1 AND b:2 c", all(is("a", "1"), is("b", "2"), words("c"))],
    ["a:1 OR b:2 c:3", any(is("a", "1"), all(is("b", "2"), is("c", "3")))],
    ["(a:1 OR b:2) c:3", all(any(is("a", "1"), is("b", "2")), is("c", "3"))],
    ["((a:1))", is("a", "1")],
    ["-a:1", not(is("a", "1"))],
    ["NOT a:1", not(is("a", "1"))],
    ["--a:1", is("a", "1")],
    ["-(a:1 b:2)", not(all(is("a", "1"), is("b", "2")))],
    ["- a:1", not(is("a", "1"))],
    ["latency_ms:>500", is("latency_ms", "500", ">")],
    ["latency_ms:<=500", is("latency_ms", "500", "<=")],
    ["a:=1", is("a", "1")],
    ["a:-5", is("a", "-5")],
    ['a:"two words"', is("a", "two words")],
    ['a:">5"', is("a", ">5")],
    ['a:"say \\"hi\\" \\\\ x"', is("a", 'say "hi" \\ x')],
    ["a:https://x.test/?q=1&b=(", undefined],
    ["a:https://x.test/?q=1&b=c", is("a", "https://x.test/?q=1&b=c")],
    ["a:OR", is("a", "OR")],
    ["or and not", all(words("or"), words("and"), words("not"))],
    ['"draft reply" fox', all(words("draft reply"), words("fox"))],
    ['"OR"', words("OR")],
    ['tool:(a OR b OR "c d")', any(is("tool", "a"), is("tool", "b"), is("tool", "c d"))],
    ["n:>(5)", is("n", "5", ">")],
    ["-tool:(a OR b)", not(any(is("tool", "a"), is("tool", "b")))],
    ["(a OR b) OR c", any(words("a"), words("b"), words("c"))],
    ["café:1", all(words("café:1"))],
    ["10:30", words("10:30")],
  ])("%s", (text, expected) => {
    const { expression, faults } = parseQuery(text);
    if (expected === undefined && text.trim() !== "") expect(faults).not.toEqual([]);
    else {
      expect(faults).toEqual([]);
      const [only] = expected && "of" in expected && Array.isArray(expected.of) ? expected.of : [];
      expect(expression).toEqual(only && (expected as { of: unknown[] }).of.length === 1 ? only : expected);
    }
  });
});

describe("what is wrong is said where it is", () => {
  test.each([
    ["a:", [[0, 2, "right behind the colon"]]],
    ["a: b", [[0, 2, "right behind the colon"]]],
    ["x a:>", [[2, 5, "right behind the colon"]]],
    ["(a:1", [[0, 1, "There is no ) for this ("]]],
    ["a:1)", [[3, 4, "There is no ( for this )"]]],
    ["()", [[0, 2, "nothing in these brackets"]]],
    ["a OR", [[2, 4, "between two conditions"]]],
    ["OR a", [[0, 2, "between two conditions"]]],
    ["a AND", [[2, 5, "between two conditions"]]],
    ["a AND OR b", [[2, 5, "between two conditions"]]],
    ["-", [[0, 1, "nothing to leave out"]]],
    ["a -", [[2, 3, "nothing to leave out"]]],
    ['a:"x', [[2, 4, "has no end"]]],
    ["a:(b c)", [[5, 6, "Put OR between"]]],
    ["a:()", [[2, 3, "Put values into the brackets"]]],
    ["a:(b:1 OR c)", [[3, 5, "Only values"]]],
    ["a:(b", [[2, 3, "Only values"]]],
  ])("%s", (text, expected) => {
    const { faults } = parseQuery(text);
    expect(faults.map(({ start, end }) => [start, end])).toEqual(expected.map(([start, end]) => [start, end]));
    for (const [index, fault] of faults.entries()) expect(fault.message).toContain(expected[index]?.[2]);
  });

  test("and limits are kept", () => {
    expect(parseQuery("x".repeat(QUERY_LENGTH_MAX + 1)).faults).toHaveLength(1);
    expect(parseQuery("x ".repeat(LEAVES_MAX)).faults).toEqual([]);
    expect(parseQuery("x ".repeat(LEAVES_MAX + 2)).faults).toHaveLength(1);
    expect(parseQuery(`${"(".repeat(32)}x${")".repeat(32)}`).faults).not.toEqual([]);
    expect(parseQuery(`${"(".repeat(31)}x${")".repeat(31)}`).faults).toEqual([]);
    expect(parseQuery("(".repeat(8_000)).faults.length).toBeLessThanOrEqual(20);
  });
});

/** Trees as the parser makes them: groups of two or more, none directly in one of its kind, no negation of a negation. */
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.constantFrom("OR", "AND", "NOT", "-x", "a:b", ">5", "", " ", '"', "\\", "(", ")", "x\ty", "é", "\u00a0"),
);
const { expression: anyExpression } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc
    .oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.record({ type: fc.constant("words" as const), value: text }),
      fc.record({
        type: fc.constant("comparison" as const),
        field: fc.constantFrom("outcome", "latency_ms", "a.b-c", "_x"),
        operator: fc.constantFrom("=" as const, ">" as const, "<" as const, ">=" as const, "<=" as const),
        value: text,
      }),
      tie("expression").map((of) => (of.type === "not" ? of.of : { type: "not" as const, of })),
      fc
        .tuple(
          fc.constantFrom("all" as const, "any" as const),
          fc.array(tie("expression"), { minLength: 2, maxLength: 4 }),
        )
        .map(([type, parts]) => ({
          type,
          of: parts.flatMap((part) => (part.type === type ? [...part.of] : [part])),
        })),
    )
    .filter((one) => printQuery(one).length < 4_000),
}));

test("a query that is printed is read as the same query", () => {
  fc.assert(
    fc.property(anyExpression, (expression) => {
      const { expression: read, faults } = parseQuery(printQuery(expression));
      expect(faults).toEqual([]);
      expect(read).toEqual(expression);
    }),
    { numRuns: 2_000 },
  );
});

test("any text is read without an exception, with places inside it, and what was read is printed and read alike", () => {
  const piece = fc.constantFrom("a:", "b", "-", "(", ")", " OR ", " AND ", " NOT ", '"', "\\", ":>", " ", "x y", "é😀");
  const anyText = fc.oneof(
    fc.string({ unit: "binary", maxLength: 60 }),
    fc.array(piece, { maxLength: 20 }).map((all) => all.join("")),
  );
  fc.assert(
    fc.property(anyText, (written) => {
      const { expression, faults, places } = parseQuery(written);
      for (const { start, end } of [...faults, ...places.values()]) {
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeGreaterThanOrEqual(start);
        expect(end).toBeLessThanOrEqual(written.length);
      }
      const again = parseQuery(printQuery(expression));
      expect(again.faults).toEqual([]);
      expect(again.expression).toEqual(expression);
    }),
    { numRuns: 5_000 },
  );
});
