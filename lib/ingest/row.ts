import "server-only";
import { createHmac } from "node:crypto";
import { encodeCountValue } from "@/lib/log-kinds/count-value";
import type { FieldDef, KindDef, KindDocument } from "@/lib/log-kinds/define";
import { formatTime } from "@/lib/log-kinds/time";
import { termsOf } from "@/lib/terms/terms";
import { canonicalJson } from "./canonical-json";
import { type AcceptedEvent, makeSalt } from "./event";
import { atOnce, type Steps } from "./time-slices";

/** One event ready to be appended: the exact bytes that are hashed and stored (evidence.md). */
export interface Row {
  event: AcceptedEvent;
  core: string;
  detail: string;
  saltCore: Buffer;
  saltDetail: Buffer;
  /** c_core ‖ c_detail, 64 bytes; the database composes the 73-byte entry with them and created_at. */
  commitment: Buffer;
  /** High and low 32 bits in turn. */
  terms: Int32Array;
  /** What is counted of it: `[field, value]`, in the roll-up's form. */
  counts: [string, string][];
}

const CORE_DOMAIN = "affidavit/v1/core\0";
const DETAIL_DOMAIN = "affidavit/v1/detail\0";

/** `HMAC-SHA256(salt, domain ‖ bytes)`: hides the content, binds it, and is forgotten with the salt. */
export function commit(salt: Buffer, domain: "core" | "detail", bytes: string): Buffer {
  return createHmac("sha256", salt)
    .update((domain === "core" ? CORE_DOMAIN : DETAIL_DOMAIN) + bytes)
    .digest();
}

/** A kind's members in RFC 8785 order (their names are ASCII), sorted once and not once a row. */
interface Plan {
  core: string[];
  detail: string[];
  counted: string[];
}
const plans = new WeakMap<KindDef, Plan>();
const ENVELOPE = ["id", "app_id", "kind", "schema_version", "occurred_at"];

function planOf(kind: KindDef): Plan {
  let plan = plans.get(kind);
  if (!plan) {
    const names = (want: (field: FieldDef) => boolean | undefined) =>
      kind.fields.filter(want).map((field) => field.name);
    plan = {
      core: [...ENVELOPE, ...names((field) => field.core)].sort(),
      detail: names((field) => !field.core).sort(),
      counted: names((field) => field.facet),
    };
    plans.set(kind, plan);
  }
  return plan;
}

function members(names: readonly string[], fields: KindDocument, envelope?: KindDocument): string {
  let text = "";
  for (const name of names) {
    const value = envelope?.[name] ?? fields[name];
    if (value !== undefined) text += `${text === "" ? "" : ","}"${name}":${canonicalJson(value)}`;
  }
  return `{${text}}`;
}

function countsOf(event: AcceptedEvent, fields: readonly string[]): [string, string][] {
  const counts: [string, string][] = [["*", ""]];
  for (const name of fields) {
    const value = event.fields[name];
    if (Array.isArray(value)) for (const one of new Set(value)) counts.push([name, encodeCountValue(one)]);
    else counts.push([name, encodeCountValue(value)]);
  }
  return counts;
}

function makeRow(event: AcceptedEvent, logId: number, appId: string): Row {
  const { core, detail, counted } = planOf(event.kind);
  const envelope: KindDocument = {
    id: event.id,
    app_id: appId,
    kind: event.kind.id,
    schema_version: event.kind.schemaVersion,
    occurred_at: formatTime(event.occurredAtMicros),
  };
  const coreText = members(core, event.fields, envelope);
  const detailText = members(detail, event.fields);
  const saltCore = makeSalt();
  const saltDetail = makeSalt();
  return {
    event,
    core: coreText,
    detail: detailText,
    saltCore,
    saltDetail,
    commitment: Buffer.concat([commit(saltCore, "core", coreText), commit(saltDetail, "detail", detailText)]),
    terms: termsOf(logId, event.kind, event),
    counts: countsOf(event, counted),
  };
}

/** Makes the rows of one request for one log, one a step. */
export function* makeEachRow(events: readonly AcceptedEvent[], logId: number, appId: string): Steps<Row[]> {
  const rows: Row[] = [];
  for (const event of events) {
    rows.push(makeRow(event, logId, appId));
    yield;
  }
  return rows;
}

/** The same at once. */
export const makeRows = (...given: Parameters<typeof makeEachRow>): Row[] => atOnce(makeEachRow(...given));
