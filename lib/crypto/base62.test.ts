import { expect, test } from "vitest";
import { randomBase62, toBase62 } from "./base62";

test("every character is equally likely", () => {
  const length = 200_000;
  const counts = new Map<string, number>();
  for (const character of randomBase62(length)) counts.set(character, (counts.get(character) ?? 0) + 1);
  expect(counts.size).toBe(62);
  // 61 degrees of freedom: above 120 by chance once in 100,000 runs; bytes taken modulo 62 give about 4,700.
  const expected = length / 62;
  const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  expect(chiSquare).toBeLessThan(120);
});

test("numbers are padded to one length", () => {
  expect(toBase62(0, 6)).toBe("000000");
  expect(toBase62(61, 2)).toBe("0z");
  expect(toBase62(62, 2)).toBe("10");
  expect(toBase62(2 ** 32 - 1, 6)).toBe("4gfFC3");
});
