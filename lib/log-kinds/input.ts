import { z } from "zod";
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

const dropNulls = (document: KindDocument): KindDocument => {
  const kept: KindDocument = {};
  for (const [name, value] of Object.entries(document)) if (value !== null && value !== undefined) kept[name] = value;
  return kept;
};

/** The strict schema of what a producer may send of a kind: unknown and derived fields are refused by name, null means absent. */
export function inputSchema(fields: readonly FieldDef[], options: InputOptions): z.ZodType<KindDocument> {
  const shape: Record<string, z.ZodType> = { occurred_at: timestamp.nullish() };
  for (const field of fields) {
    if (field.derived) continue;
    const bytesMax = options.jsonBytesMax?.[field.name];
    const schema = bytesMax
      ? field.schema.refine((value) => Buffer.byteLength(JSON.stringify(value)) <= bytesMax, {
          error: `must be at most ${bytesMax} bytes of JSON`,
        })
      : field.schema;
    shape[field.name] = options.required.includes(field.name) ? schema : schema.nullish();
  }
  return z.strictObject(shape).transform(dropNulls);
}
