import { describe, expect, it } from "vitest";
import { canChoose, countText, shownValues, valueText } from "./facet-values";

const wordsOf = (value: string) => (value === "app.create" ? "Created an application" : undefined);
const values = Array.from({ length: 12 }, (_, index) => ({ value: `tool-${index}`, count: 12 - index }));

it.each([
  [null, "none", false],
  ["", "(blank)", false],
  [" ", "(blank)", false],
  ["policy_denial", "Policy denial", true],
  ["app.create", "Created an application", true],
  ["a\u202eb", "a\\u202eb", true],
])("%o is shown as %s", (value, text, chosen) => {
  expect(valueText(value, wordsOf)).toBe(text);
  expect(canChoose(value)).toBe(chosen);
});

it("labels estimates", () => {
  expect(countText(1_204, true)).toBe("1,204");
  expect(countText(1_204, false)).toBe("about 1,204");
});

describe("values to show", () => {
  it.each([
    [{ search: "", isAll: false }, 8, 4],
    [{ search: "", isAll: true }, 12, 0],
    [{ search: "TOOL-1", isAll: false }, 3, 0],
    [{ search: "nothing", isAll: false }, 0, 0],
  ])("%o", (asked, shown, hidden) => {
    const found = shownValues(values, { ...asked, wordsOf });
    expect([found.values.length, found.hidden]).toEqual([shown, hidden]);
  });
  it("hide no single one", () => {
    expect(shownValues(values.slice(0, 9), { search: "", isAll: false, wordsOf }).hidden).toBe(0);
  });
  it("are found by their words", () => {
    const found = shownValues([{ value: "app.create", count: 1 }], { search: "created", isAll: false, wordsOf });
    expect(found.values).toHaveLength(1);
  });
});
