import { canonicalJson } from "../lib/ingest/canonical-json";
import { callFields } from "../lib/log-kinds/call/fields";
import { parseMicros } from "../lib/log-kinds/time";
import { derivedId } from "./derived-id";
import { RecordFault } from "./faults";
import { fitContext } from "./fit-context";

/** One AWS CloudTrail record → one event of kind `call`, as POST /v1/events takes it. docs/cli.md describes the mapping. */
type Json = Record<string, unknown>;
export type CallEvent = Json & { id: string; kind: "call"; context: Json };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** AccessDenied, AccessDeniedException, Client.UnauthorizedOperation, KMS.AccessDeniedException, … : a policy said no. */
const DENIED = /access_?denied|unauthorized|not_?authorized|forbidden|explicit_?deny/i;

/** What each type of AWS identity is in our terms. Others are "user". */
const PRINCIPAL_TYPES: Record<string, "system" | "agent"> = {
  AWSService: "system",
  AWSAccount: "system",
  AssumedRole: "agent",
  Role: "agent",
};

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);
const schemas = new Map(callFields.map((field) => [field.name, field.schema]));

/** @throws RecordFault where the value is no record with a name and a time */
export function cloudTrailToCall(record: unknown): CallEvent {
  if (!isObject(record)) throw new RecordFault("is not a JSON object");
  const source = text(record.eventSource);
  const name = text(record.eventName);
  if (!source || !name) throw new RecordFault("is not a CloudTrail record: it has no eventSource or no eventName");
  const timeMember = ["eventTime", "@timestamp"].find((member) => parseMicros(String(record[member])) !== undefined);
  if (!timeMember) throw new RecordFault("has no time: neither eventTime nor @timestamp is an RFC 3339 time");

  const mapped: Json = {
    provider_id: source,
    method: name,
    ...principal(isObject(record.userIdentity) ? record.userIdentity : {}),
    url: `https://${hostOf(record) ?? source}/`,
    outcome: outcomeOf(record),
    error_code: text(record.errorCode),
    error_message: text(record.errorMessage),
    client_ip: text(record.sourceIPAddress),
    user_agent: text(record.userAgent),
    trace_id: text(record.requestID),
  };
  // What does not fit its field (too long, say) is left in the rest of the record instead of being cut.
  for (const [field, value] of Object.entries(mapped)) {
    if (value === undefined || !schemas.get(field)?.safeParse(value).success) delete mapped[field];
  }
  return {
    id: idOf(record),
    kind: "call",
    occurred_at: record[timeMember],
    ...mapped,
    context: fitContext(restOf(record, mapped, timeMember)),
  };
}

function idOf(record: Json): string {
  const own = text(record.eventID);
  if (own && UUID.test(own)) return own.toLowerCase();
  return derivedId(canonicalJson(record));
}

function outcomeOf(record: Json): "success" | "policy_denial" | "provider_error" {
  const code = text(record.errorCode);
  if (code) return DENIED.test(code) ? "policy_denial" : "provider_error";
  // A failed console sign-in has no errorCode, only a message.
  return text(record.errorMessage) ? "provider_error" : "success";
}

/** The address that the caller used, where CloudTrail recorded it: its TLS details, or the Host of an S3 request. */
function hostOf(record: Json): string | undefined {
  const tls = isObject(record.tlsDetails) ? text(record.tlsDetails.clientProvidedHostHeader) : undefined;
  const parameters = isObject(record.requestParameters) ? record.requestParameters : {};
  const host = tls ?? text(parameters.Host) ?? text(parameters.host);
  return host && /^[a-z0-9.-]+(:\d+)?$/i.test(host) ? host : undefined;
}

function principal(identity: Json): Json {
  const type = text(identity.type);
  const kind = (type && PRINCIPAL_TYPES[type]) || "user";
  const id = text(identity.arn) ?? text(identity.principalId) ?? text(identity.accountId);
  const label = text(identity.userName) ?? text(identity.invokedBy) ?? text(identity.arn)?.split("/").at(-1);
  return {
    caller_key_prefix: text(identity.accessKeyId),
    principal_type: type ? kind : undefined,
    principal_user_id: kind === "user" ? id : undefined,
    principal_agent_id: kind === "agent" ? id : undefined,
    principal_label: label,
  };
}

/** Members of the record that a field of the row holds unchanged. */
const HELD: Record<string, string> = {
  eventSource: "provider_id",
  eventName: "method",
  errorCode: "error_code",
  errorMessage: "error_message",
  sourceIPAddress: "client_ip",
  userAgent: "user_agent",
  requestID: "trace_id",
};

function restOf(record: Json, mapped: Json, timeMember: string): Json {
  return Object.fromEntries(
    Object.entries(record).filter(([member, value]) => {
      // The row keeps six decimals; a finer time stays here as well.
      if (member === timeMember) return /\.\d{7}/.test(String(value));
      if (member === "eventID") return typeof value !== "string" || !UUID.test(value) || value !== value.toLowerCase();
      const field = HELD[member];
      return field === undefined || mapped[field] !== value;
    }),
  );
}
