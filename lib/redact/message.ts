import { BACKTICK_NAME, DOUBLE_STRING, STRING } from "./dialects/quotes.ts";
import { STANDARD } from "./dialects/standard.ts";
import { compile } from "./reading.ts";

/** Prose that quotes SQL and values: every kind of quotes holds a value, and digits are numbers. */
export const MESSAGE = compile({
  ...STANDARD,
  quotes: { "'": STRING, '"': DOUBLE_STRING, "`": { ...BACKTICK_NAME, shows: false } },
});

/**
 * Where a message goes on with bare values, or -1: PostgreSQL's `Key (email)=(…) already exists` and `Failing row contains
 * (…)`, SQL Server's `The duplicate key value is (…)`. Values may hold any character, so they have no end.
 */
export function messageDataStart(text: string): number {
  return text.search(/(?<=(?:=|\bcontains|\bis)\s{0,4})\(/i);
}
