import { MESSAGE_MAX, REASON_MAX } from "./query-limits.ts";
import { redactMessage, redactSql } from "./redact.ts";

// Which parts of a row about a query are redacted, and how: the same for the server and for its client.

/** How a text is redacted, and the most characters that it may have, in UTF-16 units. */
export interface Quoting {
  readonly redactor: typeof redactSql;
  readonly most: number;
}

const STATEMENT: Quoting = { redactor: redactSql, most: Number.POSITIVE_INFINITY };
const MESSAGE: Quoting = { redactor: redactMessage, most: MESSAGE_MAX };
const REASON: Quoting = { redactor: redactMessage, most: REASON_MAX };

/** Fields that quote SQL and values. */
const TEXTS: Readonly<Record<string, Quoting>> = { query_text: STATEMENT, error_message: MESSAGE };

/** Members of a list's elements that do: a policy's reason may be the expression of a row filter, with its values. */
const MEMBERS = { tags_accessed: "rationale", policies_applied: "reason" } as const;

/**
 * The query with each text that can quote SQL or values rewritten. A copy: the one that was given stays.
 * @param rewrite gets what was sent, which may be no text, how such a text is to be read, and its place, `policies_applied/0/reason`
 */
export function rewriteQuoting(
  query: Readonly<Record<string, unknown>>,
  rewrite: (sent: unknown, quoting: Quoting, place: string) => string,
): Record<string, unknown> {
  const rewritten = { ...query };
  for (const [name, quoting] of Object.entries(TEXTS)) {
    const sent = query[name];
    if (sent !== undefined && sent !== null) rewritten[name] = rewrite(sent, quoting, name);
  }
  for (const [name, member] of Object.entries(MEMBERS)) {
    const list = query[name];
    if (!Array.isArray(list)) continue;
    rewritten[name] = list.map((element: Record<string, unknown>, index) => {
      const sent = element[member];
      if (sent === undefined || sent === null) return { ...element };
      return { ...element, [member]: rewrite(sent, REASON, `${name}/${index}/${member}`) };
    });
  }
  return rewritten;
}
