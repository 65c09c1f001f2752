import "server-only";
import type { KindDef } from "@/lib/log-kinds/define";
import type { FlatRow } from "@/lib/query/row";

/**
 * CSV that is safe to open and can be undone (`apostrophe-v1`, evidence.md): a text cell that a spreadsheet could take for
 * a formula, or that starts with an apostrophe, gets one leading apostrophe; dropping one leading apostrophe undoes it.
 * RFC 4180, CRLF, UTF-8, times UTC. Null is an empty cell, an empty text is `""`.
 */
const RISKY = /^[=+\-@\t\r\n\0＝＋－＠']/;
const QUOTED = /[",\r\n]/;

function textCell(value: string): string {
  const safe = RISKY.test(value) ? `'${value}` : value;
  return safe === "" || QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return textCell(typeof value === "string" ? value : JSON.stringify(value));
}

/** Envelope fields around the kind's own. */
const ENVELOPE = ["id", "seq", "kind", "schema_version", "org_id", "occurred_at"];

/** Fixed columns of a kind: first those of the seed in its order, then the envelope, then every other field. */
export function csvColumns(kind: KindDef, includeHeavy: boolean): string[] {
  const first = kind.fields.filter((field) => field.csv).map((field) => field.name);
  const others = kind.fields.filter((field) => !field.csv && (includeHeavy || !field.heavy)).map((field) => field.name);
  return ["created_at", "app_id", ...first, ...ENVELOPE, ...others];
}

export const csvHeader = (columns: readonly string[]): string => `${columns.join(",")}\r\n`;

export const csvLine = (columns: readonly string[], row: FlatRow): string =>
  `${columns.map((name) => cell(row[name])).join(",")}\r\n`;
