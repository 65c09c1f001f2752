import "server-only";
import type { FieldDef, KindDef } from "@/lib/log-kinds/define";

/**
 * CSV that is safe to open and can be undone (`apostrophe-v1`, evidence.md): a text cell that a spreadsheet could take for
 * a formula, or that starts with an apostrophe, gets one leading apostrophe; dropping one leading apostrophe undoes it.
 * RFC 4180, CRLF, UTF-8, times UTC. Null is an empty cell, an empty text is `""`. The reader is sdk/src/csv.ts.
 */
const RISKY = /^[=+\-@\t\r\n\0＝＋－＠']/;
const QUOTED = /[",\r\n]/;
/** Either of them: nearly every cell is neither, and one test is cheaper than two. */
const SPECIAL = /^[=+\-@\t\r\n\0＝＋－＠']|[",\r\n]/;

function textCell(value: string): string {
  if (value === "") return '""';
  if (!SPECIAL.test(value)) return value;
  const safe = RISKY.test(value) ? `'${value}` : value;
  return QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function cell(value: unknown, isJson: boolean): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string" && !isJson) return textCell(value);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return textCell(JSON.stringify(value));
}

/** What a row is made of: its place, which the database gave, and the two stored documents. */
export interface CsvSource {
  place: { seq: number; created_at: string; org_id: string };
  core: Record<string, unknown>;
  /** Empty where it was erased. */
  detail: Record<string, unknown>;
}

interface Column {
  name: string;
  from: keyof CsvSource;
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

/** The line of one row. */
export function csvLine(columns: readonly Column[], source: CsvSource): string {
  let line = "";
  for (const { name, from, isJson } of columns)
    line += `${cell((source[from] as Record<string, unknown>)[name], isJson)},`;
  return `${line.slice(0, -1)}\r\n`;
}
