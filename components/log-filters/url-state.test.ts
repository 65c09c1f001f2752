import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  freeze,
  type LogState,
  PRESETS,
  parseLogState,
  presetsUpTo,
  printLogState,
  resolveWindow,
  widerWindow,
  windowAround,
  windowUpTo,
} from "./url-state";

const FIELDS = ["outcome", "provider_id", "url"];
const parse = (query: string) => parseLogState(new URLSearchParams(query), { filters: FIELDS });

describe("the URL of a log page", () => {
  it("stands for the last 24 hours of the home app when it says nothing", () => {
    expect(parse("")).toEqual({ appId: undefined, window: { preset: "24h" }, filters: {}, problems: [] });
  });

  it("says the same after printing and parsing", () => {
    const time = fc
      .date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true })
      .map((date) => date.toISOString());
    const absolute = fc
      .tuple(time, time)
      .filter(([a, b]) => a < b)
      .map(([from, to]) => ({ from, to }));
    const value = fc.string({ minLength: 1, unit: "grapheme" }).filter((text) => text.trim() === text && text !== "");
    const state = fc.record({
      appId: fc.option(fc.uuid(), { nil: undefined }),
      window: fc.oneof(absolute, fc.constantFrom(...PRESETS.map(({ id }) => ({ preset: id })))),
      filters: fc.dictionary(fc.constantFrom(...FIELDS), value, { noNullPrototype: true }),
    });
    fc.assert(
      fc.property(state, (given: Omit<LogState, "problems">) => {
        expect(parse(printLogState(given))).toEqual({ ...given, problems: [] });
      }),
    );
  });

  it("prints equal states equally", () => {
    const base = { appId: undefined, window: { preset: "1h" } as const };
    expect(printLogState({ ...base, filters: { url: "a", outcome: "b" } })).toBe(
      printLogState({ ...base, filters: { outcome: "b", url: "a" } }),
    );
  });

  it.each([
    ["provder_id=x", "There is no filter named “provder_id”."],
    ["outcome=a&outcome=b", "“outcome” is given twice; it takes one value."],
    ["app=a&app=b", "“app” is given twice; it takes one value."],
    ["window=1y", "“1y” is no time window. There are 15m, 1h, 6h, 24h, yesterday, 7d, 30d."],
    ["window=1h&from=2026-01-01T00:00:00Z", "The time window is given twice: once as window=, once as from= and to=."],
  ])("never ignores a part of it: %s", (query, problem) => {
    expect(parse(query).problems).toEqual([problem]);
  });

  it.each([
    "from=2026-01-01T00:00:00Z",
    "from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z",
    "from=2026-01-01&to=2026-01-02",
  ])("wants both ends of an absolute window, with a zone and in order: %s", (query) =>
    expect(parse(query).problems).toHaveLength(1),
  );

  it("turns zones into UTC", () => {
    expect(parse("from=2026-01-01T01:00:00%2B01:00&to=2026-01-01T02:00Z").window).toEqual({
      from: "2026-01-01T00:00:00.000Z",
      to: "2026-01-01T02:00:00.000Z",
    });
  });

  it("counts presets back from the moment of asking", () => {
    const asOf = Date.parse("2026-11-22T12:00:00Z");
    expect(resolveWindow({ preset: "15m" }, asOf)).toEqual({
      from: "2026-11-22T11:45:00.000Z",
      to: "2026-11-22T12:00:00.000Z",
    });
  });

  it("takes yesterday as the whole UTC day", () => {
    expect(resolveWindow({ preset: "yesterday" }, Date.parse("2026-11-22T00:00:01Z"))).toEqual({
      from: "2026-11-21T00:00:00.000Z",
      to: "2026-11-22T00:00:00.000Z",
    });
  });

  it("freezes what is shared: absolute times and the app, whoever opens it and whenever", () => {
    const asOf = Date.parse("2026-11-22T12:00:00Z");
    const frozen = freeze({ appId: "a1", window: { preset: "1h" }, filters: { outcome: "success" } }, asOf);
    const parsed = parse(printLogState(frozen));
    expect(parsed.problems).toEqual([]);
    expect(resolveWindow(parsed.window, asOf + 86_400_000)).toEqual({
      from: "2026-11-22T11:00:00.000Z",
      to: "2026-11-22T12:00:00.000Z",
    });
    expect(parsed.appId).toBe("a1");
  });
});

describe("other windows", () => {
  const asOf = Date.parse("2026-11-22T12:00:00Z");
  const widen = (window: LogState["window"]) => widerWindow(window, resolveWindow(window, asOf));

  it("widen step by step, and keep their end", () => {
    expect(widen({ preset: "15m" })).toEqual({ window: { preset: "24h" }, label: "24 hours" });
    expect(widen({ preset: "24h" })).toEqual({ window: { preset: "7d" }, label: "7 days" });
    expect(widen({ preset: "30d" })?.window).toEqual({
      from: "2025-11-22T12:00:00.000Z",
      to: "2026-11-22T12:00:00.000Z",
    });
    expect(widen({ preset: "yesterday" })?.window).toEqual({
      from: "2026-11-15T00:00:00.000Z",
      to: "2026-11-22T00:00:00.000Z",
    });
    expect(widen({ from: "1990-01-01T00:00:00.000Z", to: "2020-01-01T00:00:00.000Z" })).toBeUndefined();
  });

  it("hold the row that they were made for", () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true }), (date) => {
        const time = date.toISOString();
        const day = { from: "2026-11-21T12:00:00.000Z", to: "2026-11-22T12:00:00.000Z" };
        for (const window of [windowAround(time), windowUpTo(time, day)]) {
          const { from, to } = resolveWindow(window, 0);
          expect(from <= time && time < to).toBe(true);
        }
      }),
    );
  });
});

describe("a page that shows at most seven days", () => {
  const rules = { filters: [], windowMaxMs: 7 * 86_400_000 };
  const problemsOf = (query: string) => parseLogState(new URLSearchParams(query), rules).problems;

  it.each(["window=30d", "from=2026-11-01T00:00:00Z&to=2026-11-08T00:00:00.001Z"])(
    "refuses %s, and says why",
    (query) => {
      expect(problemsOf(query)).toEqual([expect.stringMatching(/^This page shows at most 7 days at once/)]);
    },
  );

  it.each(["", "window=7d", "from=2026-11-01T00:00:00Z&to=2026-11-08T00:00:00Z"])("takes “%s”", (query) => {
    expect(problemsOf(query)).toEqual([]);
  });

  it("offers no longer preset and no wider window", () => {
    expect(presetsUpTo(rules.windowMaxMs).map(({ id }) => id)).not.toContain("30d");
    const week = { from: "2026-11-01T00:00:00.000Z", to: "2026-11-08T00:00:00.000Z" };
    expect(widerWindow(week, week, rules.windowMaxMs)).toBeUndefined();
    expect(widerWindow(week, week)?.label).toBe("30 days");
  });
});
