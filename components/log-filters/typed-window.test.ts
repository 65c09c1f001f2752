import { describe, expect, it } from "vitest";
import { toInput, typedWindow } from "./typed-window";

const NAMES = { from: "Completion After", to: "Completion Before" };
const typed = (from: string, to: string) => typedWindow(from, to, NAMES);

describe("a typed window", () => {
  it("is in UTC where it has no zone, and as it says where it has one", () => {
    const window = { from: "2026-11-22T01:18:49.000Z", to: "2026-11-23T00:00:00.000Z" };
    expect(typed("2026-11-22 01:18:49", "2026-11-23").window).toEqual(window);
    expect(typed(" 2026-11-22T02:18:49+01:00 ", "2026-11-23 00:00").window).toEqual(window);
  });

  it("says which end is missing", () => {
    const needed = "is needed: a search always has a time window. Give a time such as 2026-11-22 01:18:49.";
    expect(typed("", "2026-11-23").faults).toEqual({ from: `Completion After ${needed}` });
    expect(typed("  ", "").faults).toEqual({ from: `Completion After ${needed}`, to: `Completion Before ${needed}` });
  });

  it("says what is no time, and which end comes first", () => {
    expect(typed("yesterday", "2026-11-23").faults).toEqual({ from: "Give a time such as 2026-11-22 01:18:49." });
    expect(typed("2026-11-23", "2026-11-23").faults).toEqual({
      to: "Completion Before must be after Completion After.",
    });
  });

  it("is refused where it is longer than the page's longest", () => {
    const within = (to: string) => typedWindow("2026-11-01", to, { ...NAMES, maxMs: 7 * 86_400_000 });
    expect(within("2026-11-08").window).toBeDefined();
    expect(within("2026-11-08 00:00:01").faults?.from).toMatch(/at most 7 days at once/);
  });

  it("takes what it prints", () => {
    for (const time of ["2026-11-22T01:18:49.123Z", "2026-11-22T01:18:49.000Z"])
      expect(typed(toInput(time), "2027-01-01").window).toMatchObject({ from: time });
  });
});
