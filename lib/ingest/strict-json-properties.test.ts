import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AppError } from "@/lib/errors/app-error";
import { parseStrictJson } from "./strict-json";

describe("parseStrictJson", () => {
  // Strings with whole characters only: half pairs are refused by rule.
  const json = fc.jsonValue({ maxDepth: 8, stringUnit: "binary" });
  const judged = (text: string) => {
    try {
      return { value: parseStrictJson(text) };
    } catch (error) {
      expect(error).toBeInstanceOf(AppError);
      return { error: error as AppError };
    }
  };

  test("agrees with JSON.parse on everything that JSON.stringify writes", () => {
    fc.assert(
      fc.property(json, fc.constantFrom(0, 1, "\t"), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        // Doubles are printed with up to 17 digits; integers beyond 2^53-1 are refused by rule.
        const { value: got, error } = judged(text);
        if (error) expect(error.code).toBe("inexact_number");
        else expect(got).toEqual(JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  test("damaged JSON throws AppError exactly where JSON.parse throws", () => {
    fc.assert(
      fc.property(
        json,
        fc.nat(),
        fc.constantFrom("", ",", '"', "\\", "}", "[", "1", "e", "-", "\u0001", " ", "\\u"),
        (value, at, put) => {
          const text = JSON.stringify(value);
          const cut = at % (text.length + 1);
          const damaged = text.slice(0, cut) + put + text.slice(cut + (at % 2));
          let isJson = true;
          try {
            JSON.parse(damaged);
          } catch {
            isJson = false;
          }
          const { error } = judged(damaged);
          if (!isJson) expect(error).toBeDefined();
          else if (error) expect(error.code).not.toBe("malformed_json");
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test("any bytes give a value or an AppError", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (wild) => {
        try {
          parseStrictJson(wild);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test("time grows with length, whatever the text is made of", () => {
    const shapes: Record<string, (n: number) => string> = {
      "escaped pairs": (n) => `["${"\\ud83d\\ude00".repeat(n)}"]`,
      "a suspicious number last": (n) => `[${"1,".repeat(n)}1e999]`,
      "duplicate names far apart": (n) => `[{"a":1,"a":"${"x".repeat(n * 4)}"}]`,
      digits: (n) => `[${"1".repeat(n)}]`,
      "blank lines": (n) => "\n".repeat(n * 4),
      "broken at the end": (n) => `[${"[],".repeat(n)}`,
      "many faults": (n) => `[${'"\\ud800",'.repeat(n)}1]`,
    };
    for (const [name, shape] of Object.entries(shapes)) {
      const text = shape(80_000);
      const started = performance.now();
      judged(text);
      expect(performance.now() - started, name).toBeLessThan(500);
    }
  });
});
