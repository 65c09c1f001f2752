import { describe, expect, it } from "vitest";
import { choiceOf, excluding, including, notExcluding, withoutField } from "./facet-filters";

describe("what a section's own values are counted under", () => {
  it.each([
    [{ outcome: "success", tool: "a" }, { tool: "a" }],
    [{ q: "-outcome:success latency_ms:>5" }, { q: "latency_ms:>5" }],
    [{ q: "(outcome:success OR -outcome:error) x" }, { q: "x" }],
    [{ q: "outcome:success OR tool:a" }, { q: "outcome:success OR tool:a" }],
    [{ outcome: "success", q: "-outcome:error" }, {}],
    [{ outcome: "success", q: "(a" }, { q: "(a" }],
  ])("%o", (filters, expected) => expect(withoutField(filters, "outcome")).toEqual(expected));
  it("is the same question where nothing is said of the field", () => {
    const filters = { tool: "a", q: "-outcome:success" };
    expect(withoutField(filters, "method")).toBe(filters);
  });
});

describe("only a value", () => {
  it.each([
    [{ outcome: "error", tool: "a" }, "success", { outcome: "success", tool: "a" }],
    [{ q: "-outcome:success draft" }, "success", { outcome: "success", q: "draft" }],
    [{ tool: "a" }, " x", { tool: "a", q: 'outcome:" x"' }],
  ])("%o, %s", (filters, value, expected) => expect(including(filters, "outcome", value)).toEqual(expected));
});

describe("not a value", () => {
  it.each([
    [{}, "a b", { q: '-tool:"a b"' }],
    [{}, 'say "OR" (x)', { q: '-tool:"say \\"OR\\" (x)"' }],
    [{}, ">5", { q: '-tool:">5"' }],
    [{ q: "a OR b" }, "x", { q: "(a OR b) -tool:x" }],
    [{ tool: "X", outcome: "error" }, "x", { outcome: "error", q: "-tool:x" }],
    [{ tool: "y" }, "x", { tool: "y", q: "-tool:x" }],
    [{ q: "-tool:X" }, "x", { q: "-tool:X" }],
    [{ q: "(a" }, "x", { q: "(a" }],
  ])("%o, %s", (filters, value, expected) => {
    const excluded = excluding(filters, "tool", value);
    expect(excluded).toEqual(expected);
    if (excluded.q?.includes("-tool:")) expect(choiceOf(excluded, "tool", value)).toBe("not");
  });
  it("is taken back", () => {
    expect(notExcluding({ outcome: "error", q: '-tool:"a b" c' }, "tool", "a b")).toEqual({ outcome: "error", q: "c" });
  });
});

it("knows what is chosen, upper and lower case alike", () => {
  expect(choiceOf({ tool: "A" }, "tool", "a")).toBe("only");
  expect(choiceOf({ q: 'tool:" a"' }, "tool", " a")).toBe("only");
  expect(choiceOf({ q: "tool:a OR tool:b" }, "tool", "a")).toBeUndefined();
  expect(choiceOf({}, "tool", "a")).toBeUndefined();
});
