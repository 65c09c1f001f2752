import fc from "fast-check";
import { expect, test } from "vitest";
import { findGaps } from "./gaps";

const row = (id: string, seq: number) => ({ context: { emitter: { id, seq } } });

test("what no row has is named, for each emitter apart", () => {
  const rows = [row("a", 3), row("a", 0), row("b", 1), row("b", 0), row("a", 1), row("a", 7), row("a", 7)];
  expect(findGaps(rows)).toEqual([
    {
      emitterId: "a",
      lastSeq: 7,
      missing: [
        { from: 2, to: 2 },
        { from: 4, to: 6 },
      ],
      count: 4,
    },
  ]);
});

test("numbers begin with 0, unless the rows are a window", () => {
  expect(findGaps([row("a", 2)])).toMatchObject([{ missing: [{ from: 0, to: 1 }] }]);
  expect(findGaps([row("a", 2), row("a", 4)], { window: true })).toMatchObject([{ missing: [{ from: 3, to: 3 }] }]);
});

test("rows without a number are none of an emitter's", () => {
  expect(
    findGaps([{}, { context: null }, { context: { emitter: "x" } }, { context: { emitter: { id: "a", seq: 0.5 } } }]),
  ).toEqual([]);
});

test("whatever is taken out is found, in any order", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(40), { minLength: 1 }), (kept) => {
      const missing = findGaps(kept.map((seq) => row("a", seq))).flatMap((gap) =>
        gap.missing.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, n) => from + n)),
      );
      const all = Array.from({ length: Math.max(...kept) + 1 }, (_, n) => n);
      expect(missing).toEqual(all.filter((seq) => !kept.includes(seq)));
    }),
  );
});
