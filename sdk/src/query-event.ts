import { createHash } from "node:crypto";
import { AffidavitError } from "./error.ts";
import type { QueryEvent } from "./event.ts";
import { type Dialect, type Digits, redactMessage, redactSql } from "./redact.ts";

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
};

const QUOTING = { query_text: redactSql, error_message: redactMessage } as const;

/**
 * A query without the literals, numbers and comments of its statement: nothing else of it reaches the spool or the wire. The
 * digits in place of numbers follow from the id, so that the same event recorded again has the same body.
 * @param id the event's, in lower case
 * @throws AffidavitError `invalid_event` for a member that cannot be vouched for
 */
export function redactedQuery(event: Record<string, unknown>, id: string): Record<string, unknown> {
  const unknown = Object.keys(event).find((name) => !Object.hasOwn(QUERY_MEMBERS, name));
  if (unknown !== undefined) throw refused(`"${unknown}" is not a field of a query`);
  const dialect = (event.data_source_type ?? "unknown") as Dialect;
  const redacted = { ...event };
  for (const [name, rewrite] of Object.entries(QUOTING)) {
    const text = event[name];
    if (text === undefined || text === null) continue;
    if (typeof text !== "string") throw refused(`${name} must be text`);
    redacted[name] = rewrite(text, dialect, digitsOf(`${id} ${name}`)).text;
  }
  return redacted;
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
