import type { Reading } from "../reading.ts";
import { escaped, STRING } from "./quotes.ts";
import { STANDARD } from "./standard.ts";

/**
 * Snowflake: SQL reference, "String & binary data types" (escapes, `$$…$$`), "Bind variables", line comments with `--` and `//`.
 * Whether block comments nest and what a carriage return does to a line comment is not documented.
 */
const snowflake: Reading = {
  ...STANDARD,
  quotes: { ...STANDARD.quotes, "'": escaped(STRING) },
  prefixes: { "x'": escaped(STRING) },
  dollar: "plain string",
  parameters: "$:?",
  slashComment: true,
  blockComment: "not known",
};

export const SNOWFLAKE: readonly Reading[] = [snowflake];
