// biome-ignore lint/suspicious/noControlCharactersInRegex: the whole of ASCII is meant.
const ASCII = /^[\x00-\x7f]*$/;

/** Case folding of every exact match: filters are case-insensitive (api.md, Filters). */
export function fold(value: string): string {
  return ASCII.test(value) ? value.toLowerCase() : value.normalize("NFC").toLowerCase();
}
