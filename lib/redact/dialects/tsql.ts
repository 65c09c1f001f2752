import type { Reading } from "../reading.ts";
import { BRACKET_NAME, DOUBLE_STRING, STRING } from "./quotes.ts";
import { STANDARD } from "./standard.ts";

/**
 * SQL Server: Transact-SQL reference, "Constants", "Database identifiers", "Comments" (which nest). `"…"` is an identifier or, with
 * `QUOTED_IDENTIFIER` off, a string that ends at the same place: hidden in any case.
 */
const tsql: Reading = {
  ...STANDARD,
  quotes: { "'": STRING, '"': DOUBLE_STRING, "[": BRACKET_NAME },
  prefixes: { "n'": STRING },
  nameParts: "$@#",
  dollar: "money",
  parameters: "@",
  blockComment: "nested",
};

export const TSQL: readonly Reading[] = [tsql];
