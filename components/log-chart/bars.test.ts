import { describe, expect, it } from "vitest";
import { type Bar, barsOf, heightsOf, indexAt, pathsOf, together } from "./bars";

const bar = (byOutcome: Record<string, number>, from = "2026-11-24T14:00:00.000Z"): Bar => ({
  from,
  to: new Date(Date.parse(from) + 900_000).toISOString(),
  count: Object.values(byOutcome).reduce((sum, n) => sum + n, 0),
  byOutcome,
});

describe("bars of an answer", () => {
  const answer: Parameters<typeof barsOf>[0] = {
    bucket_seconds: 900,
    buckets: [
      { from: "2026-11-24T14:00:00Z", count: 3, by_outcome: { success: 3, network_error: 0 } },
      { from: "2026-11-24T14:15:00Z", count: 0, by_outcome: {} },
    ],
    exact: true,
  };
  it("end where the window does", () => {
    const bars = barsOf(answer, { from: "2026-11-24T14:02:05.000Z", to: "2026-11-24T14:21:00.000Z" });
    expect(bars.map(({ from, to }) => [from, to])).toEqual([
      ["2026-11-24T14:02:05.000Z", "2026-11-24T14:15:00.000Z"],
      ["2026-11-24T14:15:00.000Z", "2026-11-24T14:21:00.000Z"],
    ]);
  });
  it("leave out outcomes that no row had", () => {
    expect(barsOf(answer, { from: "2026-11-24T14:00:00Z", to: "2026-11-24T15:00:00Z" })[0]?.byOutcome).toEqual({
      success: 3,
    });
  });
});

describe("several bars as one", () => {
  const bars = [bar({ success: 1 }), bar({ success: 2, error: 1 }, "2026-11-24T14:15:00.000Z")];
  it.each([
    [0, 1],
    [1, 0],
  ])("%i to %i", (a, b) => {
    expect(together(bars, a, b)).toEqual({
      from: "2026-11-24T14:00:00.000Z",
      to: "2026-11-24T14:30:00.000Z",
      count: 4,
      byOutcome: { success: 3, error: 1 },
    });
  });
  it("of none is none", () => expect(together([], 0, 0)).toBeUndefined());
});

describe("heights", () => {
  it("are shares of the highest bar, failures first", () => {
    expect(heightsOf(bar({ success: 5, policy_denial: 3, provider_error: 1, error: 1 }), 20, 40)).toEqual([4, 6, 10]);
  });
  it("show one failure among many, and nothing stands out at the top", () => {
    const heights = heightsOf(bar({ success: 9_999, error: 1 }), 10_000, 40);
    expect(heights[0]).toBe(2);
    expect(heights.reduce((sum, one) => sum + one, 0)).toBeCloseTo(40);
  });
  it("of an empty bar are a gap", () => expect(heightsOf(bar({}), 10, 40)).toEqual([0, 0, 0]));
});

it("draws a path a tone, failures on the baseline", () => {
  expect(pathsOf([bar({ success: 1, error: 1 }), bar({})], 40)).toEqual({
    red: "M0.08 20.00h0.84v20.00h-0.84z",
    amber: "",
    plain: "M0.08 0.00h0.84v20.00h-0.84z",
  });
});

it.each([
  [-0.1, 0],
  [0, 0],
  [0.5, 5],
  [0.999, 9],
  [1.2, 9],
])("at %d of the width lies bar %i", (share, index) => expect(indexAt(share, 10)).toBe(index));
