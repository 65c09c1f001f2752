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

function normalise(input: KindDocument, context: NormaliseContext): Normalised {
  const { occurred_at, ...sent } = input;
  const { data_source_id: source, completed_at } = sent;
  const ofSource = typeof source === "string" ? context.dataSourceType?.(source) : undefined;
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
  normalise,
};
