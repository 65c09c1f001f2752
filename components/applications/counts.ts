import { counted } from "../ui/amounts";

/** `1,204,332 rows`, `1 row`, `No rows yet`. */
export function rowsText(rows: number): string {
  return rows === 0 ? "No rows yet" : counted(rows, "row");
}

/** `3 keys`, `1 key`, `No keys`: those that work. */
export function keysText(keys: number): string {
  return keys === 0 ? "No keys" : counted(keys, "key");
}
