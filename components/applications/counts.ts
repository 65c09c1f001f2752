const grouped = (count: number) => count.toLocaleString("en-US");

/** `1,204,332 rows`, `1 row`, `No rows yet`. */
export function rowsText(rows: number): string {
  if (rows === 0) return "No rows yet";
  return rows === 1 ? "1 row" : `${grouped(rows)} rows`;
}

/** `3 keys`, `1 key`, `No keys`: those that work. */
export function keysText(keys: number): string {
  if (keys === 0) return "No keys";
  return keys === 1 ? "1 key" : `${grouped(keys)} keys`;
}
