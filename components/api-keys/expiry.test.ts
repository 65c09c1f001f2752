import { expect, test } from "vitest";
import { expiryTime } from "./expiry";

const NOW = Date.parse("2026-11-24T12:34:56.000Z");

test.each([
  ["never", "", null],
  ["1", "", "2026-11-25T12:34:56.000Z"],
  ["365", "", "2027-11-24T12:34:56.000Z"],
  // The chosen day is the last one, whole.
  ["date", "2026-12-31", "2027-01-01T00:00:00.000Z"],
  ["date", "", ""],
])("%s %s", (choice, day, expected) => {
  expect(expiryTime(choice, day, NOW)).toBe(expected);
});
