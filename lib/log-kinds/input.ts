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

/** A schema, and the most characters of a text that needs no look at it. */
interface Checked {
  schema: z.ZodType;
  /** -1: always look. */
  plainMax: number;
}

/**
 * A text schema with nothing but a greatest length is looked up once: most of an event is such texts, and asking zod for
 * each of them was a fifth of what it costs to accept an event.
 */
function checked(schema: z.ZodType): Checked {
  const isPlain = schema instanceof z.ZodString && schema.def.checks?.length === 1 && !schema.format;
  return { schema, plainMax: (isPlain && schema.minLength === null && schema.maxLength) || -1 };
}

/** Schemas by field name: what a producer may send. */
function fieldSchemas(fields: readonly FieldDef[], options: InputOptions): Map<string, Checked> {
  const schemas = new Map<string, Checked>([["occurred_at", checked(timestamp)]]);
  for (const field of fields) {
    if (field.derived) continue;
    const bytesMax = options.jsonBytesMax?.[field.name];
    const schema = bytesMax
      ? field.schema.refine((value) => Buffer.byteLength(JSON.stringify(value)) <= bytesMax, {
          error: `must have at most ${bytesMax.toLocaleString("en-US")} bytes of JSON; keep large parts elsewhere`,
        })
      : field.schema;
    schemas.set(field.name, checked(schema));
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
function takeMember(known: Checked | undefined, name: string, value: unknown, into: Taken): void {
  if (!known) {
    const message = into.ours.has(name) ? "is set by the server: leave it out" : "is not a field of this kind";
    into.issues.push({ code: "custom", message, input: value, path: [name] });
    return;
  }
  if (typeof value === "string" && value.length <= known.plainMax) {
    into.kept[name] = value;
    return;
  }
  const result = known.schema.safeParse(value, { error: wordFault });
  if (result.success) into.kept[name] = result.data;
  else
    for (const { path, message } of faultsOf(result.error))
      into.issues.push({ code: "custom", message, input: value, path: [name, ...path] });
}

/** Members of an event that are not the kind's own; whoever reads the event looks at them. */
const ENVELOPE = new Set(["id", "app_id", "kind"]);

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
    const taken = { kept, issues, ours };
    for (const [name, value] of Object.entries(sent as object)) {
      if (value !== null && value !== undefined && !ENVELOPE.has(name))
        takeMember(schemas.get(name), name, value, taken);
    }
    for (const name of options.required) {
      if (kept[name] === undefined && !issues.some((issue) => issue.path?.[0] === name))
        issues.push({ code: "custom", message: "is required", input: sent, path: [name] });
    }
    return kept;
  });
}
