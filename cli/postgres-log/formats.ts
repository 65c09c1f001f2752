import { type LoggedFields, type LogRecord, toRecord } from "./record";

/** `jsonlog` and `csvlog` of log_destination. */
export type LogFormat = "json" | "csv";

const CSV_BEGINS = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} [^\s,]{1,64},/;

/** What a file is by its first bytes; undefined where it is no such log, or has too little yet. */
export function formatOf(head: string): LogFormat | undefined {
  if (/^\s*\{"timestamp":"/.test(head)) return "json";
  return CSV_BEGINS.test(head) ? "csv" : undefined;
}

type Member = keyof LoggedFields;

/** Members of a jsonlog record that are read (PostgreSQL 15 to 18, "Using JSON-Format Log Output"). */
const JSON_MEMBERS: Readonly<Record<Member, string>> = {
  timestamp: "timestamp",
  user: "user",
  database: "dbname",
  pid: "pid",
  remoteHost: "remote_host",
  sessionId: "session_id",
  line: "line_num",
  command: "ps",
  sessionStart: "session_start",
  severity: "error_severity",
  sqlState: "state_code",
  message: "message",
  detail: "detail",
  statement: "statement",
  application: "application_name",
  backend: "backend_type",
};

/**
 * Columns of a csvlog record in order ("Using CSV-Format Log Output"); undefined: not read. Versions before 13 and 14 end
 * earlier, with 23 and 25 columns.
 */
const CSV_COLUMNS: readonly (Member | undefined)[] = [
  "timestamp",
  "user",
  "database",
  "pid",
  "remoteHost",
  "sessionId",
  "line",
  "command",
  "sessionStart",
  undefined, // virtual transaction
  undefined, // transaction
  "severity",
  "sqlState",
  "message",
  "detail",
  undefined, // hint
  undefined, // internal query
  undefined, // position in it
  undefined, // context
  "statement",
  undefined, // position in it
  undefined, // place in PostgreSQL's source
  "application",
  "backend",
  undefined, // leader of a parallel group
  undefined, // query identifier
];
const CSV_COLUMNS_MIN = 23;

function readJson(text: string): LogRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const logged = value as Record<string, unknown>;
  const fields: LoggedFields = {};
  for (const [member, name] of Object.entries(JSON_MEMBERS) as [Member, string][]) {
    const found = logged[name];
    if (typeof found === "string" || typeof found === "number") fields[member] = String(found);
  }
  return toRecord(fields);
}

const VALUE = /"((?:[^"]|"")*)"|([^",]*)/y;

/** The values of one CSV record (RFC 4180). @returns undefined where quotes are out of order */
export function csvValues(text: string): string[] | undefined {
  const values: string[] = [];
  for (let at = 0; ; at += 1) {
    VALUE.lastIndex = at;
    const match = VALUE.exec(text);
    if (!match) return undefined;
    values.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? "");
    at = VALUE.lastIndex;
    if (at >= text.length) return values;
    if (text[at] !== ",") return undefined;
  }
}

function readCsv(text: string): LogRecord | undefined {
  const values = csvValues(text);
  if (!values || values.length < CSV_COLUMNS_MIN || values.length > CSV_COLUMNS.length) return undefined;
  const fields: LoggedFields = {};
  for (const [index, member] of CSV_COLUMNS.entries()) {
    if (member) fields[member] = values[index];
  }
  // Address and port are one column: `192.0.2.7:5124`, also `fe80::1:5124`.
  const host = fields.remoteHost?.replace(/:\d+$/, "");
  return toRecord({ ...fields, remoteHost: host });
}

/** One record out of its text. @returns undefined for what is none: a line that a crash cut short */
export const readRecord = (format: LogFormat, text: string): LogRecord | undefined =>
  format === "json" ? readJson(text) : readCsv(text);
