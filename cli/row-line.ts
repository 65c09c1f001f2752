import { visible } from "./words";

/** A row of any kind. */
export interface Row {
  id: string;
  seq: number;
  kind: string;
  created_at: string;
  occurred_at: string;
  [field: string]: unknown;
}

/** Most characters of a long text in a line. */
const BEGINNING_MAX = 120;
/** What a cut leaves of a character of two. */
const HALF = /[\ud800-\udbff]$/;
/** Most objects that a line names; of more it says how many. */
const OBJECTS_MAX = 3;

const isAbsent = (value: unknown): value is null | undefined => value === undefined || value === null;
const cell = (value: unknown): string => (isAbsent(value) ? "–" : String(value));
const withUnit = (value: unknown, unit: string): string => (isAbsent(value) ? "–" : `${value} ${unit}`);
/** What is told only where there is some. */
const added = (value: unknown, tell: (value: unknown) => string): string[] => (isAbsent(value) ? [] : [tell(value)]);

function beginning(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > BEGINNING_MAX ? `${line.slice(0, BEGINNING_MAX).replace(HALF, "")}…` : line;
}

/** `public.customers, public.orders`: the tables, each once. */
function objects({ objects_accessed: list, table_name: table }: Row): string {
  if (!Array.isArray(list) || list.length === 0) return cell(table);
  const names = [
    ...new Set(
      (list as Record<string, unknown>[]).map(({ schema, table: name }) =>
        [schema, name].filter((part) => !isAbsent(part)).join("."),
      ),
    ),
  ];
  const more = names.length > OBJECTS_MAX ? ` and ${names.length - OBJECTS_MAX} more` : "";
  return `${names.slice(0, OBJECTS_MAX).join(", ")}${more}`;
}

/** What a line shows of a row of each kind, behind its place and time. */
const COLUMNS: Readonly<Record<string, (row: Row) => string[]>> = {
  call: (row) => [
    cell(row.outcome).padEnd(14),
    cell(row.provider_id),
    cell(row.method),
    cell(row.response_status),
    withUnit(row.latency_ms, "ms"),
    cell(row.url),
    ...added(
      row.principal_user_id ?? row.principal_agent_id ?? row.principal_group_id ?? row.principal_label,
      (principal) => `for ${principal}`,
    ),
    ...added(row.reason, (reason) => `“${reason}”`),
  ],
  query: (row) => [
    cell(row.username),
    cell(row.execution_status),
    withUnit(row.rows_accessed, row.rows_accessed === 1 ? "row" : "rows"),
    objects(row),
    beginning(cell(row.query_text)),
  ],
  custom: (row) => [
    cell(row.event_type),
    cell(row.time_source),
    isAbsent(row.event_details) ? "–" : beginning(JSON.stringify(row.event_details)),
  ],
  system: (row) => [
    cell(row.category),
    cell(row.event),
    cell(row.actor_email ?? row.actor_key_prefix ?? row.source_system),
    cell(row.target_name),
  ],
};

/** One row as one line for people. */
export function rowLine(row: Row): string {
  const columns = Object.hasOwn(COLUMNS, row.kind) ? COLUMNS[row.kind] : undefined;
  return visible([String(row.seq).padStart(7), row.occurred_at, ...(columns?.(row) ?? [row.kind])].join("  "));
}
