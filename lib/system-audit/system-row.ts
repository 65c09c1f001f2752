import "server-only";
import { randomUUID } from "node:crypto";
import { SYSTEM_LOG } from "@/lib/access/door";
import type { AcceptedEvent } from "@/lib/ingest/event";
import { makeRows, type Row } from "@/lib/ingest/row";
import type { KindDocument } from "@/lib/log-kinds/define";
import { system } from "@/lib/log-kinds/system/system";
import type { Act, Author } from "./act";
import { EVENTS } from "./events";

/** Whose acts these are, in the field that outside systems name themselves in. */
export const OWN_SYSTEM = "affidavit";
const USER_AGENT_CHARS_MAX = 512;

function fieldsOf(author: Author, act: Act): KindDocument {
  const { category, action } = EVENTS[act.event];
  const all = {
    category,
    action,
    event: act.event,
    actor_user_id: author.userId,
    actor_email: author.email,
    actor_key_prefix: author.keyPrefix,
    actor_source: author.source,
    source_system: OWN_SYSTEM,
    target_type: act.target?.type,
    target_id: act.target?.id,
    target_name: act.target?.name,
    changes: act.changes?.length ? act.changes : undefined,
    details: act.details,
    outcome: act.outcome ?? "success",
    client_ip: author.clientIp || undefined,
    user_agent: author.userAgent?.slice(0, USER_AGENT_CHARS_MAX) || undefined,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== null));
}

/** One act as the row that the organization's system log will hold, happened now. */
export function systemRow(logId: number, author: Author, act: Act): Row {
  const event: AcceptedEvent = {
    id: randomUUID(),
    ownId: false,
    kind: system,
    fields: fieldsOf(author, act),
    occurredAtMicros: Date.now() * 1000,
    bodyHmac: Buffer.alloc(0),
  };
  return makeRows([event], logId, SYSTEM_LOG)[0] as Row;
}
