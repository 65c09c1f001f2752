import { z } from "zod";
import type { FieldDef, KindDef, KindDocument, NormaliseContext, Normalised } from "../define";
import { field, jsonObject, note, word } from "../field";
import { inputSchema, producerTime } from "../input";
import { parseMicros } from "../time";

// One event of the customer's own making, such as a login at a data source.

/** Values below it were meant as seconds: as milliseconds they would lie in March 1973. */
const LEAST_MILLISECONDS = 100_000_000_000;
const AGE_MICROS_MAX = 72 * 3_600_000_000;
const AHEAD_MICROS_MAX = 24 * 3_600_000_000;
/** Shown in lists up to so many characters of JSON. */
const LISTED_CHARACTERS = 2_048;

const milliseconds = z
  .number()
  .int({ error: "must be a whole number of milliseconds since 1970" })
  .min(LEAST_MILLISECONDS, {
    error: ({ input }) =>
      Number(input) < 0 ? "must not be before 1970" : "looks like seconds: send milliseconds since 1970",
  })
  .max(8_640_000_000_000_000, { error: "is no time: send milliseconds since 1970" });

export const customFields: readonly FieldDef[] = [
  word("event_type", "What happened, in a word of your own.", {
    schema: z.string().min(1, { error: "must not be empty" }).max(128),
    example: "LOGIN",
    facet: true,
    words: true,
    csv: true,
  }),
  field("content_type", "text", z.enum(["application/json"]), {
    description: "Only application/json.",
    example: "application/json",
    core: true,
    csv: true,
  }),
  field("event_details", "json", jsonObject, {
    description: "Any JSON object. It is stored as it is, nothing in it is redacted: leave out what must not be kept.",
    example: { user_name: "ana", is_success: "YES" },
    words: true,
    csv: true,
    heavyBeyond: LISTED_CHARACTERS,
  }),
  field("event_time", "integer", milliseconds, {
    description: "When it happened, milliseconds since 1970. Default: the submission.",
    example: 1_763_769_662_345,
    csv: true,
  }),
  note("time_source", "text", z.enum(["event_time", "submission"]), {
    description:
      "By which time the row is found. submission: event_time was absent, more than 72 hours old, or more than 24 hours ahead.",
    example: "event_time",
    core: true,
    filter: "exact",
    facet: true,
    csv: true,
  }),
  word("data_source_id", "The data source that it came from.", { label: "Data source ID" }),
];

/** The seed's rule: exactly 72 hours old still counts. */
function ownTime(input: KindDocument, { submittedAtMicros }: NormaliseContext): number | undefined {
  const { event_time, occurred_at } = input;
  const micros =
    typeof event_time === "number"
      ? event_time * 1_000
      : parseMicros(typeof occurred_at === "string" ? occurred_at : "");
  if (micros === undefined) return undefined;
  const age = submittedAtMicros - micros;
  return age > AGE_MICROS_MAX || -age > AHEAD_MICROS_MAX ? undefined : micros;
}

function normalise(input: KindDocument, context: NormaliseContext): Normalised {
  const { occurred_at, ...fields } = input;
  const own = ownTime(input, context);
  fields.time_source = own === undefined ? "submission" : "event_time";
  return { fields, occurredAtMicros: own ?? producerTime(undefined, context) };
}

const required = ["event_type", "content_type", "event_details"];

export const custom: KindDef = {
  id: "custom",
  title: "Custom",
  schemaVersion: 1,
  fields: customFields,
  required,
  input: inputSchema(customFields, { required }),
  normalise,
};
