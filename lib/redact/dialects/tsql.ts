import type { Reading } from "../reading.ts";
import { BRACKET_NAME, DOUBLE_STRING, NAME, STRING } from "./quotes.ts";
import { STANDARD } from "./standard.ts";

/**
 * SQL Server: Transact-SQL reference, "Constants", "Database identifiers", "Comments" (which nest), "SET QUOTED_IDENTIFIER":
 * `"…"` is an identifier or a string.
 */
const quotedIdentifiers: Reading = {
  ...STANDARD,
  quotes: { "'": STRING, '"': NAME, "[": BRACKET_NAME },
  prefixes: { "n'": STRING },
  nameParts: "$@#",
  dollar: "money",
  parameters: "@",
  blockComment: "nested",
};

const quotedStrings: Reading = {
  ...quotedIdentifiers,
  quotes: { ...quotedIdentifiers.quotes, '"': DOUBLE_STRING },
};

export const TSQL: readonly Reading[] = [quotedIdentifiers, quotedStrings];
