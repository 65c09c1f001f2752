import "server-only";
import { createHmac } from "node:crypto";
import type { KindDocument } from "@/lib/log-kinds/define";
import { formatTime } from "@/lib/log-kinds/time";
import { termHashes } from "@/lib/terms/terms";
import { canonicalJson } from "./canonical-json";
import { type AcceptedEvent, salts } from "./event";

/** One event ready to be appended: the exact bytes that are hashed and stored (evidence.md). */
export interface Row {
  event: AcceptedEvent;
  core: string;
  detail: string;
  saltCore: Buffer;
  saltDetail: Buffer;
  /** c_core ‖ c_detail, 64 bytes; the database composes the 73-byte entry with them and created_at. */
  commitment: Buffer;
  terms: bigint[];
  /** What is counted of it: `[field, value]`, '' for absent and '=' before a value. */
  counts: [string, string][];
}

const CORE_DOMAIN = "affidavit/v1/core\0";
const DETAIL_DOMAIN = "affidavit/v1/detail\0";

/** `HMAC-SHA256(salt, domain ‖ bytes)`: hides the content, binds it, and is forgotten with the salt. */
export function commit(salt: Buffer, domain: "core" | "detail", bytes: string): Buffer {
  return createHmac("sha256", salt)
    .update(domain === "core" ? CORE_DOMAIN : DETAIL_DOMAIN)
    .update(bytes)
    .digest();
}

function split(event: AcceptedEvent, appId: string): { core: KindDocument; detail: KindDocument } {
  const core: KindDocument = {
    id: event.id,
    app_id: appId,
    kind: event.kind.id,
    schema_version: event.kind.schemaVersion,
    occurred_at: formatTime(event.occurredAtMicros),
  };
  const detail: KindDocument = {};
  for (const field of event.kind.fields) {
    const value = event.fields[field.name];
    if (value === undefined) continue;
    (field.core ? core : detail)[field.name] = value;
  }
  return { core, detail };
}

function countsOf(event: AcceptedEvent): [string, string][] {
  const counts: [string, string][] = [["*", ""]];
  for (const field of event.kind.fields) {
    if (!field.facet) continue;
    const value = event.fields[field.name];
    for (const one of Array.isArray(value) ? new Set(value) : [value]) {
      counts.push([field.name, one === undefined ? "" : `=${one}`]);
    }
  }
  return counts;
}

/** Makes the rows of one request for one log. */
export function makeRows(events: readonly AcceptedEvent[], logId: number, appId: string): Row[] {
  const salt = salts(events.length);
  return events.map((event, index) => {
    const { core, detail } = split(event, appId);
    const coreText = canonicalJson(core);
    const detailText = canonicalJson(detail);
    const bytes = salt[index] as Buffer;
    const saltCore = bytes.subarray(0, 16);
    const saltDetail = bytes.subarray(16);
    return {
      event,
      core: coreText,
      detail: detailText,
      saltCore,
      saltDetail,
      commitment: Buffer.concat([commit(saltCore, "core", coreText), commit(saltDetail, "detail", detailText)]),
      terms: termHashes(logId, event.kind, event),
      counts: countsOf(event),
    };
  });
}
