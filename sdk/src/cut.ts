/**
 * The beginning of a text, at most `max` UTF-16 units, cut between characters: the server refuses a text with half a
 * character in it, so half of one that was there before becomes U+FFFD.
 */
export function cut(text: string, max: number): string {
  return Buffer.from(text.slice(0, max).replace(/[\ud800-\udbff]$/, "")).toString();
}
