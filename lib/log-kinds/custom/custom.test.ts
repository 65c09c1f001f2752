import { describe, expect, test } from "vitest";
import { custom } from "./custom";

const NOW_MS = 1_763_769_662_345;
const HOUR_MS = 3_600_000;
const event = (more: Record<string, unknown> = {}) => ({
  event_type: "LOGIN",
  content_type: "application/json",
  event_details: { user: "ana", none: null },
  ...more,
});
const normalise = (more: Record<string, unknown> = {}) =>
  custom.normalise(custom.input.parse(event(more)), { submittedAtMicros: NOW_MS * 1_000, stripHeaders: new Set() });

describe("the time of a custom event", () => {
  test.each([
    ["72 hours ago to the millisecond", { event_time: NOW_MS - 72 * HOUR_MS }, NOW_MS - 72 * HOUR_MS, "event_time"],
    ["a millisecond more", { event_time: NOW_MS - 72 * HOUR_MS - 1 }, NOW_MS, "submission"],
    ["24 hours ahead", { event_time: NOW_MS + 24 * HOUR_MS }, NOW_MS + 24 * HOUR_MS, "event_time"],
    ["a millisecond more", { event_time: NOW_MS + 24 * HOUR_MS + 1 }, NOW_MS, "submission"],
    ["none", {}, NOW_MS, "submission"],
    ["null", { event_time: null }, NOW_MS, "submission"],
    [
      "occurred_at, as other kinds say it",
      { occurred_at: "2025-11-22T00:00:00Z" },
      Date.parse("2025-11-22T00:00:00Z"),
      "event_time",
    ],
    ["an occurred_at of too long ago", { occurred_at: "2025-11-01T00:00:00Z" }, NOW_MS, "submission"],
  ])("%s", (_, sent, milliseconds, source) => {
    const { fields, occurredAtMicros } = normalise(sent);
    expect(occurredAtMicros).toBe(milliseconds * 1_000);
    expect(fields.time_source).toBe(source);
    // The value that was sent is kept whatever comes of it.
    expect(fields.event_time).toBe(("event_time" in sent ? sent.event_time : undefined) ?? undefined);
  });

  test.each([1_763_769_662, 1.5, -1, 8_640_000_000_000_001, "1763769662345"])("%j is refused", (event_time) => {
    const refused = custom.input.safeParse(event({ event_time }));
    expect(refused.error?.issues.map(({ path }) => path)).toEqual([["event_time"]]);
  });

  test("one before 1970 is not told that it is in seconds", () => {
    const refused = custom.input.safeParse(event({ event_time: -1 }));
    expect(refused.error?.issues[0]?.message).toMatch(/before 1970/);
  });

  test("one in seconds is told so", () => {
    const refused = custom.input.safeParse(event({ event_time: 1_763_769_662 }));
    expect(refused.error?.issues[0]?.message).toMatch(/seconds/);
  });
});

test("details are kept as they are, whatever their members are called", () => {
  const details = JSON.parse('{"__proto__":{"a":1},"secret":"kept","nothing":null,"list":[1,{"x":"y"}]}');
  expect(JSON.stringify(normalise({ event_details: details }).fields.event_details)).toBe(JSON.stringify(details));
});

test.each([
  [{ event_details: [] }, "event_details"],
  [{ event_details: "text" }, "event_details"],
  [{ event_details: null }, "event_details"],
  [{ event_type: "" }, "event_type"],
  [{ event_type: "x".repeat(129) }, "event_type"],
  [{ event_type: 1 }, "event_type"],
  [{ content_type: "text/plain" }, "content_type"],
  [{ time_source: "event_time" }, "time_source"],
])("%j is refused at %s", (more, where) => {
  expect(custom.input.safeParse(event(more)).error?.issues.map(({ path }) => path.join("/"))).toEqual([where]);
});
