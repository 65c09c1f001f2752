import type { Quote } from "../reading.ts";

/** `'…'` with `''` inside: the standard's string. */
export const STRING: Quote = {
  close: "'",
  shows: false,
  backslash: false,
  doubled: true,
  triple: false,
  oneLine: false,
  delimited: false,
  continued: false,
};
/** `"…"` as a string. */
export const DOUBLE_STRING: Quote = { ...STRING, close: '"' };
/** `"…"` with `""` inside: the standard's identifier. */
export const NAME: Quote = { ...DOUBLE_STRING, shows: true };
export const BACKTICK_NAME: Quote = { ...NAME, close: "`" };
export const BRACKET_NAME: Quote = { ...NAME, close: "]" };

/** The same with backslash escapes. */
export const escaped = (quote: Quote): Quote => ({ ...quote, backslash: true });
