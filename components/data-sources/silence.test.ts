import { expect, test } from "vitest";
import { silenceOf } from "./silence";

test.each([
  [null, "No rows in the last 30 days", true],
  ["2026-11-22T11:30:00Z", "Rows within the last hour", false],
  ["2026-11-22T11:00:00Z", "No rows for 1 hour", false],
  ["2026-11-21T13:00:00Z", "No rows for 23 hours", false],
  ["2026-11-21T12:00:00Z", "No rows for 24 hours", true],
  ["2026-11-19T12:00:00Z", "No rows for 3 days", true],
])("%s: %s", (newest, text, silent) => {
  const row = newest === null ? ({ state: "none" } as const) : ({ state: "found", createdAt: newest } as const);
  expect(silenceOf(row, "2026-11-22T12:00:00Z")).toEqual({ text, silent });
});

test("a log too large to say it quickly is no alarm", () => {
  expect(silenceOf({ state: "unknown" }, "2026-11-22T12:00:00Z").silent).toBe(false);
});
