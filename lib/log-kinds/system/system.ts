import { z } from "zod";
import type { FieldDef, KindDef, KindDocument, NormaliseContext, Normalised } from "../define";
import { field, jsonObject, text, WORD_MAX, word } from "../field";
import { inputSchema, producerTime } from "../input";
import { ACTIONS, ACTOR_SOURCES, CATEGORY_IDS } from "./categories";
import { type Change, masked, maskedChange } from "./masking";

// One administrative act: of this product, or of an outside system that tells of its own.

const changes = z
  .array(z.strictObject({ field: text(WORD_MAX), old: z.unknown().optional(), new: z.unknown().optional() }))
  .max(200);

/** Most bytes of UTF-8 of the JSON of an act's changes and of its details. */
export const CHANGES_BYTES_MAX = 65_536;
export const DETAILS_BYTES_MAX = 16_384;

export const systemFields: readonly FieldDef[] = [
  field("category", "text", z.enum(CATEGORY_IDS), {
    description: "What it is about.",
    example: "api_keys",
    core: true,
    filter: "exact",
    facet: true,
    csv: true,
  }),
  field("action", "text", z.enum(ACTIONS), {
    description: "What was done.",
    example: "create",
    core: true,
    filter: "exact",
    facet: true,
    csv: true,
  }),
  word("event", "The act in one name.", {
    example: "api_key.created",
    core: true,
    facet: true,
    csv: true,
    words: true,
  }),
  word("actor_user_id", "The person who did it; null: the platform itself, or a program.", { csv: true }),
  word("actor_email", "That person's e-mail address.", { example: "ana@example.com", csv: true, words: true }),
  word("actor_key_prefix", "The API key with which it was done.", {
    label: "API key",
    example: "afd_live_4fGh7Kp2Qx",
    derived: true,
    csv: true,
  }),
  word("actor_source", "Through what it was done.", {
    schema: z.enum(ACTOR_SOURCES),
    values: ACTOR_SOURCES,
    example: "portal",
    derived: true,
    facet: true,
    csv: true,
  }),
  word("source_system", "The system whose act it is.", { example: "policy-engine", facet: true, csv: true }),
  word("target_type", "What kind of thing it was done to.", { example: "api_key", facet: true, csv: true }),
  word("target_id", "The id of that thing.", { csv: true }),
  word("target_name", "The name of that thing.", { example: "billing worker", csv: true, words: true }),
  field("changes", "objects", changes, {
    description:
      "What is other than before, field by field; values of fields and members whose names say that they are secrets are `***`.",
    example: [{ field: "name", old: "billing", new: "billing worker" }],
    csv: true,
  }),
  field("details", "json", jsonObject, {
    description:
      "What else there is to say about it; values of members whose names say that they are secrets are `***`.",
    csv: true,
    words: true,
  }),
  word("outcome", "How it ended.", {
    schema: z.enum(["success", "failure"]),
    values: ["success", "failure"],
    example: "success",
    core: true,
    facet: true,
    csv: true,
  }),
  word("client_ip", "The address that it came from.", { label: "Client IP", example: "192.0.2.17", csv: true }),
  field("user_agent", "text", text(2_048), {
    description: "The program that it came from.",
    filter: "exact",
    csv: true,
  }),
];

function normalise(input: KindDocument, context: NormaliseContext): Normalised {
  const { occurred_at, ...fields } = input;
  if (fields.changes) fields.changes = (fields.changes as Change[]).map(maskedChange);
  if (fields.details) fields.details = masked(fields.details);
  fields.outcome ??= "success";
  return { fields, occurredAtMicros: producerTime(occurred_at, context) };
}

const required = ["category", "action", "event", "source_system"];

export const system: KindDef = {
  id: "system",
  title: "System audit",
  schemaVersion: 1,
  fields: systemFields,
  required,
  outcome: "outcome",
  input: inputSchema(systemFields, {
    required,
    jsonBytesMax: { changes: CHANGES_BYTES_MAX, details: DETAILS_BYTES_MAX },
  }),
  normalise,
};
