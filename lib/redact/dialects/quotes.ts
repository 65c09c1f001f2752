import type { Quote } from "../reading.ts";

const PLAIN = { backslash: false, doubled: true, triple: false, oneLine: false, continued: false };

/** `'…'` with `''` inside: the standard's string. */
export const STRING: Quote = { ...PLAIN, close: "'", shows: false };
/** `"…"` with `""` inside: the standard's identifier. */
export const NAME: Quote = { ...PLAIN, close: '"', shows: true };
export const BACKTICK_NAME: Quote = { ...NAME, close: "`" };

/** The same with backslash escapes. */
export const escaped = (quote: Quote): Quote => ({ ...quote, backslash: true });
/** The same in double quotes. */
export const inDoubleQuotes = (quote: Quote): Quote => ({ ...quote, close: '"' });
