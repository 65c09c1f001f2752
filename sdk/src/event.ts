/** How a call ended. `auditedFetch` decides it by the rules of outcome.ts. */
export type Outcome = "success" | "policy_denial" | "provider_error" | "network_error";
export type PrincipalType = "user" | "group" | "system" | "agent";
export type Headers = Record<string, string | string[]>;

/** The fields of a row of kind `call` that a producer may send. Only `outcome` is required. */
export interface CallFields {
  /** The service that was called. */
  provider_id?: string | null;
  /** First part of the key that made the call; never the key. Default: the key that writes the row. */
  caller_key_prefix?: string | null;
  caller?: string | null;
  principal_user_id?: string | null;
  principal_type?: PrincipalType | null;
  grant_id?: string | null;
  grant_kind?: string | null;
  method?: string | null;
  /** At most 8,192 characters. Values of token-like parameters are masked. */
  url?: string | null;
  response_status?: number | null;
  /** Whole milliseconds. */
  latency_ms?: number | null;
  outcome: Outcome;
  /** Why the call was made, in words a person understands. */
  reason?: string | null;
  principal_group_id?: string | null;
  principal_agent_id?: string | null;
  principal_label?: string | null;
  principal_user_email?: string | null;
  resolved_user_ids?: string[] | null;
  agent_id?: string | null;
  agent_name?: string | null;
  grant_scopes?: string[] | null;
  tool?: string | null;
  run_id?: string | null;
  thread_id?: string | null;
  /** Any JSON object, at most 16 KiB; about 100 bytes of it are taken by `emitter`. */
  context?: Record<string, unknown> | null;
  trace_id?: string | null;
  retry_count?: number | null;
  policy_id?: string | null;
  policy_error?: string | null;
  error_code?: string | null;
  error_message?: string | null;
  client_ip?: string | null;
  user_agent?: string | null;
  request_headers?: Headers | null;
  response_headers?: Headers | null;
  /** The first 10,240 bytes are kept. */
  request_body?: string | null;
  response_body?: string | null;
}

interface Envelope {
  /** A UUID of your own, where you may send the same event again, also from another process. Default: a random one. */
  id?: string;
  /** RFC 3339 with a zone. Default: now, where the id is not yours either. */
  occurred_at?: string | Date;
}

export interface CallEvent extends CallFields, Envelope {
  kind: "call";
}

/** What a data source can be. Its statements are redacted by its dialect; without one they are by all, which hides more. */
export type DataSourceType =
  | "postgres"
  | "mysql"
  | "snowflake"
  | "bigquery"
  | "tsql"
  | "redshift"
  | "databricks"
  | "sqlite";
export type ExecutionStatus = "success" | "error" | "canceled";

/** The fields of a row of kind `query` that a producer may send. */
export interface QueryFields {
  username?: string | null;
  role?: string | null;
  /** The statement. Strings, numbers and comments are replaced by this client before it is written or sent anywhere. */
  query_text?: string | null;
  query_id?: string | null;
  rows_accessed?: number | null;
  execution_status?: ExecutionStatus | null;
  /** At most 64 letters, digits, spaces and `_ . : -`. */
  query_type?: string | null;
  decision?: string | null;
  started_at?: string | Date | null;
  /** The time by which the row is found. Default: `occurred_at`, else now. */
  completed_at?: string | Date | null;
  execution_time_ms?: number | null;
  bytes_accessed?: number | null;
  client_application?: string | null;
  client_ip?: string | null;
  host?: string | null;
  session_id?: string | null;
  data_source_id?: string | null;
  /** Say it where you know it: a statement of no known dialect is hidden more than needed. */
  data_source_type?: DataSourceType | null;
  /** At most 64 letters, digits, spaces and `_ . : -`. */
  error_code?: string | null;
  /** Redacted like the statement. */
  error_message?: string | null;
  warehouse?: string | null;
  database_name?: string | null;
  schema_name?: string | null;
  table_name?: string | null;
  objects_accessed?: AccessedObject[] | null;
  tags_accessed?: AccessedTag[] | null;
  policies_applied?: AppliedPolicy[] | null;
  /** Fields of which only a part is sent, as the source had more than an event holds. */
  abridged_fields?: string[] | null;
}

export interface AccessedObject {
  database?: string | null;
  schema?: string | null;
  table?: string | null;
  column?: string | null;
}

export interface AccessedTag {
  key: string;
  value?: string | null;
  decision?: string | null;
  /** Redacted like an error message. */
  rationale?: string | null;
}

export interface AppliedPolicy {
  policy_id?: string | null;
  name?: string | null;
  type?: string | null;
  decision?: string | null;
  /** Redacted like an error message. */
  reason?: string | null;
}

export interface QueryEvent extends QueryFields, Envelope {
  kind: "query";
}

/** The fields of a row of kind `custom` that a producer may send. */
export interface CustomFields {
  /** What happened, in a word of your own. */
  event_type: string;
  content_type: "application/json";
  /** Any JSON object. Stored as it is: nothing in it is redacted. */
  event_details: Record<string, unknown>;
  /** Milliseconds since 1970. Default: the submission. */
  event_time?: number | null;
  data_source_id?: string | null;
}

export interface CustomEvent extends CustomFields, Envelope {
  kind: "custom";
}

/** The server checks its fields. */
export interface SystemEvent extends Envelope {
  kind: "system";
  [field: string]: unknown;
}

export type Event = CallEvent | QueryEvent | CustomEvent | SystemEvent;

/** What became of one event. */
export type Receipt =
  | {
      id: string;
      /** `duplicate`: an earlier attempt had stored it. */
      status: "created" | "duplicate";
      /** Place in the log. */
      seq: number;
      /** RFC 3339 UTC, six decimals. */
      created_at: string;
    }
  | {
      id: string;
      /** It is on this machine's disk and will be sent as soon as the server can be reached. */
      status: "spooled";
    };

/** A row as the server answers it: flat, absent fields null. */
export interface Row extends Partial<CallFields> {
  id: string;
  /** Place in the log: 0, 1, 2, … in commit order, without gaps. */
  seq: number;
  kind: string;
  schema_version: number;
  org_id: string;
  app_id: string;
  created_at: string;
  occurred_at: string;
  [field: string]: unknown;
}
