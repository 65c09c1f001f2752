import type { Quote, Reading } from "../reading.ts";
import { BACKTICK_NAME, DOUBLE_STRING, escaped, STRING } from "./quotes.ts";
import { STANDARD } from "./standard.ts";

/** In a raw string too a backslash takes the next character with it, only that both stay. */
const literal = (quote: Quote): Quote => ({ ...escaped(quote), doubled: false, triple: true, oneLine: true });

const SINGLE = literal(STRING);
const DOUBLE = literal(DOUBLE_STRING);

/**
 * BigQuery (GoogleSQL): "Lexical structure and syntax". Both quotes are strings, also three of them, with prefixes r, b, rb, br;
 * identifiers in backticks know the escapes of strings.
 */
const bigquery: Reading = {
  ...STANDARD,
  quotes: { "'": SINGLE, '"': DOUBLE, "`": { ...escaped(BACKTICK_NAME), doubled: false, oneLine: true } },
  prefixes: Object.fromEntries(
    ["r", "b", "rb", "br"].flatMap((prefix) => [
      [`${prefix}'`, SINGLE],
      [`${prefix}"`, DOUBLE],
    ]),
  ),
  nameParts: "",
  hashComment: true,
};

export const BIGQUERY: readonly Reading[] = [bigquery];
