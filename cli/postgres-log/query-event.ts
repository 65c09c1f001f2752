import { formatTime } from "../../lib/log-kinds/time";
import { CODE } from "../../lib/redact/query";
import { redactMessage } from "../../lib/redact/redact";
import { derivedId } from "../derived-id";
import type { Outgoing } from "../event-sender";
import type { Catalogue } from "./catalogue";
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

/** Elements of objects_accessed, at most, four members each; an event may have 1,000 members in all. */
const OBJECTS_MAX = 200;
/** Members that objects and tags may have together: what is left beside the other fields, fewer than 40. */
const MEMBERS_MAX = 960;
/** JSON of the tags, beside the longest text and 200 objects of ordinary names. */
const TAGS_CHARACTERS_MAX = 16_384;
/** Characters of a name, and bytes of a statement's JSON: an event may have 256 KiB. */
const NAME_MAX = 512;
const TEXT_BYTES_MAX = 200_000;
const MESSAGE_MAX = 8_192;

interface ObjectAccessed {
  database: string;
  schema?: string;
  table: string;
  column?: string;
}

const named = (text: string | undefined): string | undefined => text?.slice(0, NAME_MAX);

/** Left out where it is none: the server would refuse it, and with it all that is sent beside it. */
const coded = (text: string | undefined): string | undefined => (CODE.test(text ?? "") ? text : undefined);

function tableObject({ database, schema, table }: TouchedTable): ObjectAccessed {
  return { database, ...(schema !== undefined && { schema }), table };
}

/** One element a column; where there are too many, one a table. */
function objectsOf(tables: readonly TouchedTable[]): ObjectAccessed[] {
  const whole = tables.flatMap((table) => {
    const columns = [...table.columns].map((column) => ({ ...tableObject(table), column: column.slice(0, NAME_MAX) }));
    return columns.length > 0 ? columns : [tableObject(table)];
  });
  return whole.length <= OBJECTS_MAX ? whole : tables.slice(0, OBJECTS_MAX).map(tableObject);
}

/** As many as the event can hold. */
function tagsOf(
  tables: readonly TouchedTable[],
  objects: readonly ObjectAccessed[],
): { key: string; value?: string }[] {
  const tags = tables.flatMap(({ known, columns }) =>
    [...columns].flatMap((name) => known?.columns.get(name)?.tags ?? []),
  );
  const distinct = new Map(tags.map(({ key, value }) => [JSON.stringify([key, value ?? null]), { key, value }]));
  let members = objects.reduce((sum, object) => sum + Object.keys(object).length, 0);
  let characters = 0;
  return [...distinct.values()]
    .map(({ key, value }) => ({ key, ...(value !== undefined && value !== null && { value }) }))
    .filter((tag) => {
      members += Object.keys(tag).length;
      characters += JSON.stringify(tag).length;
      return members <= MEMBERS_MAX && characters <= TAGS_CHARACTERS_MAX;
    });
}

/** `public."My Table"` → its names. */
function sqlNames(qualified: string): string[] {
  return [...qualified.matchAll(/"((?:[^"]|"")+)"|([^".]+)/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "",
  );
}

/** Kinds of objects that pgaudit names and that hold rows. */
const RELATIONS = new Set(["TABLE", "VIEW", "MATERIALIZED VIEW", "FOREIGN TABLE"]);

/** Adds what pgaudit names and the text does not: tables behind views and in functions. */
function withAudited(tables: readonly TouchedTable[], statement: Statement, maker: Maker): TouchedTable[] {
  const all = [...tables];
  const database = statement.record.database ?? "";
  for (const { type, name } of statement.audited) {
    const [schema, table] = sqlNames(name);
    if (!RELATIONS.has(type) || schema === undefined || table === undefined) continue;
    const known = maker.catalogue?.find({ database, schema, table });
    // A name without a schema that nobody knows is the same table.
    const isMet = all.some((met) => met.table === table && (met.schema === undefined || met.schema === schema));
    if (!isMet) all.push({ database, schema, table, known, columns: new Set() });
  }
  return all;
}

/** Cut so that its JSON fits into an event. */
function fitText(text: string): string {
  if (text.length * 6 <= TEXT_BYTES_MAX) return text;
  let cut = text.slice(0, TEXT_BYTES_MAX);
  while (Buffer.byteLength(JSON.stringify(cut)) > TEXT_BYTES_MAX) cut = cut.slice(0, Math.floor(cut.length * 0.8));
  // Not in the middle of a character of two units.
  return cut.replace(/[\ud800-\udbff]$/, "");
}

/**
 * The error in words. `invalid input syntax for type integer: "…"` quotes a bind value, so it is redacted here already; each
 * number becomes 0, not a random digit, as a second sending must be the same event.
 */
function safeMessage(message: string): string {
  const { text } = redactMessage(message.slice(0, MESSAGE_MAX / 2), "postgres");
  return text.replace(/(?<![\w.])\d(?![\w.])/g, "0").slice(0, MESSAGE_MAX);
}

/** 57014: statement_timeout, or somebody canceled it. */
const CANCELED = "57014";

function outcomeOf({ record, isError }: Statement) {
  if (!isError) return { execution_status: "success" };
  return {
    execution_status: record.sqlState === CANCELED ? "canceled" : "error",
    error_code: coded(record.sqlState),
    error_message: safeMessage(record.message),
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

function whereOf(tables: readonly TouchedTable[]) {
  const [only, ...others] = tables;
  if (!only || others.length > 0) return {};
  return { schema_name: named(only.schema), table_name: named(only.table) };
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
  const parsed = maker.parser.touchedBy(prepared ?? text, session);
  const tables = withAudited(parsed ?? [], statement, maker);
  const isParsed = parsed !== undefined;
  const hasUnknown = maker.catalogue !== undefined && tables.some(isUnknown);
  const isWanted =
    maker.isAll || !maker.catalogue || !isParsed || tables.some(({ known }) => known?.isConnected === true);
  if (!isWanted) return { event: undefined, isParsed, hasUnknown };
  const objects = objectsOf(tables);
  const tags = tagsOf(tables, objects);
  const position = `${record.sessionId}.${record.line}`;
  const fields = {
    id: derivedId(JSON.stringify(["postgres-log", maker.dataSourceId ?? "", position, record.micros])),
    kind: "query",
    query_id: named(position),
    query_text: fitText(text),
    query_type: coded(commandTag(record.command) ?? maker.parser.typeOf(text)),
    ...timesOf(statement),
    ...outcomeOf(statement),
    username: named(record.user),
    client_application: named(record.application),
    client_ip: named(record.clientIp),
    host: named(maker.host),
    session_id: named(record.sessionId),
    data_source_id: maker.dataSourceId,
    data_source_type: "postgres",
    database_name: named(record.database),
    ...whereOf(tables),
    rows_accessed: statement.rows,
    ...(objects.length > 0 && { objects_accessed: objects }),
    ...(tags.length > 0 && { tags_accessed: tags }),
  };
  const event = { json: JSON.stringify(fields), line: record.number, occurredMicros: record.micros };
  return { event, isParsed, hasUnknown };
}
