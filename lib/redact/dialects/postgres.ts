import type { Reading } from "../reading.ts";
import { escaped, STRING } from "./quotes.ts";
import { STANDARD } from "./standard.ts";

const QUOTED = { ...STRING, continued: true };
/** `x'…'` and `b'…'` know no `''`: a second quote begins another, ordinary string (scan.l, state xb). */
const BITS = { ...QUOTED, doubled: false };

/**
 * PostgreSQL: src/backend/parser/scan.l of 12 to 18, and "Lexical Structure" in the manual. With `standard_conforming_strings`
 * off, ordinary strings know backslash escapes.
 */
const conforming: Reading = {
  ...STANDARD,
  quotes: { ...STANDARD.quotes, "'": QUOTED },
  prefixes: { "e'": escaped(QUOTED), "n'": QUOTED, "u&'": QUOTED, "x'": BITS, "b'": BITS },
  dollar: "tagged string",
  parameters: "$",
  operators: "`",
  lineEnd: "either",
  blockComment: "nested",
};

const backslashes: Reading = {
  ...conforming,
  onlyWith: "\\",
  quotes: { ...conforming.quotes, "'": escaped(QUOTED) },
  prefixes: { ...conforming.prefixes, "n'": escaped(QUOTED), "u&'": escaped(QUOTED) },
};

export const POSTGRES: readonly Reading[] = [conforming, backslashes];
