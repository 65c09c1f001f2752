import type { Reading } from "../reading.ts";
import { BACKTICK_NAME, BRACKET_NAME, DOUBLE_STRING, STRING } from "./quotes.ts";
import { STANDARD } from "./standard.ts";

/**
 * SQLite: src/tokenize.c and "SQL As Understood By SQLite". `"…"` is an identifier, or a string where no column has that name;
 * it ends at the same place: hidden in any case.
 */
const sqlite: Reading = {
  ...STANDARD,
  quotes: { "'": STRING, '"': DOUBLE_STRING, "`": BACKTICK_NAME, "[": { ...BRACKET_NAME, doubled: false } },
  prefixes: { "x'": STRING },
  parameters: "$:?",
  lineEnd: "line feed",
  openComment: true,
  tclVariables: true,
};

export const SQLITE: readonly Reading[] = [sqlite];
