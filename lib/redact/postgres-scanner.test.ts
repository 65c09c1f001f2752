import fc from "fast-check";
import { loadModule, type ScanToken, scanSync } from "libpg-query";
import { beforeAll, expect, test } from "vitest";
import { partlyShown } from "./cases/shown.ts";
import { readingsOf } from "./dialects/dialects.ts";
import { POSTGRES } from "./dialects/postgres.ts";
import { type CompiledReading, compile, type Reading } from "./reading.ts";
import { scan } from "./scan.ts";
import { type Spans, TokenClass, unite } from "./spans.ts";

// The oracle: whatever PostgreSQL's own scanner calls a literal or a comment must be hidden, byte by byte.

beforeAll(loadModule);

/** One of each, since the scanner's names for tokens leave some out. */
const SAMPLES = ["'a'", "U&'a'", "b'1'", "x'1f'", "1", "1.5", "-- a", "/* a */"];

/** What makes literals, or changes how the next one is read. */
const FRAGMENTS = [
  ..."' '' \" \\ $ $$ $a$ $b$ $1 $1. / * - -- --x /* */ ; : , . ( ) [ ] { } = ` # @ ? ~ ! % & | ^ < >".split(" "),
  ..."E' e' N' n' X' x' B' b' U&' u&' U&\" E\\' \\' \\\\ \\n '\n' '\r' '\f\n' '--x\n' '-- '\n' /*' */' '/* --' '*/".split(
    " ",
  ),
  ..."'a' 'it''s' E'a\\'b' x'1f' b'01' U&'d\\0061t' N'n' \"a\" \"a'b\" \"a\"\"b\" 'a'\n'b' E'a'\n'\\'' E'a'--c\n'\\'b'".split(
    " ",
  ),
  ..."$$a$$ $a$'$a$ $a$ $b$ $a$ $a$$$$a$ a$b$ /*a*/ /*/*a*/b*/ /*'*/ --'\n --\r'".split(" "),
  ..."1 1.5 .5 1. 1e5 1e-5 0x1F 0b1 0o7 1_000 1..2 1e 1a 9$ a1 a.1 $12.34 $123456789".split(" "),
  ..."select from where é ü日 x y _z a$ ²  “ ” \u00a0 \ufeff \u2028 😀 ٣".split(" "),
  " ",
  " ",
  "\n",
  "\r",
  "\t",
  "\f",
  "\v",
  " 'a' ",
  " 12 ",
  " /*a*/ ",
  " $q$a b$q$ ",
  " --a\n",
];

const soup = fc.array(fc.constantFrom(...FRAGMENTS), { minLength: 1, maxLength: 14 }).map((parts) => parts.join(""));

/** A scanner that gives the tokens to hide. */
type Lexer = (text: string) => Spans;

const lexerOf =
  (readings: readonly CompiledReading[]): Lexer =>
  (text) =>
    readings.map((reading) => scan(text, reading, () => undefined).spans).reduce(unite);

/** The same text's tokens by PostgreSQL; none where it does not get to the end. */
function tokensOf(text: string): readonly ScanToken[] {
  try {
    return scanSync(text).tokens;
  } catch {
    return [];
  }
}

/** For each byte of the text in UTF-8 the place of its character. */
function places(text: string): number[] {
  const found: number[] = [];
  let place = 0;
  for (const character of text) {
    for (let byte = Buffer.byteLength(character); byte > 0; byte--) found.push(place);
    place += character.length;
  }
  return [...found, place];
}

/** The literals and comments of a text that a lexer shows a part of. */
function shown(text: string, tokens: readonly ScanToken[], lexer: Lexer): string[] {
  const placeOf = places(text);
  const placed = tokens.map(({ text: raw, start, end }) => ({
    raw,
    start: placeOf[start] ?? 0,
    end: placeOf[end] ?? 0,
  }));
  return partlyShown(text, placed, lexer(text)).map(({ raw }) => raw);
}

/** Compares the two on so many texts: how many literals and comments there were, and those that showed. */
function compare(lexer: Lexer, texts: number) {
  const types = new Set(SAMPLES.map((sample) => tokensOf(sample)[0]?.tokenType));
  let checks = 0;
  const leaks: string[] = [];
  fc.assert(
    fc.property(soup, (text) => {
      const tokens = tokensOf(text).filter(({ tokenType }) => types.has(tokenType));
      checks += tokens.length;
      for (const leak of shown(text, tokens, lexer)) leaks.push(JSON.stringify({ leak, text }));
    }),
    { numRuns: texts },
  );
  return { checks, leaks };
}

/** Whether texts tell it from the scanner: a rare one may take a few rounds. */
function isFoundOut(lexer: Lexer): boolean {
  for (let round = 0; round < 40; round += 1) if (compare(lexer, 5_000).leaks.length > 0) return true;
  return false;
}

test("hides what PostgreSQL's scanner calls a literal or a comment", { timeout: 120_000 }, () => {
  const { checks, leaks } = compare(lexerOf(readingsOf("postgres")), 450_000);
  expect(leaks).toEqual([]);
  expect(checks).toBeGreaterThanOrEqual(200_000);
});

const [conforming, backslashes] = POSTGRES as [Reading, Reading];

function withoutContinuation(reading: Reading): Reading {
  const prefixes = Object.entries(reading.prefixes).map(([prefix, quote]) => [prefix, { ...quote, continued: false }]);
  return { ...reading, prefixes: Object.fromEntries(prefixes) };
}

/** The scanner runs with conforming strings. Each leaves one rule of that out: that they fail shows that the texts would tell. */
const MUTANTS: Record<string, Reading> = {
  "without dollar quotes": { ...conforming, dollar: "punctuation" },
  "without nested comments": { ...conforming, blockComment: "flat" },
  "without prefixes": { ...conforming, prefixes: {} },
  "with the other setting": backslashes,
  "with MySQL's --": { ...conforming, dashNeedsSpace: true },
  "with line comments over a carriage return": { ...conforming, lineEnd: "line feed" },
  "with strings that end at a line break": withoutContinuation(conforming),
};

test("the one reading that the scanner has hides as much", () => {
  expect(compare(lexerOf([compile(conforming)]), 20_000).leaks).toEqual([]);
});

test.each(Object.entries(MUTANTS))("a lexer %s is found out", (_name, reading) => {
  expect(isFoundOut(lexerOf([compile(reading)]))).toBe(true);
});

test("a lexer that goes on behind what it does not know is found out", () => {
  const reading = compile(conforming);
  const resynchronising: Lexer = (text) => {
    const spans = scan(text, reading, () => undefined).spans;
    const last = spans.length - 3;
    const from = spans[last] ?? text.length;
    if (spans[last + 1] !== text.length || from + 1 >= text.length) return spans;
    const rest = resynchronising(text.slice(from + 1));
    return [
      ...spans.slice(0, last),
      from,
      from + 1,
      TokenClass.string,
      ...rest.map((x, i) => (i % 3 < 2 ? x + from + 1 : x)),
    ];
  };
  expect(isFoundOut(resynchronising)).toBe(true);
});
