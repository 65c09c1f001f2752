import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BEFORE, FORMS } from "./cases/forms.ts";
import { HARD } from "./cases/hard.ts";
import type { Dialect } from "./dialects/dialects.ts";
import { redactSql } from "./redact.ts";

// What must not show is in capital Q and Z, which nothing else here holds, and in numbers, of which one digit may show.

/** The parts of an output that hold a canary's byte. Parameters are shown, also the beginning of a number cut off like one. */
function canaries(output: string): string[] {
  return output.replace(/[$?:@]\d{1,5}(?!\d)|t_\d+/g, "").match(/[QZ]|\p{N}\p{N}+/gu) ?? [];
}

/** The cut text and the dialect wherever something shows: every beginning of the text is tried. */
function shown(sql: string, dialects: readonly Dialect[]): string[] {
  const found: string[] = [];
  for (let length = sql.length; length > 0; length--) {
    const text = sql.slice(0, length);
    for (const dialect of dialects) {
      const output = redactSql(text, dialect).text;
      if (canaries(output).length > 0) found.push(`${dialect}: ${JSON.stringify(text)} → ${JSON.stringify(output)}`);
    }
  }
  return found;
}

const SEPARATORS = [" ", ",", "\n", " || "];

describe.each(Object.entries(FORMS) as [Dialect, readonly string[]][])(
  "%s, cut at every place",
  { timeout: 60_000 },
  (dialect, forms) => {
    test("hides every literal behind every neighbour", () => {
      const texts = forms.flatMap((form) => BEFORE.map((before) => before + form));
      // Behind a dollar `$t$…` is another literal, with another end.
      expect(
        texts.filter((text) => !text.startsWith("$$t")).flatMap((text) => shown(text, [dialect, "unknown"])),
      ).toEqual([]);
    });

    test("hides every two literals side by side", () => {
      const texts = forms.flatMap((left) => forms.map((right, index) => left + SEPARATORS[index % 4] + right));
      expect(texts.flatMap((text) => shown(text, [dialect]))).toEqual([]);
    });

    test("hides literals in any order", () => {
      const part = fc.tuple(fc.constantFrom(...forms), fc.constantFrom(...SEPARATORS, " AS a, ", "\n\t", "; select "));
      fc.assert(
        fc.property(
          fc.array(
            part.map((pair) => pair.join("")),
            { maxLength: 12 },
          ),
          (parts) => {
            const text = parts.join("");
            expect([dialect, "unknown" as const].map((one) => canaries(redactSql(text, one).text))).toEqual([[], []]);
          },
        ),
        { numRuns: 5_000 },
      );
    });
  },
);

describe("hard cases", { timeout: 60_000 }, () => {
  test("are at least 200", () => {
    expect(new Set(HARD.map(({ sql }) => sql)).size).toBeGreaterThanOrEqual(200);
  });

  test.each(HARD)("$sql, cut at every place, shows nothing that it must not", ({ sql, dialects }) => {
    expect(shown(sql, [...dialects, "unknown"])).toEqual([]);
  });

  test.each(HARD)("$sql keeps what may stay", ({ sql, dialects, shows }) => {
    for (const dialect of dialects) expect(redactSql(sql, dialect).text).toMatch(pattern(shows));
  });
});

/** An output in which any digit may stand for §. */
function pattern(shows: string): RegExp {
  const parts = shows.split("§").map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${parts.join("\\d")}$`);
}
