import "server-only";
import type { FieldDef, KindDef } from "@/lib/log-kinds/define";

/**
 * CSV that is safe to open and can be undone (`apostrophe-v1`, evidence.md): a text cell that a spreadsheet could take for
 * a formula, or that starts with an apostrophe, gets one leading apostrophe; dropping one leading apostrophe undoes it.
 * RFC 4180, CRLF, UTF-8, times UTC. Null is an empty cell, an empty text is `""`. The reader is sdk/src/csv.ts.
 */
const RISKY = /^[=+\-@\t\r\n\0＝＋－＠']/;
const QUOTED = /[",\r\n]/;

/** The cell of a text. */
export function textCell(value: string): string {
  if (value === "") return '""';
  const safe = RISKY.test(value) ? `'${value}` : value;
  return QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export interface Column {
  name: string;
  /** The stored document that it is a member of, or the row's place, which the database gave. */
  from: "core" | "detail" | "place";
  /** The cell is JSON, also where the value is a text. */
  isJson: boolean;
}

const column = (name: string, from: Column["from"], isJson = false): Column => ({ name, from, isJson });
const ofField = ({ name, core, type }: FieldDef): Column =>
  column(name, core ? "core" : "detail", type !== "text" && type !== "time");

/** The envelope's fields that are not among the first, contractual ones. */
const ENVELOPE: readonly Column[] = [
  column("id", "core"),
  column("seq", "place", true),
  column("kind", "core"),
  column("schema_version", "core", true),
  column("org_id", "place"),
  column("occurred_at", "core"),
];

/** The fixed columns of a kind: first those of the contract in its order, then the envelope, then every other field. */
export function csvColumns(kind: KindDef, includeHeavy: boolean): readonly Column[] {
  const first = kind.fields.filter((field) => field.csv);
  const others = kind.fields.filter((field) => !field.csv && (includeHeavy || !field.heavy));
  const start = [column("created_at", "place"), column("app_id", "core")];
  return [...start, ...first.map(ofField), ...ENVELOPE, ...others.map(ofField)];
}

/** The first line: the names. */
export const csvHeader = (columns: readonly Column[]): string => `${columns.map(({ name }) => name).join(",")}\r\n`;
