import { expect, test } from "vitest";
import { callFields, OUTCOMES, PRINCIPAL_TYPES } from "@/lib/log-kinds/call/fields";
import { customFields } from "@/lib/log-kinds/custom/custom";
import type { FieldDef } from "@/lib/log-kinds/define";
import { DATA_SOURCE_TYPES, EXECUTION_STATUSES, queryFields } from "@/lib/log-kinds/query/fields";
import type { CallFields, CustomFields, DataSourceType, ExecutionStatus, Outcome, PrincipalType } from "./event";
import { QUERY_MEMBERS } from "./query-event";

/** The compiler asks for every name of the type, the test compares with the server's. */
const FIELDS: Record<keyof CallFields, true> = {
  provider_id: true,
  caller_key_prefix: true,
  caller: true,
  principal_user_id: true,
  principal_type: true,
  grant_id: true,
  grant_kind: true,
  method: true,
  url: true,
  response_status: true,
  latency_ms: true,
  outcome: true,
  reason: true,
  principal_group_id: true,
  principal_agent_id: true,
  principal_label: true,
  principal_user_email: true,
  resolved_user_ids: true,
  agent_id: true,
  agent_name: true,
  grant_scopes: true,
  tool: true,
  run_id: true,
  thread_id: true,
  context: true,
  trace_id: true,
  retry_count: true,
  policy_id: true,
  policy_error: true,
  error_code: true,
  error_message: true,
  client_ip: true,
  user_agent: true,
  request_headers: true,
  response_headers: true,
  request_body: true,
  response_body: true,
};
const OWN_OUTCOMES: Record<Outcome, true> = {
  success: true,
  policy_denial: true,
  provider_error: true,
  network_error: true,
};
const OWN_TYPES: Record<PrincipalType, true> = { user: true, group: true, system: true, agent: true };

const CUSTOM_FIELDS: Record<keyof CustomFields, true> = {
  event_type: true,
  content_type: true,
  event_details: true,
  event_time: true,
  data_source_id: true,
};
const OWN_SOURCES: Record<DataSourceType, true> = {
  postgres: true,
  mysql: true,
  snowflake: true,
  bigquery: true,
  tsql: true,
  redshift: true,
  databricks: true,
  sqlite: true,
};
const OWN_STATUSES: Record<ExecutionStatus, true> = { success: true, error: true, canceled: true };

const { kind: _kind, id: _id, occurred_at: _time, ...queryMembers } = QUERY_MEMBERS;

test.each<[string, object, readonly FieldDef[]]>([
  ["call", FIELDS, callFields],
  ["query", queryMembers, queryFields],
  ["custom", CUSTOM_FIELDS, customFields],
])("the SDK's type of a %s has the server's fields", (_, own, fields) => {
  const sent = fields.filter((field) => !field.derived).map((field) => field.name);
  expect(Object.keys(own).sort()).toEqual(sent.sort());
});

test("the SDK's types know the server's values", () => {
  expect(Object.keys(OWN_OUTCOMES)).toEqual([...OUTCOMES]);
  expect(Object.keys(OWN_TYPES)).toEqual([...PRINCIPAL_TYPES]);
  expect(Object.keys(OWN_SOURCES)).toEqual([...DATA_SOURCE_TYPES]);
  expect(Object.keys(OWN_STATUSES)).toEqual([...EXECUTION_STATUSES]);
});
