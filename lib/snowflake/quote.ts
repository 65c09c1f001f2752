/** Snowflake's identifiers and string literals (docs.snowflake.com, "Identifier requirements", "String & binary data types"). */

/** Most characters of an identifier. */
const IDENTIFIER_MAX = 255;

/** Why a text can be no name in Snowflake, or undefined where it can. */
export function identifierFault(name: string): string | undefined {
  if (name === "") return "must not be empty";
  if (name.length > IDENTIFIER_MAX) return `must have at most ${IDENTIFIER_MAX} characters`;
  return /\p{Cc}|\p{Surrogate}/u.test(name) ? "must not hold control characters" : undefined;
}

/** `"name"`: case and every character stay as they are, also a digit in front. */
export const quoteIdentifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** `"database"."schema"."name"` */
export const quotePath = (...names: string[]): string => names.map(quoteIdentifier).join(".");

/** A backslash begins an escape in Snowflake's single-quoted strings, so it is doubled like the quote. */
export const quoteLiteral = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;

/**
 * A Python string literal that may stand between Snowflake's `$$`: JSON's escapes are Python's, and a dollar sign is
 * written as one.
 */
export const quotePython = (text: string): string => JSON.stringify(text).replaceAll("$", "\\u0024");

/** The organization's id as a schema's name in the seed's manner: dashes would need quoting everywhere. */
export const underscored = (id: string): string => id.replaceAll("-", "_");
