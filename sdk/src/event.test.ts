import { expect, test } from "vitest";
import { callFields, OUTCOMES, PRINCIPAL_TYPES } from "@/lib/log-kinds/call/fields";
import type { CallFields, Outcome, PrincipalType } from "./event";

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

test("the SDK's type of a call has the server's fields", () => {
  const sent = callFields.filter((field) => !field.derived).map((field) => field.name);
  expect(Object.keys(FIELDS).sort()).toEqual(sent.sort());
  expect(Object.keys(OWN_OUTCOMES)).toEqual([...OUTCOMES]);
  expect(Object.keys(OWN_TYPES)).toEqual([...PRINCIPAL_TYPES]);
});
