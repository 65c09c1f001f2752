import { z } from "zod";
import { CODE, CODE_FAULT, MESSAGE_MAX, REASON_MAX } from "../../redact/query-limits.ts";
import type { ElementFilters, FieldDef } from "../define";
import { count, field, note, text, WORD_MAX, word } from "../field";

// One statement that a person or program ran in a data source.

/** What a data source can be; each is also the dialect in which its SQL is redacted. */
export const DATA_SOURCE_TYPES = [
  "postgres",
  "mysql",
  "snowflake",
  "bigquery",
  "tsql",
  "redshift",
  "databricks",
  "sqlite",
] as const;
export type DataSourceType = (typeof DATA_SOURCE_TYPES)[number];

export const EXECUTION_STATUSES = ["success", "error", "canceled"] as const;

/** Shown in lists up to so many characters; the whole text is in the row opened whole. */
const LISTED_CHARACTERS = 2_048;

const name = text(WORD_MAX);
const objects = z
  .array(
    z.strictObject({
      database: name.nullish(),
      schema: name.nullish(),
      table: name.nullish(),
      column: name.nullish(),
    }),
  )
  .max(1_000);
const tags = z
  .array(
    z.strictObject({
      key: name,
      value: name.nullish(),
      decision: name.nullish(),
      rationale: text(REASON_MAX).nullish(),
    }),
  )
  .max(1_000);
const policies = z
  .array(
    z.strictObject({
      policy_id: name.nullish(),
      name: name.nullish(),
      type: name.nullish(),
      decision: name.nullish(),
      reason: text(REASON_MAX).nullish(),
    }),
  )
  .max(1_000);
/** Not redacted, so nothing that could quote a literal. */
const code = z.string().regex(CODE, { error: CODE_FAULT });
/** Its form is checked by the kind, which knows times. */
const time = z.string().max(64);

const shown: FieldDef[] = [
  word("username", "Who ran it, as the data source knows them.", { example: "ana", csv: true, words: true }),
  word("role", "The role under which it ran.", { example: "analyst", facet: true, csv: true, words: true }),
  field("query_text", "text", z.string(), {
    description:
      "The statement. Strings, numbers and comments are replaced before anything is stored: 'literal_string', one random digit, nothing.",
    example: "select name from customers where id = 7",
    words: true,
    csv: true,
    heavyBeyond: LISTED_CHARACTERS,
  }),
  word("query_id", "The data source's own id of the statement.", {
    example: "01b2c3d4-0000-1a2b-0000-000100020003",
    csv: true,
  }),
  field("rows_accessed", "integer", count, {
    description: "How many rows it read or changed; null where the source does not tell.",
    example: 12,
    filter: "exact",
    numeric: true,
    csv: true,
  }),
  field("execution_status", "text", z.enum(EXECUTION_STATUSES), {
    description: "How it ended.",
    example: "success",
    core: true,
    filter: "exact",
    facet: true,
    csv: true,
  }),
  field("query_type", "text", code, {
    description: "What kind of statement it is: at most 64 letters, digits, spaces and _ . : -",
    example: "SELECT",
    filter: "exact",
    facet: true,
    csv: true,
  }),
  word("decision", "What the policies came to.", { example: "allowed", facet: true, csv: true }),
];

const further: FieldDef[] = [
  field("started_at", "time", time, { description: "When it began.", example: "2026-11-22T00:01:02.100Z" }),
  field("completed_at", "time", time, {
    description: "When it was complete: the time by which the row is found. Default: occurred_at, else the submission.",
    example: "2026-11-22T00:01:02.345Z",
    csv: true,
  }),
  field("execution_time_ms", "integer", count, {
    description: "Milliseconds it took.",
    example: 245,
    filter: "exact",
    numeric: true,
    csv: true,
  }),
  field("bytes_accessed", "integer", count, {
    description: "How many bytes it read; null where the source does not tell.",
    filter: "exact",
    numeric: true,
  }),
  word("client_application", "The program that sent it.", { example: "metabase", facet: true, words: true }),
  word("client_ip", "The address that it came from.", { label: "Client IP", example: "192.0.2.17" }),
  word("host", "The server that ran it.", { example: "warehouse-1" }),
  word("session_id", "The data source's own id of the session.", { example: "6925a1b2.3f" }),
  word("data_source_id", "The data source, as registered under Settings → Data sources.", { label: "Data source ID" }),
  field("data_source_type", "text", z.enum(DATA_SOURCE_TYPES), {
    description:
      "What the data source is; the text is redacted by its dialect. Default: that of data_source_id; where both are known they must agree.",
    example: "postgres",
    core: true,
    filter: "exact",
    facet: true,
  }),
  field("error_code", "text", code, {
    description: "The data source's code of the error: at most 64 letters, digits, spaces and _ . : -",
    example: "42P01",
    filter: "exact",
    facet: true,
  }),
  field("error_message", "text", text(MESSAGE_MAX), {
    description: "The error in words, redacted like the statement.",
    filter: "exact",
    words: true,
  }),
  word("warehouse", "The warehouse that ran it.", { facet: true }),
  word("database_name", "The database that was current.", { example: "shop" }),
  word("schema_name", "The schema that was current.", { example: "public" }),
  word("table_name", "The table, where it is only one.", { example: "customers" }),
  field("objects_accessed", "objects", objects, {
    description: "What it touched: databases, schemas, tables, columns.",
    example: [{ database: "shop", schema: "public", table: "customers", column: "email" }],
  }),
  field("tags_accessed", "objects", tags, {
    description:
      "Tags of what it touched, with what was decided for each and why; the rationale is redacted like error_message.",
    example: [{ key: "PII", value: "email", decision: "masked", rationale: "role analyst" }],
  }),
  field("policies_applied", "objects", policies, {
    description: "Policies that applied, with their decisions and reasons; a reason is redacted like error_message.",
    example: [{ policy_id: "pol_7", name: "Mask e-mail", type: "column", decision: "masked", reason: "role analyst" }],
  }),
];

/** No texts of a producer's own: this list is not redacted. */
const abridged: FieldDef = field(
  "abridged_fields",
  "list",
  z.array(z.enum([...shown, ...further].map(({ name }) => name))).max(64),
  {
    description:
      "Fields that hold a part only, as the producer says: the source had more than an event holds. Where objects_accessed is among them, it names tables instead of columns.",
    example: ["objects_accessed", "tags_accessed"],
    filter: "exact",
  },
);

const derived: FieldDef[] = [
  note("redaction", "json", z.looseObject({}), {
    description:
      "How the statement was redacted: engine, dialect, verdict. failed_closed: a part or all of it was hidden because it could not be read.",
    example: { engine: "1.1.0", dialect: "postgres", verdict: "full" },
  }),
];

export const queryFields: readonly FieldDef[] = [...shown, ...further, abridged, ...derived];

export const queryElementFilters: readonly ElementFilters[] = [
  {
    list: "tags_accessed",
    pair: ["tag_key", "tag_value"],
    filters: [
      {
        name: "tag_key",
        label: "Tag Key",
        member: "key",
        description: "Key of a tag that was touched.",
        example: "PII",
      },
      {
        name: "tag_value",
        label: "Tag Value",
        member: "value",
        description: "Value of a tag that was touched; with tag_key, of that same tag.",
        example: "email",
      },
    ],
  },
  {
    list: "objects_accessed",
    pair: ["table", "column"],
    filters: [
      {
        name: "database",
        label: "Database",
        member: "database",
        field: "database_name",
        description: "Database that was touched.",
        example: "shop",
      },
      {
        name: "schema",
        label: "Schema",
        member: "schema",
        field: "schema_name",
        description: "Schema that was touched.",
        example: "public",
      },
      {
        name: "table",
        label: "Table",
        member: "table",
        field: "table_name",
        description: "Table that was touched.",
        example: "customers",
      },
      { name: "column", label: "Column", member: "column", description: "Column that was touched.", example: "email" },
    ],
  },
];
