import type { Fault } from "../../errors/app-error";
import type { Dialect } from "../../redact/dialects/dialects.ts";
import { rewriteQuoting } from "../../redact/query.ts";
import type { Redacted } from "../../redact/redact.ts";
import type { KindDef, KindDocument, NormaliseContext, Normalised } from "../define";
import { inputSchema, producerTime } from "../input";
import { formatTime, parseMicros } from "../time";
import { queryElementFilters, queryFields } from "./fields";

/** Replaces what can quote values, and notes how that went: the worst verdict of all. */
function redacted(fields: KindDocument, dialect: Dialect): KindDocument {
  let worst: Redacted["redaction"] | undefined;
  const rewritten = rewriteQuoting(fields, (sent, { redactor }) => {
    const { text, redaction } = redactor(String(sent), dialect);
    if (worst?.verdict !== "failed_closed") worst = redaction;
    return text;
  });
  return worst === undefined ? rewritten : { ...rewritten, redaction: worst };
}

/** The type of the data source that a query names, where the app has it. */
function sourceType({ data_source_id: source }: KindDocument, context: NormaliseContext): string | undefined {
  return typeof source === "string" ? context.dataSourceType?.(source) : undefined;
}

/** Another dialect than the data source's would show literals that its own hides. */
function faults(input: KindDocument, context: NormaliseContext): Fault[] {
  const { data_source_type: sent } = input;
  const type = sourceType(input, context);
  if (sent === undefined || type === undefined || sent === type) return [];
  const message = `is not the type of data_source_id, which is a ${type} source: leave data_source_type out or send ${type}`;
  return [{ pointer: "/data_source_type", message }];
}

function normalise(input: KindDocument, context: NormaliseContext): Normalised {
  const { occurred_at, ...sent } = input;
  const { completed_at } = sent;
  const ofSource = sourceType(sent, context);
  if (ofSource) sent.data_source_type ??= ofSource;
  const fields = redacted(sent, (sent.data_source_type as Dialect | undefined) ?? "unknown");
  const occurredAtMicros = producerTime(completed_at ?? occurred_at, context);
  fields.completed_at ??= formatTime(occurredAtMicros);
  return { fields, occurredAtMicros };
}

const isTime = (value: unknown) => typeof value === "string" && parseMicros(value) !== undefined;

const input = inputSchema(queryFields, { required: [] }).superRefine((sent, { addIssue }) => {
  for (const name of ["started_at", "completed_at"]) {
    if (sent[name] !== undefined && !isTime(sent[name]))
      addIssue({
        code: "custom",
        path: [name],
        message: "must be an RFC 3339 time with a zone, such as 2026-11-22T00:01:02.345Z",
      });
  }
  const { occurred_at, completed_at } = sent;
  if (
    isTime(occurred_at) &&
    isTime(completed_at) &&
    parseMicros(String(occurred_at)) !== parseMicros(String(completed_at))
  )
    addIssue({
      code: "custom",
      path: ["occurred_at"],
      message: "is completed_at of a query: leave it out or send the same time",
    });
});

export const query: KindDef = {
  id: "query",
  title: "Query log",
  schemaVersion: 1,
  fields: queryFields,
  required: [],
  outcome: "execution_status",
  elementFilters: queryElementFilters,
  input,
  faults,
  normalise,
};
