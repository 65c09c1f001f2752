import { BACKTICK_NAME, DOUBLE_STRING, STRING } from "./dialects/quotes.ts";
import { STANDARD } from "./dialects/standard.ts";
import { compile } from "./reading.ts";
import { at, type Spans, TokenClass, unite } from "./spans.ts";

/** Prose that quotes SQL and values: every kind of quotes holds a value, and digits are numbers. */
export const MESSAGE = compile({
  ...STANDARD,
  quotes: { "'": STRING, '"': DOUBLE_STRING, "`": { ...BACKTICK_NAME, shows: false } },
});

/**
 * Typographic quotes stop every reading, but for those that are letters to Unicode, such as the Hawaiian and the Ukrainian
 * apostrophe.
 */
const QUOTES = ["'", '"', "`", "\u02b9", "\u02ba", "\u02bb", "\u02bc", "\u02bd"];
const QUOTE = new RegExp(`[${QUOTES.join("")}]`);

/**
 * What introduces a bare value. Values may hold any character, so they have no end. All that repeats is bounded, so that the
 * search is linear. PostgreSQL: `Key (email)=(…) already exists`, `Failing row contains (…)`. SQL Server: `The duplicate key
 * value is (…)`, `Arithmetic overflow error for data type varchar, value = …`. BigQuery: `Bad int64 value: …`, `Invalid date: …`.
 * Redshift: `Invalid char: …`, `Bad UTF-8 hex sequence: …`, `context: …`, but its driver writes `Invalid operation:` before
 * any error. Snowflake: `Row Values: […]`, `Failed to cast variant value {…} to …`, `Error parsing JSON: …`. Databricks:
 * `violated by row with values: …`, `Duplicate map key … was found`, `The value … cannot be represented`. SQLite takes `"…"` for a column: `no such column: …`.
 */
const INTRODUCES = new RegExp(
  [
    /(?:=|\bcontains|\bis)\s{0,4}(?=\()/,
    /\bvalues?\s{0,4}(?:[:=]|(?=[([{]))/,
    /\b(?:bad|invalid(?! operation)|malformed|parsing|unexpected)\b[^:]{0,64}:/,
    /\b(?:context|no such column)\s{0,4}:/,
    /\bduplicated? map key\b/,
    /\b(?:could not|cannot|failed to) (?:cast|convert|parse)\b(?! type)(?: (?:input |variant )?(?:literal|string|value)\b)?/,
    /\bthe value\b(?! (?:is|of)\b)/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "i",
);

/** Where a bare value begins behind what introduces one, or -1. */
function bareValue(text: string): number {
  const match = INTRODUCES.exec(text);
  if (match === null) return -1;
  const behind = match.index + match[0].length;
  const value = text.slice(behind).search(/\S/);
  return value < 0 ? -1 : behind + value;
}

/** The words that may stand behind a value: those of the databases' own messages, and no name of anything. */
const BEHIND = new Set(
  `already ambiguous an and are argument as at authorized be because been before but by cannot cast character characters clause
   column columns compatible constraint could data database defined denied did does error exceeds exist exists expected failed
   field for format found foreign from function has have in incorrect index integer invalid is it key length line list location
   long longer malformed match matches may missing must name near no not not-null null numeric object of on one only operator
   option or order out parameter parsed permission position primary query range recognized references relation row rows schema
   specified statement string supported syntax table terminated than that the this to too truncated type unique unknown
   unrecognized used user valid value view violates was were when which with within would`.split(/\s+/),
);
const TOKEN = /\s+|[.,;:()[\]<>=!]|[\p{L}\p{M}\p{N}_$]+(?:-[A-Za-z]+)*/uy;

/** Whether all from a place on is words that are no value, numbers, which `MESSAGE` hides, and marks between. */
function isProse(text: string, from: number): boolean {
  TOKEN.lastIndex = from;
  while (TOKEN.lastIndex < text.length) {
    const token = TOKEN.exec(text)?.[0];
    if (token === undefined) return false;
    if (/^[\p{L}\p{M}\p{N}_$]/u.test(token) && !/^[0-9]+$/.test(token) && !BEHIND.has(token.toLowerCase()))
      return false;
  }
  return true;
}

/**
 * What is hidden in a message: one part, from the first quote, bare value or string of any reading to the last. A value may
 * hold quotes and nothing doubles them (`near ''x' WHERE id = 1' at line 1`), so no quote but the last can be its end. Where a
 * message was cut, that one need not be it either: the part goes on to the end unless only known prose follows.
 */
export function inOnePart(text: string, spans: Spans): Spans {
  const quote = text.search(QUOTE);
  const bare = bareValue(quote < 0 ? text : text.slice(0, quote));
  const strings = stringsIn(spans);
  const starts = [quote, bare, strings.start].filter((place) => place >= 0);
  if (starts.length === 0) return spans;
  const last = Math.max(strings.end, ...QUOTES.map((character) => text.lastIndexOf(character) + 1));
  const end = bare < 0 && isProse(text, last) ? last : text.length;
  return unite(spans, [Math.min(...starts), end, TokenClass.string]);
}

/** Where the first string begins and the last one ends, -1 without any. */
function stringsIn(spans: Spans): { start: number; end: number } {
  const found = { start: -1, end: -1 };
  for (let index = 0; index < spans.length; index += 3) {
    if (at(spans, index + 2) !== TokenClass.string) continue;
    if (found.start < 0) found.start = at(spans, index);
    found.end = at(spans, index + 1);
  }
  return found;
}
