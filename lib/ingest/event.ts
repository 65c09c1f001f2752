import "server-only";
import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { SYSTEM_LOG } from "@/lib/access/door";
import { deriveKey } from "@/lib/crypto/secrets";
import { AppError, type Fault } from "@/lib/errors/app-error";
import type { KindDef, KindDocument, NormaliseContext } from "@/lib/log-kinds/define";
import { findKind, kinds } from "@/lib/log-kinds/registry";
import { canonicalJson } from "./canonical-json";
import { atOnce, type Steps } from "./time-slices";

/** One event after validation and normalisation: everything about it but its place in a log. */
export interface AcceptedEvent {
  id: string;
  /** The producer chose the id, so that a second submission is recognised. */
  ownId: boolean;
  kind: KindDef;
  fields: KindDocument;
  occurredAtMicros: number;
  /** Keyed digest of the event as sent; empty where the id is ours. */
  bodyHmac: Buffer;
}

export interface AcceptOptions extends NormaliseContext {
  appId: string;
  /** First part of the writing key, where the producer names no other. */
  callerKeyPrefix: string | undefined;
  /** Further faults of an event as sent, beside those of every event. */
  check?: (event: Record<string, unknown>) => Fault[];
}

const KINDS_WITH_CALLER_KEY = new Set(
  kinds.filter((kind) => kind.fields.some((field) => field.name === "caller_key_prefix")),
);
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Most faults that one answer lists. */
export const FAULTS_MAX = 20;

let hmacKey: Buffer | undefined;
/** HMAC under a server key of the RFC 8785 form as sent: a plain hash of a body that is later redacted could be guessed. */
export function bodyHmac(value: unknown): Buffer {
  hmacKey ??= deriveKey("ingest body");
  return createHmac("sha256", hmacKey).update(canonicalJson(value)).digest();
}

/** JSON Pointer (RFC 6901) of a path. */
export function pointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

function envelopeFaults(event: Record<string, unknown>, appId: string): Fault[] {
  const faults: Fault[] = [];
  const { id, app_id, kind } = event;
  if (id !== undefined && id !== null && (typeof id !== "string" || !UUID.test(id)))
    faults.push({ pointer: "/id", message: "must be a UUID" });
  if (app_id !== undefined && app_id !== null && app_id !== appId) {
    faults.push({
      pointer: "/app_id",
      message:
        appId === SYSTEM_LOG
          ? "must be system, or left out: system rows are in the organization's log"
          : "one request writes one log: it must be the app that the request addresses",
    });
  }
  if (typeof kind !== "string" || !findKind(kind)) {
    faults.push({ pointer: "/kind", message: `must be one of: ${kinds.map((known) => known.id).join(", ")}` });
  }
  return faults;
}

/** One event as parsed from the body → accepted, or its faults with pointers relative to the event. */
export function acceptEvent(sent: unknown, options: AcceptOptions): AcceptedEvent | Fault[] {
  if (typeof sent !== "object" || sent === null || Array.isArray(sent))
    return [{ pointer: "", message: "must be an object" }];
  const event = sent as Record<string, unknown>;
  const { id } = event;
  const faults = [...envelopeFaults(event, options.appId), ...(options.check?.(event) ?? [])];
  const kind = findKind(String(event.kind));
  if (!kind) return faults;
  const parsed = kind.input.safeParse(event);
  if (!parsed.success)
    faults.push(...parsed.error.issues.map(({ path, message }) => ({ pointer: pointer(path), message })));
  else faults.push(...(kind.faults?.(parsed.data, options) ?? []));
  if (!parsed.success || faults.length > 0) return faults;
  const { fields, occurredAtMicros } = kind.normalise(parsed.data, options);
  if (KINDS_WITH_CALLER_KEY.has(kind)) fields.caller_key_prefix ??= options.callerKeyPrefix;
  const ownId = typeof id === "string";
  return {
    id: ownId ? id.toLowerCase() : randomUUID(),
    ownId,
    kind,
    fields,
    occurredAtMicros,
    bodyHmac: ownId ? bodyHmac(event) : Buffer.alloc(0),
  };
}

/** @throws AppError 422 `invalid_request` with the first 20 faults, where there is one */
function refuseFaults(faults: readonly Fault[]): void {
  if (faults.length === 0) return;
  const shown = faults.slice(0, FAULTS_MAX);
  throw new AppError("invalid_request", {
    detail: `Nothing was stored: mend ${shown.length === 1 ? "the fault" : "the faults"} below and send the request again.`,
    errors: shown,
  });
}

/** How one event of a request is judged: accepted, or its faults with pointers relative to it. */
type Judge = (sent: unknown, options: AcceptOptions) => AcceptedEvent | Fault[];

/**
 * All events of a request, one a step. All or nothing.
 * @throws AppError 422 `invalid_request` with a pointer to each fault (the first 20)
 */
export function* acceptEach(
  sent: readonly unknown[],
  options: AcceptOptions,
  prefix: (index: number) => string,
  judge: Judge = acceptEvent,
): Steps<AcceptedEvent[]> {
  const accepted: AcceptedEvent[] = [];
  const faults: Fault[] = [];
  for (const [index, event] of sent.entries()) {
    const result = judge(event, options);
    if (!Array.isArray(result)) accepted.push(result);
    else for (const fault of result) faults.push({ pointer: prefix(index) + fault.pointer, message: fault.message });
    if (faults.length > FAULTS_MAX) break;
    yield;
  }
  refuseFaults(faults);
  return accepted;
}

/** The same at once. @throws AppError as acceptEach */
export const acceptEvents = (...given: Parameters<typeof acceptEach>): AcceptedEvent[] => atOnce(acceptEach(...given));

const SALT_BYTES = 16;
const POOL_BYTES = 8_192;
let pool = Buffer.alloc(0);

/** A random salt of 16 bytes. Drawn from the system 8 KiB at a time; no byte is used twice. */
export function makeSalt(): Buffer {
  if (pool.length < SALT_BYTES) pool = randomBytes(POOL_BYTES);
  const salt = pool.subarray(0, SALT_BYTES);
  pool = pool.subarray(SALT_BYTES);
  return salt;
}
