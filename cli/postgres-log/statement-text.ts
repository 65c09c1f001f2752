/** Longest text of a statement that is parsed, characters; the server hides longer ones whole. */
export const PARSED_MAX = 262_144;

/**
 * What is kept of a statement's text. Of a longer one it is the same whatever record tells of it, and one character more than
 * is parsed: a part, parsed, could be a statement on other tables.
 */
export const keptOf = (text: string): string => text.slice(0, PARSED_MAX + 1);
