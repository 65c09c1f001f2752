import { z } from "zod";
import { faultsOf, wordFault } from "../errors/wording";
import type { FieldDef, KindDocument, NormaliseContext } from "./define";
import { parseMicros } from "./time";

/** RFC 3339 with a zone. */
const timestamp = z.string().refine((value) => parseMicros(value) !== undefined, {
  error: "must be an RFC 3339 time with a zone, not before 1700, such as 2026-11-22T00:01:02.345Z",
});

const AHEAD_MICROS_MAX = 24 * 3_600_000_000;

/** The producer's time as sent, or the submission time when absent or more than 24 h ahead (architecture.md §2). µs. */
export function producerTime(sent: unknown, context: NormaliseContext): number {
  const micros = typeof sent === "string" ? parseMicros(sent) : undefined;
  if (micros === undefined || micros > context.submittedAtMicros + AHEAD_MICROS_MAX) return context.submittedAtMicros;
  return micros;
}

interface InputOptions {
  required: readonly string[];
  /** Most bytes of UTF-8 that a field's JSON may have. */
  jsonBytesMax?: Record<string, number>;
}

/** Schemas by field name: what a producer may send. */
function fieldSchemas(fields: readonly FieldDef[], options: InputOptions): Map<string, z.ZodType> {
  const schemas = new Map<string, z.ZodType>([["occurred_at", timestamp]]);
  for (const field of fields) {
    if (field.derived) continue;
    const bytesMax = options.jsonBytesMax?.[field.name];
    const schema = bytesMax
      ? field.schema.refine((value) => Buffer.byteLength(JSON.stringify(value)) <= bytesMax, {
          error: `must have at most ${bytesMax.toLocaleString("en-US")} bytes of JSON; keep large parts elsewhere`,
        })
      : field.schema;
    schemas.set(field.name, schema);
  }
  return schemas;
}

type Issues = z.core.$RefinementCtx["issues"];

interface Taken {
  kept: KindDocument;
  issues: Issues;
  /** Names that the server sets. */
  ours: ReadonlySet<string>;
}

/** Checks one member and keeps it, or adds to the issues. */
function takeMember(schema: z.ZodType | undefined, [name, value]: [string, unknown], into: Taken): void {
  if (!schema) {
    const message = into.ours.has(name) ? "is set by the server: leave it out" : "is not a field of this kind";
    into.issues.push({ code: "custom", message, input: value, path: [name] });
    return;
  }
  const result = schema.safeParse(value, { error: wordFault });
  if (result.success) into.kept[name] = result.data;
  else
    for (const { path, message } of faultsOf(result.error))
      into.issues.push({ code: "custom", message, input: value, path: [name, ...path] });
}

/**
 * The strict schema of what a producer may send of a kind: unknown and derived fields are refused by name, null means
 * absent. Only members that were sent are looked at: a strict object of all fields would try each of the forty that
 * were not, at three times the cost.
 */
export function inputSchema(fields: readonly FieldDef[], options: InputOptions): z.ZodType<KindDocument> {
  const schemas = fieldSchemas(fields, options);
  const derived = fields.filter((field) => field.derived).map((field) => field.name);
  const ours = new Set(["seq", "created_at", "schema_version", "org_id", ...derived]);
  return z.unknown().transform((sent, { issues }) => {
    const kept: KindDocument = {};
    for (const member of Object.entries(sent as object)) {
      if (member[1] !== null && member[1] !== undefined)
        takeMember(schemas.get(member[0]), member, { kept, issues, ours });
    }
    const faulty = new Set(issues.map((issue) => issue.path?.[0]));
    for (const name of options.required) {
      if (kept[name] === undefined && !faulty.has(name))
        issues.push({ code: "custom", message: "is required", input: sent, path: [name] });
    }
    return kept;
  });
}
