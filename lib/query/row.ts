import "server-only";
import type { FieldDef } from "@/lib/log-kinds/define";
import { findKind } from "@/lib/log-kinds/registry";
import { formatMicros } from "@/lib/log-kinds/time";
import type { Log } from "./log";
import { toMicros } from "./sql-time";

/** A row as every read answers it: flat, the envelope first, absent fields null. */
export type FlatRow = Record<string, unknown> & {
  id: string;
  seq: number;
  kind: string;
  created_at: string;
  occurred_at: string;
};

/** What SQL hands over: bytes that only Node parses. Times in µs. */
export interface StoredRow {
  seq: number;
  created_us: number;
  core: string;
  detail: string | null;
}

export const STORED_COLUMNS = `seq, ${toMicros("created_at")} as created_us, core, detail`;

/**
 * - `full`: everything;
 * - `list`: without heavy fields and the ends of long ones, `has_more_fields` says that there are some;
 * - `light`: the same for people who may not see heavy fields at all, so nothing is promised.
 */
export type Detail = "full" | "list" | "light";

const lengthOf = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value)).length;

const isHeavy = (field: FieldDef, value: unknown) =>
  value !== null && (field.heavy || (field.heavyBeyond !== undefined && lengthOf(value) > field.heavyBeyond));

const fieldsOf = (row: FlatRow) => findKind(row.kind)?.fields ?? [];

/** The stored document of one row → its flat form, with all that there is. */
export function flatten(log: Log, stored: StoredRow): FlatRow {
  const core = JSON.parse(stored.core) as Record<string, unknown>;
  const detail = stored.detail === null ? {} : (JSON.parse(stored.detail) as Record<string, unknown>);
  const row: Record<string, unknown> = {
    id: core.id,
    seq: stored.seq,
    kind: core.kind,
    schema_version: core.schema_version,
    org_id: log.orgId,
    app_id: core.app_id,
    created_at: formatMicros(stored.created_us),
    occurred_at: core.occurred_at,
  };
  for (const field of findKind(String(core.kind))?.fields ?? [])
    row[field.name] = (field.core ? core : detail)[field.name] ?? null;
  return row as FlatRow;
}

/** What the asker may know of a row: it is also all that a filter may find it by. */
export function visible(row: FlatRow, how: Detail): FlatRow {
  if (how !== "light") return row;
  const seen = { ...row };
  for (const field of fieldsOf(row)) {
    if (field.heavy) delete seen[field.name];
    else if (isHeavy(field, row[field.name])) seen[field.name] = null;
  }
  return seen;
}

/** A text's beginning that does not end inside a character. */
function beginning(text: string, most: number): string {
  const end = (text.charCodeAt(most - 1) & 0xfc00) === 0xd800 ? most - 1 : most;
  return text.slice(0, end);
}

/** A visible row as an answer has it. */
export function shown(row: FlatRow, how: Detail): FlatRow {
  if (how !== "list") return row;
  const listed = { ...row };
  let hasMore = false;
  const cut: string[] = [];
  for (const field of fieldsOf(row)) {
    const value = row[field.name];
    const heavy = isHeavy(field, value);
    hasMore ||= heavy;
    if (field.heavy) delete listed[field.name];
    else if (heavy) {
      listed[field.name] = typeof value === "string" ? beginning(value, field.heavyBeyond ?? 0) : null;
      cut.push(field.name);
    }
  }
  listed.has_more_fields = hasMore;
  if (cut.length > 0) listed.cut_fields = cut;
  return listed;
}
