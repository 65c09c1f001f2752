import { randomUUID } from "node:crypto";
import { canonicalJson } from "./canonical-json.ts";
import { AffidavitError } from "./error.ts";
import type { Event } from "./event.ts";
import { redactedQuery } from "./query-event.ts";

/** Limits of the server, bytes of JSON. */
const EVENT_BYTES_MAX = 262_144;
const CONTEXT_BYTES_MAX = 16_384;

/** An event as it will be sent, every time with these very bytes. */
export interface Prepared {
  /** Lower case, as the server will name it. */
  id: string;
  json: string;
  bytes: number;
}

type Document = Record<string, unknown>;
const bytesOf = (value: unknown) => Buffer.byteLength(canonicalJson(value));
const isObject = (value: unknown): value is Document =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Numbers what one client sends: `context.emitter = {id, seq}`, seq 0, 1, 2, …. What never arrives leaves a gap that
 * `findGaps` shows. An event with an id of its own is sent as it is: whoever gave the id may send it again from
 * elsewhere, and the server refuses one id with two bodies.
 */
export class Emitter {
  readonly id = randomUUID();
  private next = 0;

  /** All or none. @throws AffidavitError `invalid_event`, `payload_too_large`; no number is then used */
  prepare(events: readonly Event[]): Prepared[] {
    const { next } = this;
    try {
      return events.map((event) => this.prepareOne(event));
    } catch (error) {
      this.next = next;
      throw error;
    }
  }

  private prepareOne(given: Event): Prepared {
    const event: unknown = given;
    if (!isObject(event))
      throw new AffidavitError("This event cannot be sent: it is no object.", { code: "invalid_event" });
    const isOwn = event.id !== undefined && event.id !== null;
    const id = isOwn ? String(event.id).toLowerCase() : randomUUID();
    // Whatever kind it says to be: a statement goes nowhere as it is.
    const safe: Document = event.kind === "query" || "query_text" in event ? redactedQuery(event, id) : event;
    if (isOwn) return measured(safe, id);
    const document: Document = { ...safe, id, ...timeOf(safe) };
    const context = this.contextOf(document);
    if (!context) return measured(document, id);
    const prepared = measured({ ...document, context }, id);
    this.next += 1;
    return prepared;
  }

  /** Undefined where the event carries no number: its kind has no context, or there is no room. */
  private contextOf(event: Document): Document | undefined {
    const given = event.context ?? {};
    if (event.kind !== "call" || !isObject(given) || "emitter" in given) return undefined;
    const context = { ...given, emitter: { id: this.id, seq: this.next } };
    return bytesOf(context) <= CONTEXT_BYTES_MAX ? context : undefined;
  }
}

/** The time of a query is its completion; it may say that in either member, and no other in both. */
function timeOf({ kind, occurred_at, completed_at }: Document): Document {
  if (kind === "query" && completed_at !== undefined && completed_at !== null) return {};
  return { occurred_at: occurred_at ?? new Date() };
}

function measured(document: Document, id: string): Prepared {
  const json = canonicalJson(document);
  const bytes = Buffer.byteLength(json);
  if (bytes <= EVENT_BYTES_MAX) return { id, json, bytes };
  throw new AffidavitError(
    `This event has ${bytes} bytes of JSON, the server takes ${EVENT_BYTES_MAX}: store large parts elsewhere and send a reference.`,
    { code: "payload_too_large" },
  );
}
