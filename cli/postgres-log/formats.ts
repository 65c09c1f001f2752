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

/** What may be missing at the end of a flat JSON object that was cut off. */
const JSON_ENDS = ['"}', "}", '":0}', ":0}", "0}", '"":0}'];
/** Longest escape, `\u0041`, less its last character. */
const ESCAPE_PART_MAX = 5;

/** The members before the cut, and what there is of the one that was cut. */
function parseCut(text: string): unknown {
  for (let less = 0; less <= ESCAPE_PART_MAX; less += 1) {
    const part = text.slice(0, text.length - less);
    for (const end of JSON_ENDS) {
      try {
        return JSON.parse(part + end);
      } catch {
        // Cut at another place than this end is for.
      }
    }
  }
  return undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readJson(text: string, isCut: boolean): LogRecord | undefined {
  const value = isCut ? parseCut(text) : parse(text);
  if (typeof value !== "object" || value === null) return undefined;
  const logged = value as Record<string, unknown>;
  const fields: LoggedFields = {};
  for (const [member, name] of Object.entries(JSON_MEMBERS) as [Member, string][]) {
    const found = logged[name];
    if (typeof found === "string" || typeof found === "number") fields[member] = String(found);
  }
  return toRecord(fields);
}

/** Where quotes that are open at a place are closed; −1: nowhere. */
function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}

/**
 * The values of one CSV record (RFC 4180). No regular expression: on some megabytes in quotes its stack is exhausted.
 * @returns undefined where quotes are out of order
 */
export function csvValues(text: string): string[] | undefined {
  const values: string[] = [];
  for (let at = 0; ; at += 1) {
    if (text[at] === '"') {
      const end = closingQuote(text, at + 1);
      if (end < 0) return undefined;
      values.push(text.slice(at + 1, end).replaceAll('""', '"'));
      at = end + 1;
    } else {
      const end = text.indexOf(",", at);
      const value = text.slice(at, end < 0 ? text.length : end);
      if (value.includes('"')) return undefined;
      values.push(value);
      at += value.length;
    }
    if (at >= text.length) return values;
    if (text[at] !== ",") return undefined;
  }
}

/** The same, and where the text was cut off in quotes, what there is of the last value. */
export const csvValuesOfCut = (text: string): string[] | undefined => csvValues(text) ?? csvValues(`${text}"`);

function readCsv(text: string, isCut: boolean): LogRecord | undefined {
  const values = isCut ? csvValuesOfCut(text) : csvValues(text);
  const columnsMin = isCut ? 1 : CSV_COLUMNS_MIN;
  if (!values || values.length < columnsMin || values.length > CSV_COLUMNS.length) return undefined;
  const fields: LoggedFields = {};
  for (const [index, member] of CSV_COLUMNS.entries()) {
    if (member) fields[member] = values[index];
  }
  // Address and port are one column: `192.0.2.7:5124`, also `fe80::1:5124`.
  const host = fields.remoteHost?.replace(/:\d+$/, "");
  return toRecord({ ...fields, remoteHost: host });
}

/**
 * One record out of its text.
 * @param isCut whether that is only its beginning
 * @returns undefined for what is none: a line that a crash cut short
 */
export function readRecord(format: LogFormat, text: string, isCut = false): LogRecord | undefined {
  const record = format === "json" ? readJson(text, isCut) : readCsv(text, isCut);
  return record && isCut ? { ...record, isCut } : record;
}
