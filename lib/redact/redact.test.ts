import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { FORMS } from "./cases/forms.ts";
import { HARD } from "./cases/hard.ts";
import { type Dialect, readingsOf } from "./dialects/dialects.ts";
import type { CompiledReading } from "./reading.ts";
import { MOST_TEXT, redactMessage, redactSql } from "./redact.ts";
import { render } from "./render.ts";
import { scan } from "./scan.ts";
import { unite } from "./spans.ts";

const DIALECTS = [...(Object.keys(FORMS) as Dialect[]), "unknown" as const];

const FRAGMENTS = [...new Set([...Object.values(FORMS).flat(), ...HARD.map(({ sql }) => sql)])];
const ODD =
  "' \" ` \\ $ $$ [ ] ( { } -- # // /* */ ; : . , @ ? 7 a _ E N _a \n \r é “ 😀 password= copy stdin ; 1e".split(" ");
const soup = fc
  .array(
    fc.oneof(fc.constantFrom(...FRAGMENTS), fc.constantFrom(...ODD, " "), fc.string({ unit: "binary", maxLength: 3 })),
    {
      maxLength: 10,
    },
  )
  .map((parts) => parts.join(""));
const dialect = fc.constantFrom(...DIALECTS);

/** Digits differ from run to run. */
const shape = (text: string) => text.replace(/\d/g, "0");

// Under a second each on a quiet machine.
describe("whatever the text", { timeout: 60_000 }, () => {
  test("what was redacted once has the same shape after another time", () => {
    fc.assert(
      fc.property(soup, dialect, (text, dialect) => {
        const once = redactSql(text, dialect).text;
        expect(shape(redactSql(once, dialect).text)).toBe(shape(once));
      }),
      { numRuns: 20_000 },
    );
  });

  test("a message that was redacted once has the same shape after another time", () => {
    fc.assert(
      fc.property(soup, dialect, (text, dialect) => {
        const once = redactMessage(text, dialect).text;
        expect(shape(redactMessage(once, dialect).text)).toBe(shape(once));
      }),
      { numRuns: 5_000 },
    );
  });

  test("readings that are left out would hide nothing more", () => {
    const shown = (text: string, readings: readonly CompiledReading[]) =>
      shape(
        render(text, readings.map((reading) => scan(text, reading, () => undefined).spans).reduce(unite, []), () => 0),
      );
    fc.assert(
      fc.property(soup, dialect, (text, dialect) => {
        // Without comments: where one stands between the parts of a literal, only a reading with backslashes is in doubt.
        const bare = text.replaceAll("--", "");
        for (const plain of [/\\/g, /"/g, /[\\"]/g].map((characters) => bare.replace(characters, ""))) {
          const readings = readingsOf(dialect);
          const needed = readings.filter(({ onlyWith }) =>
            [...onlyWith].every((character) => plain.includes(character)),
          );
          expect(shown(plain, needed)).toEqual(shown(plain, readings));
        }
      }),
      { numRuns: 5_000 },
    );
  });

  test("no output is longer than twenty times the text", () => {
    fc.assert(
      fc.property(soup, dialect, (text, dialect) => {
        expect(redactSql(text, dialect).text.length).toBeLessThanOrEqual(20 * text.length);
        expect(redactMessage(text, dialect).text.length).toBeLessThanOrEqual(20 * text.length);
      }),
      { numRuns: 5_000 },
    );
  });

  test("texts read before make no difference", () => {
    fc.assert(
      fc.property(soup, soup, dialect, (before, text, dialect) => {
        const alone = redactSql(text, dialect);
        redactSql(before, dialect);
        const after = redactSql(text, dialect);
        expect({ ...after, text: shape(after.text) }).toEqual({ ...alone, text: shape(alone.text) });
      }),
      { numRuns: 5_000 },
    );
  });
});

test("digits are uniform", () => {
  const draws = 100_000;
  const counts = new Array<number>(10).fill(0);
  const text = "1,".repeat(2_000);
  for (let drawn = 0; drawn < draws; drawn += 2_000) {
    for (const digit of redactSql(text, "postgres").text.match(/\d/g) ?? []) counts[Number(digit)]!++;
  }
  expect(counts.reduce((sum, count) => sum + count)).toBe(draws);
  const chiSquare = counts.reduce((sum, count) => sum + (count - draws / 10) ** 2 / (draws / 10), 0);
  // Nine degrees of freedom: by chance above 60 once in a thousand million runs.
  expect(chiSquare).toBeLessThan(60);
});

test("two runs differ", () => {
  const text = "1 ".repeat(100);
  expect(redactSql(text, "postgres").text).not.toBe(redactSql(text, "postgres").text);
});

describe("what is hidden whole", () => {
  const whole = {
    text: "'literal_string'",
    redaction: { engine: "1.1.0", dialect: "mysql", verdict: "failed_closed" },
  };

  test("a text of more than 256 Ki characters", () => {
    expect(redactSql("a".repeat(MOST_TEXT), "mysql").redaction.verdict).toBe("full");
    expect(redactSql("a".repeat(MOST_TEXT + 1), "mysql")).toEqual(whole);
  });

  test.each([
    ["more than 100 ms of processor time", 5_000, 100_001, "failed_closed"],
    ["100 ms of it, however long it waits for a processor", 5_000, 100_000, "full"],
    ["100 ms in all, of which other threads use more", 100, 400_000, "full"],
  ])("a text that takes %s: %f ms, %f µs, %s", (_, wall, processor, verdict) => {
    const clock = vi.spyOn(performance, "now").mockReturnValue(wall).mockReturnValueOnce(0).mockReturnValueOnce(0);
    const used = vi
      .spyOn(process, "cpuUsage")
      .mockReturnValue({ user: processor - 30_000, system: 30_000 })
      .mockReturnValueOnce({ user: 0, system: 0 });
    const { redaction } = redactSql("a ".repeat(10_000), "mysql");
    clock.mockRestore();
    used.mockRestore();
    expect(redaction.verdict).toBe(verdict);
  });

  test("what is no text at all", () => {
    expect(redactSql(undefined as unknown as string, "mysql")).toEqual(whole);
    expect(redactMessage(7 as unknown as string, "mysql")).toEqual(whole);
  });
});

describe("the verdict", () => {
  test.each([
    ["SELECT 'a', 1 -- b", "full"],
    ["COPY t FROM stdin;\n\\N", "full"],
    ['SELECT "a"', "full"],
    ["SELECT 'a", "failed_closed"],
    ["SELECT “a”", "failed_closed"],
    ["SELECT 1$$a$$", "failed_closed"],
  ])("of %s is %s", (text, verdict) => {
    expect(redactSql(text, "postgres").redaction).toEqual({ engine: "1.1.0", dialect: "postgres", verdict });
  });
});

describe("messages", () => {
  test.each<[Dialect, string, string]>([
    [
      "postgres",
      'relation "Q" does not exist at character 77',
      "relation 'literal_string' does not exist at character 0",
    ],
    ["postgres", "syntax error at or near \"Q\" LINE 1: SELECT 'Q'", "syntax error at or near 'literal_string'"],
    ["postgres", "Key (email)=(Q@Z) already exists.", "Key (email)='literal_string'"],
    ["postgres", "Failing row contains (7, Q).", "Failing row contains 'literal_string'"],
    ["mysql", "Duplicate entry 'Q-7' for key `Z`", "Duplicate entry 'literal_string'"],
    ["mysql", "Table 'Q' doesn't exist: Z", "Table 'literal_string'"],
    ["tsql", "The duplicate key value is (Q).", "The duplicate key value is 'literal_string'"],
    ["unknown", "value “Q” is not allowed", "value 'literal_string'"],
  ])("%s: %s", (dialect, message, shown) => {
    expect(shape(redactMessage(message, dialect).text)).toBe(shown);
  });
});
