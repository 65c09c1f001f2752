import { INTAKE } from "../../contracts/intake";
import type { KindDef, KindDocument, NormaliseContext, Normalised } from "../define";
import { inputSchema, producerTime } from "../input";
import { callFields } from "./fields";
import { BODY_BYTES_MAX, cutToBytes, type Headers, maskUrl, stripHeaders } from "./sensitive";

function storeHeaders(fields: KindDocument, context: NormaliseContext): void {
  const stripped = new Set<string>();
  for (const name of ["request_headers", "response_headers"]) {
    const given = fields[name] as Headers | undefined;
    if (!given) continue;
    const result = stripHeaders(given, context.stripHeaders);
    fields[name] = result.kept;
    for (const header of result.stripped) stripped.add(header);
  }
  if (stripped.size > 0) fields.stripped_headers = [...stripped].sort();
}

function storeBody(fields: KindDocument, name: "request_body" | "response_body"): void {
  const body = fields[name];
  if (typeof body !== "string") return;
  const cut = cutToBytes(body, BODY_BYTES_MAX);
  fields[name] = cut.text;
  fields[`${name}_bytes`] = cut.bytes;
  if (cut.truncated) fields[`${name}_truncated`] = true;
}

function normalise(input: KindDocument, context: NormaliseContext): Normalised {
  const { occurred_at, ...fields } = input;
  storeHeaders(fields, context);
  storeBody(fields, "request_body");
  storeBody(fields, "response_body");
  if (typeof fields.url === "string") fields.url = maskUrl(fields.url);
  return { fields, occurredAtMicros: producerTime(occurred_at, context) };
}

const required = ["outcome"];

export const call: KindDef = {
  id: "call",
  title: "Calls",
  schemaVersion: 1,
  fields: callFields,
  required,
  outcome: "outcome",
  input: inputSchema(callFields, { required, jsonBytesMax: { context: INTAKE.contextBytes } }),
  normalise,
};
