import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Geometry, lineTopOf, rowAt, topOf } from "./row-geometry";

const COUNT = 60;
const index = fc.integer({ min: 0, max: COUNT - 1 });
const geometry = fc.record({
  rowPx: fc.integer({ min: 1, max: 60 }),
  dayPx: fc.integer({ min: 0, max: 40 }),
  dayStarts: fc.uniqueArray(index).map((all) => all.sort((a, b) => a - b)),
  open: fc
    .uniqueArray(fc.tuple(index, fc.integer({ min: 0, max: 900 })), { selector: ([at]) => at })
    .map((all) => new Map(all)),
});

/** Row after row, as the browser would lay them out. */
function laidOut({ rowPx, dayPx, dayStarts, open }: Geometry): number[] {
  const tops = [0];
  for (let at = 0; at < COUNT; at += 1) {
    const height = rowPx + (dayStarts.includes(at) ? dayPx : 0) + (open.get(at) ?? 0);
    tops.push((tops[at] ?? 0) + height);
  }
  return tops;
}

describe("row geometry", () => {
  it("puts rows where the browser would", () => {
    fc.assert(
      fc.property(geometry, (given) => {
        const tops = laidOut(given);
        for (const [at, top] of tops.entries()) expect(topOf(given, at)).toBe(top);
        for (let at = 0; at < COUNT; at += 1) {
          expect(lineTopOf(given, at)).toBe((tops[at] ?? 0) + (given.dayStarts.includes(at) ? given.dayPx : 0));
        }
      }),
    );
  });

  it("finds the row that covers a height", () => {
    fc.assert(
      fc.property(geometry, fc.nat(60_000), (given, px) => {
        const tops = laidOut(given);
        const found = rowAt(given, px, COUNT);
        expect(tops[found]).toBeLessThanOrEqual(px);
        if (found < COUNT - 1) expect(tops[found + 1]).toBeGreaterThan(px);
      }),
    );
  });

  it("answers the first row where there is none or before the beginning", () => {
    const flat: Geometry = { rowPx: 32, dayPx: 28, dayStarts: [0], open: new Map() };
    expect(rowAt(flat, 100, 0)).toBe(0);
    expect(rowAt(flat, -100, 10)).toBe(0);
    expect(rowAt(flat, 1e9, 10)).toBe(9);
  });
});
