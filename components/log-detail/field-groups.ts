import { ENVELOPE } from "../log-table/envelope";
import type { FieldView, Row } from "../log-table/kind-view";

/** A field of a row that has a value. */
export interface ShownField {
  name: string;
  label: string;
  description: string;
  value: unknown;
}

export interface FieldGroup {
  title: string;
  fields: readonly ShownField[];
}

/** What belongs together, in reading order: why and how it ended first, the machinery last. */
const GROUPS: readonly { title: string; names: readonly string[] }[] = [
  {
    title: "What happened",
    names: [
      "outcome",
      "reason",
      "response_status",
      "latency_ms",
      "policy_id",
      "policy_error",
      "error_code",
      "error_message",
      "retry_count",
    ],
  },
  { title: "Request", names: ["provider_id", "method", "url", "tool"] },
  {
    title: "Principal and grant",
    names: [
      "principal_type",
      "principal_label",
      "principal_user_id",
      "principal_user_email",
      "principal_group_id",
      "principal_agent_id",
      "resolved_user_ids",
      "grant_id",
      "grant_kind",
      "grant_scopes",
    ],
  },
  {
    title: "Caller and agent",
    names: ["caller", "caller_key_prefix", "agent_id", "agent_name", "client_ip", "user_agent"],
  },
  { title: "Context", names: ["run_id", "thread_id", "trace_id", "context"] },
  {
    title: "Messages",
    names: [
      "request_headers",
      "request_body",
      "request_body_bytes",
      "request_body_truncated",
      "response_headers",
      "response_body",
      "response_body_bytes",
      "response_body_truncated",
      "stripped_headers",
    ],
  },
];

/** Where the log keeps it, after all that the kind says. */
const PLACE: readonly Omit<ShownField, "value">[] = [
  ENVELOPE.id,
  ENVELOPE.seq,
  ENVELOPE.occurredAt,
  ENVELOPE.createdAt,
];

const isEmpty = (value: unknown) =>
  value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);

/** A row's fields that have a value, in groups. Every declared field is in one: what no group names comes under Others. */
export function fieldGroups(fields: readonly FieldView[], row: Row): FieldGroup[] {
  const shown = (known: Omit<ShownField, "value">): ShownField[] => {
    const { name, label, description } = known;
    return isEmpty(row[name]) ? [] : [{ name, label, description, value: row[name] }];
  };
  const byName = new Map(fields.map((field) => [field.name, field]));
  const named = new Set(GROUPS.flatMap(({ names }) => names));
  const groups = GROUPS.map(({ title, names }) => ({
    title,
    fields: names.flatMap((name) => byName.get(name) ?? []).flatMap(shown),
  }));
  const others = fields.filter(({ name }) => !named.has(name)).flatMap(shown);
  const all = [
    ...groups,
    { title: "Others", fields: others },
    { title: "Place in the log", fields: PLACE.flatMap(shown) },
  ];
  return all.filter((group) => group.fields.length > 0);
}
