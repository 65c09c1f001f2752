import { describe, expect, it } from "vitest";
import { type SearchProgress, searchState, spokenState } from "./search-state";

const done: SearchProgress = { failed: false, answered: true, stale: false, rows: 3, hasMore: false };

describe("searchState", () => {
  it.each<[string, Partial<SearchProgress>, string]>([
    ["rows", {}, "rows"],
    ["nothing in the whole window", { rows: 0 }, "nothing"],
    ["a walk that stopped before its first row", { rows: 0, hasMore: true }, "rows"],
    ["no answer yet", { answered: false, rows: 0 }, "pending"],
    ["another search's rows meanwhile", { stale: true }, "rows"],
    ["another search's emptiness meanwhile", { stale: true, rows: 0 }, "pending"],
    ["a failure without rows", { failed: true, answered: false, rows: 0 }, "failed"],
    ["a failure while rows of before are known", { failed: true }, "failed"],
  ])("%s", (_, change, state) => {
    expect(searchState({ ...done, ...change })).toBe(state);
  });
});

describe("spokenState", () => {
  it("counts what is there and says when there is more", () => {
    expect(spokenState("rows", { rows: 1, hasMore: false, searching: false })).toBe("1 row");
    expect(spokenState("rows", { rows: 50, hasMore: true, searching: false })).toBe("50 rows, more below");
    expect(spokenState("rows", { rows: 50, hasMore: true, searching: true })).toBe("Searching");
    expect(spokenState("failed", { rows: 0, hasMore: false, searching: false })).toBe("");
  });
});
