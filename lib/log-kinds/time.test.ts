import fc from "fast-check";
import { expect, test } from "vitest";
import { formatMicros, formatTime, parseMicros } from "./time";

test("a time is the same after writing and reading, to the microsecond", () => {
  const first = parseMicros("1700-01-01T00:00:00Z") ?? 0;
  const last = parseMicros("2254-12-31T23:59:59.999999Z") ?? 0;
  fc.assert(
    fc.property(fc.integer({ min: first, max: last }), (micros) => {
      expect(parseMicros(formatMicros(micros))).toBe(micros);
      expect(parseMicros(formatTime(micros))).toBe(micros);
    }),
  );
});

test.each([
  ["2026-11-22T00:01:02.345678Z", "2026-11-22T00:01:02.345678Z"],
  ["2026-11-22t00:01:02z", "2026-11-22T00:01:02.000000Z"],
  ["2026-11-22T00:01:02.3456789Z", "2026-11-22T00:01:02.345678Z"],
  ["2026-11-22T00:01:02.1+02:30", "2026-11-21T21:31:02.100000Z"],
  ["1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"],
  ["2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000000Z"],
  ["9999-12-31T23:59:59Z", "2255-01-01T00:00:00.000000Z"],
])("%s is %s", (text, micros) => {
  expect(formatMicros(parseMicros(text) ?? 0)).toBe(micros);
});

test.each([
  "2026-11-22",
  "2026-11-22T00:01:02",
  "2026-11-22 00:01:02Z",
  "2023-02-29T00:00:00Z",
  "2026-04-31T00:00:00Z",
  "2026-13-01T00:00:00Z",
  "2026-01-00T00:00:00Z",
  "2026-01-01T24:00:00Z",
  "2026-01-01T00:60:00Z",
  "2026-01-01T00:00:00+24:00",
  "0001-01-01T00:00:00Z",
  "1699-12-31T23:59:59Z",
  "+020000-01-01T00:00:00Z",
  "now",
])("%s is no time that we keep", (text) => {
  expect(parseMicros(text)).toBeUndefined();
});
