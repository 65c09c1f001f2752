import type { Reading } from "../reading.ts";
import { BACKTICK_NAME, DOUBLE_STRING, escaped, STRING } from "./quotes.ts";
import { STANDARD } from "./standard.ts";

/**
 * Databricks and Spark SQL: SqlBaseLexer.g4 and "STRING type". Comments nest in later versions, hints in them do not. `"…"` is a string, or in ANSI mode an identifier that ends at the
 * same place: hidden in any case. `r'…'` came later: before it was a column and a string with escapes.
 */
const rawStrings: Reading = {
  ...STANDARD,
  quotes: { "'": escaped(STRING), '"': escaped(DOUBLE_STRING), "`": BACKTICK_NAME },
  prefixes: {
    "r'": { ...STRING, doubled: false },
    'r"': { ...DOUBLE_STRING, doubled: false },
    "x'": escaped(STRING),
    'x"': escaped(DOUBLE_STRING),
  },
  nameParts: "",
  dollar: "tagged string",
  parameters: "?",
  lineEnd: "either",
  lineContinues: true,
  blockComment: "not known",
  codeComments: ["+"],
};

const escapedStrings: Reading = {
  ...rawStrings,
  onlyWith: "\\",
  prefixes: { ...rawStrings.prefixes, "r'": escaped(STRING), 'r"': escaped(DOUBLE_STRING) },
};

export const DATABRICKS: readonly Reading[] = [rawStrings, escapedStrings];
