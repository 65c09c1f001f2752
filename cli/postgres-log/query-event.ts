import { formatTime } from "../../lib/log-kinds/time";
import { CODE } from "../../lib/redact/query-limits";
import { derivedId } from "../derived-id";
import type { Outgoing } from "../event-sender";
import type { Catalogue } from "./catalogue";
import { EventFit } from "./event-fit";
import type { Statement } from "./statement";
import type { StatementParser } from "./statement-parser";
import type { TouchedTable } from "./touched";

/** What a statement's row is made with. */
export interface Maker {
  parser: StatementParser;
  /** Undefined: names are told as they are written. */
  catalogue: Catalogue | undefined;
  dataSourceId: string | undefined;
  /** The server's name or address. */
  host: string | undefined;
  /** Also statements that touch no table with a connected column. */
  isAll: boolean;
}

export interface Made {
  /** Undefined: the statement touches nothing that is connected. */
  event: Outgoing | undefined;
  isParsed: boolean;
  /** It names a table, not one of the system's, that the catalogue does not have. */
  hasUnknown: boolean;
}

/** Left out where it is none: the server would refuse it, and with it all that is sent beside it. */
const coded = (text: string | undefined): string | undefined => (CODE.test(text ?? "") ? text : undefined);

/** `public."My Table"` → its names. */
function sqlNames(qualified: string): string[] {
  return [...qualified.matchAll(/"((?:[^"]|"")+)"|([^".]+)/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "",
  );
}

/** Kinds of objects that pgaudit names and that hold rows. */
const RELATIONS = new Set(["TABLE", "VIEW", "MATERIALIZED VIEW", "FOREIGN TABLE"]);

/** Tables and the like that pgaudit names. */
function auditedTables({ audited, record }: Statement, catalogue: Catalogue | undefined): TouchedTable[] {
  const database = record.database ?? "";
  return audited.flatMap(({ type, name }) => {
    const [schema, table] = sqlNames(name);
    if (!RELATIONS.has(type) || schema === undefined || table === undefined) return [];
    const known = catalogue?.find({ database, schema, table });
    return [{ database, schema, table, known, columns: new Set<string>() }];
  });
}

/** Which of several tables of one name it is, where pgaudit names one of them that is connected; the text has no schema. */
function told(table: TouchedTable, audited: readonly TouchedTable[], tables: readonly TouchedTable[]): TouchedTable {
  if (!table.known || table.schema !== undefined) return table;
  const same = audited.filter((one) => one.table === table.table);
  const named = new Map(same.map((one) => [one.schema, one]));
  const [one, ...others] = named.values();
  // One that is not connected may be what a function reads; then the text's own is still not known.
  if (!one?.known?.isConnected || others.length > 0) return table;
  // The text names that one, too, so that this may be another.
  if (tables.some(({ known }) => known === one.known)) return table;
  const columns = [...table.columns].filter((name) => one.known?.columns.has(name) || !table.known?.columns.has(name));
  return { ...one, columns: new Set(columns) };
}

/** Adds what pgaudit names and the text does not: tables behind views and in functions. */
function withAudited(tables: readonly TouchedTable[], statement: Statement, maker: Maker): TouchedTable[] {
  const audited = auditedTables(statement, maker.catalogue);
  const all = tables.map((table) => told(table, audited, tables));
  for (const { schema, table, ...rest } of audited) {
    // A name without a schema that nobody knows is the same table.
    const isMet = all.some((met) => met.table === table && (met.schema === undefined || met.schema === schema));
    if (!isMet) all.push({ schema, table, ...rest });
  }
  return all;
}

/** 57014: statement_timeout, or somebody canceled it. */
const CANCELED = "57014";

function outcomeOf({ record, isError }: Statement, fit: EventFit) {
  if (!isError) return { execution_status: "success" };
  return {
    execution_status: record.sqlState === CANCELED ? "canceled" : "error",
    error_code: coded(record.sqlState),
    error_message: fit.message(record.message),
  };
}

function timesOf({ record, durationMs }: Statement) {
  const begun = durationMs === undefined ? undefined : record.micros - Math.round(durationMs * 1_000);
  return {
    started_at: begun === undefined ? undefined : formatTime(begun),
    completed_at: formatTime(record.micros),
    execution_time_ms: durationMs === undefined ? undefined : Math.max(0, Math.round(durationMs)),
  };
}

function whereOf(tables: readonly TouchedTable[], fit: EventFit) {
  const [only, ...others] = tables;
  if (!only || others.length > 0) return {};
  return { schema_name: fit.name("schema_name", only.schema), table_name: fit.name("table_name", only.table) };
}

/** `SELECT`; where the parser failed, what stands in its place is the phase or state of the session. */
function commandTag(command: string | undefined): string | undefined {
  return command === undefined || /^(PARSE|BIND|[^A-Z].*)$/.test(command) ? undefined : command;
}

const SYSTEM = /^(pg_|information_schema$)/;

const isUnknown = ({ known, schema, table }: TouchedTable) => !known && !SYSTEM.test(schema ?? table);

/** The row of a statement. */
export function makeEvent(statement: Statement, maker: Maker): Made {
  const { record, text, prepared } = statement;
  const session = { database: record.database ?? "", user: record.user, catalogue: maker.catalogue };
  // What is only a part may go on with other tables.
  const parsed = record.isCut ? undefined : maker.parser.touchedBy(prepared ?? text, session);
  const tables = withAudited(parsed ?? [], statement, maker);
  const isParsed = parsed !== undefined;
  const hasUnknown = maker.catalogue !== undefined && tables.some(isUnknown);
  const isWanted =
    maker.isAll || !maker.catalogue || !isParsed || tables.some(({ known }) => known?.isConnected === true);
  if (!isWanted) return { event: undefined, isParsed, hasUnknown };
  const fit = new EventFit();
  const objects = fit.objects(tables);
  const tags = fit.tags(tables, objects);
  const position = `${record.sessionId}.${record.line}`;
  const fields = {
    id: derivedId(JSON.stringify(["postgres-log", maker.dataSourceId ?? "", position, record.micros])),
    kind: "query",
    query_id: fit.name("query_id", position),
    query_text: fit.statement(text, record.isCut),
    query_type: coded(commandTag(record.command) ?? maker.parser.typeOf(text)),
    ...timesOf(statement),
    ...outcomeOf(statement, fit),
    username: fit.name("username", record.user),
    client_application: fit.name("client_application", record.application),
    client_ip: fit.name("client_ip", record.clientIp),
    host: fit.name("host", maker.host),
    session_id: fit.name("session_id", record.sessionId),
    data_source_id: maker.dataSourceId,
    data_source_type: "postgres",
    database_name: fit.name("database_name", record.database),
    ...whereOf(tables, fit),
    rows_accessed: statement.rows,
    ...(objects.length > 0 && { objects_accessed: objects }),
    ...(tags.length > 0 && { tags_accessed: tags }),
  };
  const { abridged } = fit;
  const whole = { ...fields, ...(abridged.length > 0 && { abridged_fields: abridged }) };
  const event = { json: JSON.stringify(whole), line: record.number, occurredMicros: record.micros };
  return { event, isParsed, hasUnknown };
}
