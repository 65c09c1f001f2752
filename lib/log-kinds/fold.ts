/** Case folding of every exact match: filters are case-insensitive (api.md, Filters). */
export function fold(value: string): string {
  return value.normalize("NFC").toLowerCase();
}
