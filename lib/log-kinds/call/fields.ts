import { z } from "zod";
import type { FieldDef } from "../define";
import { count, field, isObject, jsonObject, list, note, text, word } from "../field";

// One call that a program or agent made with someone's grant. Names in the order of the CSV first, then the rest.

/** RFC 9110 §5.6.2, or one of HTTP/2's pseudo-headers. Any other name is no header, and would pass the list of sensitive ones. */
const HEADER_NAME = /^(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+|:(?:method|scheme|authority|path|protocol|status))$/;
const HEADER_VALUE = "must be text of at most 16,384 characters, or a list of at most 64 such texts";
const headers = z
  .unknown()
  .refine((value) => !isObject(value) || !Object.hasOwn(value as object, "__proto__"), {
    error: "__proto__ is not a header name",
  })
  .superRefine((value, context) => {
    for (const name of isObject(value) ? Object.keys(value as object) : []) {
      if (!HEADER_NAME.test(name))
        context.addIssue({ code: "custom", path: [name], message: "is not a header name (RFC 9110)" });
    }
  })
  .pipe(z.record(text(256), z.union([text(16_384), z.array(text(16_384)).max(64)], { error: HEADER_VALUE })));

export const PRINCIPAL_TYPES = ["user", "group", "system", "agent"] as const;
export const OUTCOMES = ["success", "policy_denial", "provider_error", "network_error"] as const;

const contractual: FieldDef[] = [
  word("provider_id", "The service that was called.", {
    example: "google-calendar",
    facet: true,
    csv: true,
    words: true,
  }),
  word(
    "caller_key_prefix",
    "First part of the key that made the call; never the key. Default: the key that wrote the row.",
    {
      example: "afd_live_4fGh7Kp2Qx",
      csv: true,
    },
  ),
  word("caller", "Free-form attribution by the caller.", { example: "billing-worker", csv: true, words: true }),
  word("principal_user_id", "The user who owns the grant; null for other principals.", {
    example: "user_8412",
    csv: true,
  }),
  field("principal_type", "text", z.enum(PRINCIPAL_TYPES), {
    description: "Who owns the grant.",
    example: "user",
    filter: "exact",
    facet: true,
    csv: true,
  }),
  word("grant_id", "The grant under which the call was made.", { example: "grant_77", csv: true }),
  word("grant_kind", "Kind of that grant.", { example: "oauth", facet: true, csv: true }),
  word("method", "HTTP method or operation.", { example: "GET", facet: true, csv: true }),
  field("url", "text", text(8192), {
    description: "Address that was called; values of token-like query parameters are masked before storage.",
    example: "https://www.googleapis.com/calendar/v3/events",
    label: "URL",
    filter: "exact",
    words: true,
    csv: true,
  }),
  field("response_status", "integer", z.number().int().min(0).max(999), {
    description: "HTTP status; null when there was no response.",
    example: 200,
    core: true,
    filter: "exact",
    facet: true,
    numeric: true,
    csv: true,
  }),
  field("latency_ms", "integer", count, {
    description: "Milliseconds from start to end of the call.",
    example: 184,
    filter: "exact",
    numeric: true,
    csv: true,
  }),
  field("outcome", "text", z.enum(OUTCOMES), {
    description: "How the call ended.",
    example: "success",
    core: true,
    filter: "exact",
    facet: true,
    csv: true,
  }),
  field("reason", "text", text(8192), {
    description: "Why the call was made, in words a person understands.",
    example: "Find a free slot for the interview",
    filter: "exact",
    words: true,
    csv: true,
  }),
];

const further: FieldDef[] = [
  word("principal_group_id", "The group that owns the grant."),
  word("principal_agent_id", "The agent that owns the grant."),
  word("principal_label", "Display name of the principal.", { words: true }),
  word("principal_user_email", "E-mail address of the principal."),
  field("resolved_user_ids", "list", list, {
    description: "Users for whom a group's grant was used.",
    example: ["user_8412"],
    filter: "exact",
  }),
  word("agent_id", "The agent that made the call."),
  word("agent_name", "Display name of that agent.", { words: true }),
  field("grant_scopes", "list", list, {
    description: "Scopes of the grant.",
    example: ["calendar.read"],
    filter: "exact",
  }),
  word("tool", "Tool the agent used.", { example: "find_events", facet: true, words: true }),
  word("run_id", "The agent run this call belongs to.", { example: "run_51" }),
  word("thread_id", "The conversation this call belongs to."),
  field("context", "json", jsonObject, {
    description: "Any JSON object of the application, at most 16 KiB.",
    example: { ticket: "OPS-12" },
  }),
  word("trace_id", "Distributed trace id."),
  field("retry_count", "integer", count, { description: "Attempts before this one.", filter: "exact", numeric: true }),
  word("policy_id", "The policy that decided.", { facet: true }),
  field("policy_error", "text", text(4096), { description: "Why the policy refused.", filter: "exact", words: true }),
  word("error_code", "Error code of the provider or network.", { facet: true }),
  field("error_message", "text", text(8192), { description: "Error in words.", filter: "exact", words: true }),
  word("client_ip", "Address of whoever asked the caller.", { label: "Client IP" }),
  field("user_agent", "text", text(2048), { description: "User agent of whoever asked.", filter: "exact" }),
  field("request_headers", "objects", headers, {
    description: "Headers sent, without the sensitive ones.",
    heavy: true,
  }),
  field("response_headers", "objects", headers, {
    description: "Headers received, without the sensitive ones.",
    heavy: true,
  }),
  field("request_body", "text", z.string(), { description: "Body sent, the first 10,240 bytes.", heavy: true }),
  field("response_body", "text", z.string(), { description: "Body received, the first 10,240 bytes.", heavy: true }),
];

const derived: FieldDef[] = [
  note("stripped_headers", "list", list, "Names of headers that were sent and not stored."),
  note("request_body_bytes", "integer", count, "Length of the body as sent, in bytes of UTF-8."),
  note("request_body_truncated", "json", z.boolean(), "Whether the stored body is only its beginning."),
  note("response_body_bytes", "integer", count, "Length of the body as received, in bytes of UTF-8."),
  note("response_body_truncated", "json", z.boolean(), "Whether the stored body is only its beginning."),
];

export const callFields: readonly FieldDef[] = [...contractual, ...further, ...derived];
