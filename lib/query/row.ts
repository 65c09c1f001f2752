import "server-only";
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
 * - `full`: everything, for one row opened whole;
 * - `list`: without heavy fields, `has_more_fields` says that there are some;
 * - `light`: the same for people who may not see heavy fields at all, so nothing is promised.
 */
export type Detail = "full" | "list" | "light";

/** The stored document of one row → its flat form. */
export function flatten(log: Log, stored: StoredRow, how: Detail): FlatRow {
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
  let more = false;
  for (const field of findKind(String(core.kind))?.fields ?? []) {
    const value = (field.core ? core : detail)[field.name] ?? null;
    if (field.heavy && how !== "full") more ||= value !== null;
    else row[field.name] = value;
  }
  if (how === "list") row.has_more_fields = more;
  return row as FlatRow;
}
