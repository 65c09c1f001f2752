import { createHash } from "node:crypto";
import { rewriteQuoting } from "../../lib/redact/query.ts";
import { CODE, CODE_FAULT, CODES } from "../../lib/redact/query-limits.ts";
import { cut } from "./cut.ts";
import { AffidavitError } from "./error.ts";
import type { AccessedObject, AccessedTag, AppliedPolicy, QueryEvent } from "./event.ts";
import type { Dialect, Digits } from "./redact.ts";

/** Every member that a query may have. What this version does not know could quote a statement: it is not taken. */
export const QUERY_MEMBERS: Record<keyof QueryEvent, true> = {
  kind: true,
  id: true,
  occurred_at: true,
  username: true,
  role: true,
  query_text: true,
  query_id: true,
  rows_accessed: true,
  execution_status: true,
  query_type: true,
  decision: true,
  started_at: true,
  completed_at: true,
  execution_time_ms: true,
  bytes_accessed: true,
  client_application: true,
  client_ip: true,
  host: true,
  session_id: true,
  data_source_id: true,
  data_source_type: true,
  error_code: true,
  error_message: true,
  warehouse: true,
  database_name: true,
  schema_name: true,
  table_name: true,
  objects_accessed: true,
  tags_accessed: true,
  policies_applied: true,
  abridged_fields: true,
};

const OBJECT: Record<keyof AccessedObject, true> = { database: true, schema: true, table: true, column: true };
const TAG: Record<keyof AccessedTag, true> = { key: true, value: true, decision: true, rationale: true };
const POLICY: Record<keyof AppliedPolicy, true> = {
  policy_id: true,
  name: true,
  type: true,
  decision: true,
  reason: true,
};
/** Members of the elements of its lists. */
const LISTS = { objects_accessed: OBJECT, tags_accessed: TAG, policies_applied: POLICY };

/**
 * A query without the literals, numbers and comments of its statement: nothing else of it reaches the spool or the wire. The
 * digits in place of numbers follow from the id, so that the same event recorded again has the same body.
 * @param id the event's, in lower case
 * @throws AffidavitError `invalid_event` for a member that cannot be vouched for
 */
export function redactedQuery(event: Record<string, unknown>, id: string): Record<string, unknown> {
  const unknown = Object.keys(event).find((name) => !Object.hasOwn(QUERY_MEMBERS, name));
  if (unknown !== undefined) throw refused(`"${unknown}" is not a field of a query`);
  for (const [name, members] of Object.entries(LISTS)) checkList(name, event[name] ?? [], members);
  for (const name of CODES) {
    const code = event[name] ?? "";
    if (typeof code !== "string" || !CODE.test(code)) throw refused(`${name} ${CODE_FAULT}`);
  }
  const dialect = (event.data_source_type ?? "unknown") as Dialect;
  return rewriteQuoting(event, (sent, { redactor, most }, place) => {
    if (typeof sent !== "string") throw refused(`${place} must be text`);
    const { text } = redactor(sent, dialect, digitsOf(`${id} ${place}`));
    // What is put in place of short literals is longer: a text that the server takes must stay one.
    return sent.length <= most && text.length > most ? cut(text, most) : text;
  });
}

function checkList(name: string, list: unknown, members: object): void {
  if (!Array.isArray(list)) throw refused(`${name} must be a list`);
  for (const element of list) {
    if (typeof element !== "object" || element === null) throw refused(`${name} must be a list of objects`);
    const unknown = Object.keys(element).find((member) => !Object.hasOwn(members, member));
    if (unknown !== undefined) throw refused(`"${unknown}" is not a member of ${name}`);
  }
}

function refused(why: string): AffidavitError {
  return new AffidavitError(`This event cannot be sent: ${why}.`, { code: "invalid_event" });
}

/** The same digits for the same seed; of a byte below 250 each is equally likely. */
function digitsOf(seed: string): Digits {
  let bytes: number[] = [];
  let block = 0;
  return () => {
    while (bytes.length === 0) {
      const drawn = createHash("sha256").update(`${seed} ${block++}`).digest();
      bytes = [...drawn].filter((byte) => byte < 250);
    }
    return (bytes.pop() ?? 0) % 10;
  };
}
