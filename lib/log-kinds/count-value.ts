const ESCAPED = /[\\\0]/;

/**
 * Values as the roll-up keeps them: '' for an absent one, else '=' and the value. PostgreSQL's text cannot hold U+0000, so
 * that it, and the backslash that stands for it, are escaped there.
 */
export function encodeCountValue(value: unknown): string {
  if (value === undefined || value === null) return "";
  const text = String(value);
  if (!ESCAPED.test(text)) return `=${text}`;
  return `=${text.replaceAll("\\", "\\\\").replaceAll("\0", "\\0")}`;
}

/** The roll-up's form with the escapes undone; '' and '…' (beyond the values counted by name) stay as they are. */
export function decodeCountValue(stored: string): string {
  return stored.includes("\\") ? stored.replace(/\\(.)/gs, (_, char: string) => (char === "0" ? "\0" : char)) : stored;
}
