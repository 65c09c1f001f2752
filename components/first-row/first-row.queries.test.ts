import { expect, test } from "vitest";
import { nextDelayMs } from "./first-row.queries";

test("questions come ever more slowly, then no more", () => {
  const delays = Array.from({ length: 60 }, (_, asked) => Number(nextDelayMs(asked)));
  expect(delays.slice(0, 4)).toEqual([1_000, 1_000, 1_500, 2_250]);
  expect(delays).toEqual([...delays].sort((one, other) => one - other));
  expect(Math.max(...delays)).toBe(15_000);
  // Under a session's 30 minutes: a page left open does not keep anybody signed in.
  expect(delays.reduce((sum, delay) => sum + delay)).toBeLessThan(15 * 60_000);
  expect(nextDelayMs(60)).toBe(false);
});
