interface NamedGroup {
  title: string;
  names: readonly string[];
}

const CALL: readonly NamedGroup[] = [
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

const QUERY: readonly NamedGroup[] = [
  {
    title: "What happened",
    names: ["decision", "execution_status", "error_code", "error_message", "query_type", "execution_time_ms"],
  },
  { title: "How much was accessed", names: ["rows_accessed", "bytes_accessed"] },
  {
    title: "Statement",
    names: ["query_text", "abridged_fields", "redaction", "query_id", "started_at", "completed_at"],
  },
  {
    title: "Who and from where",
    names: ["username", "role", "client_application", "client_ip", "session_id"],
  },
  { title: "Objects and columns", names: ["objects_accessed", "database_name", "schema_name", "table_name"] },
  { title: "Policies applied", names: ["policies_applied"] },
  { title: "Tags", names: ["tags_accessed"] },
  { title: "Data source", names: ["data_source_id", "data_source_type", "host", "warehouse"] },
];

const CUSTOM: readonly NamedGroup[] = [
  { title: "What happened", names: ["event_type", "data_source_id"] },
  { title: "Time", names: ["event_time", "time_source"] },
  { title: "Details", names: ["event_details", "content_type"] },
];

const SYSTEM: readonly NamedGroup[] = [
  { title: "What happened", names: ["category", "action", "event", "outcome"] },
  { title: "Who", names: ["actor_email", "actor_user_id", "actor_key_prefix", "actor_source", "source_system"] },
  { title: "To what", names: ["target_type", "target_name", "target_id"] },
  { title: "Changes", names: ["changes"] },
  { title: "Details", names: ["details"] },
  { title: "From where", names: ["client_ip", "user_agent"] },
];

/** What belongs together, by kind, in reading order: why and how it ended first, the machinery last. */
export const GROUPS: Readonly<Record<string, readonly NamedGroup[]>> = {
  call: CALL,
  query: QUERY,
  custom: CUSTOM,
  system: SYSTEM,
};
