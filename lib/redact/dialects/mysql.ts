import type { Reading } from "../reading.ts";
import { BACKTICK_NAME, DOUBLE_STRING, escaped, NAME, STRING } from "./quotes.ts";
import { STANDARD } from "./standard.ts";

/**
 * MySQL and MariaDB: reference manual, chapter "Language Structure"; sql/sql_lex.cc. `sql_mode` decides whether `"…"` is a
 * string (else `ANSI_QUOTES`) and whether a backslash escapes (else `NO_BACKSLASH_ESCAPES`).
 */
const backslashes: Reading = {
  ...STANDARD,
  quotes: { "'": escaped(STRING), '"': escaped(DOUBLE_STRING), "`": BACKTICK_NAME },
  prefixes: { "n'": escaped(STRING), "x'": escaped(STRING), "b'": escaped(STRING) },
  introducers: true,
  dollar: "name or string",
  dashNeedsSpace: true,
  hashComment: true,
  lineEnd: "line feed",
  codeComments: ["!", "M!", "+"],
};

const noBackslashes: Reading = {
  ...backslashes,
  onlyWith: "\\",
  quotes: { "'": STRING, '"': DOUBLE_STRING, "`": BACKTICK_NAME },
  prefixes: { "n'": STRING, "x'": STRING, "b'": STRING },
};

const withNames = (reading: Reading): Reading => ({
  ...reading,
  onlyWith: `${reading.onlyWith}"`,
  quotes: { ...reading.quotes, '"': NAME },
});

export const MYSQL: readonly Reading[] = [backslashes, noBackslashes, withNames(backslashes), withNames(noBackslashes)];
