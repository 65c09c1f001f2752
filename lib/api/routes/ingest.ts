import "server-only";
import { addressedApp, grant, SYSTEM_LOG } from "@/lib/access/door";
import type { Subject } from "@/lib/access/granted";
import { limitEvents } from "@/lib/access/rate-limit";
import { IngestAnswer, IngestHeaders, IngestQuery } from "@/lib/contracts/events";
import { INTAKE } from "@/lib/contracts/intake";
import { AppError } from "@/lib/errors/app-error";
import { ingestEvents, ingestSystemEvents, type Submission } from "@/lib/ingest/ingest";
import { nextTurn } from "@/lib/ingest/next-turn";
import { readBody } from "@/lib/ingest/read-body";
import { parseStrictJson, parseStrictNdjson } from "@/lib/ingest/strict-json";
import { holdsSystemEvents } from "@/lib/ingest/system-events";
import type { ApiContext } from "../context";
import { idempotencyKeyOf } from "../idempotency-key";
import { ingestBody } from "../kind-schemas";
import { refuseRest } from "../params";
import { sendJson } from "../reply";
import { type Api, mediaType, route } from "../route";

const BODY_LIMITS = { bytesMax: INTAKE.bodyBytes, timeoutMs: INTAKE.bodySeconds * 1_000 };

interface Batch {
  events: readonly unknown[];
  /** The whole body, which an Idempotency-Key stands for. */
  body: unknown;
  pointerOf: (index: number) => string;
  /** Length of the whole body, decompressed. */
  bytes: number;
}

function unwrap(body: unknown): Omit<Batch, "bytes"> {
  if (Array.isArray(body)) return { events: body, body, pointerOf: (index) => `/${index}` };
  if (typeof body === "object" && body !== null && "events" in body) {
    const { events, ...rest } = body as { events: unknown };
    const unknown = Object.keys(rest);
    if (!Array.isArray(events) || unknown.length > 0) {
      throw new AppError("invalid_request", {
        detail: 'A batch is {"events": […]} with nothing beside it.',
        errors: Array.isArray(events)
          ? unknown.map((name) => ({ pointer: `/${name}`, message: "is not a member of a batch" }))
          : [{ pointer: "/events", message: "must be an array" }],
      });
    }
    return { events, body, pointerOf: (index) => `/events/${index}` };
  }
  return { events: [body], body, pointerOf: () => "" };
}

async function readBatch(c: ApiContext): Promise<Batch> {
  const type = mediaType(c);
  const lines = type === "application/x-ndjson";
  if (!lines && type !== "application/json") {
    c.env.incoming.resume();
    throw new AppError("unsupported_media_type", {
      detail: "Send events as application/json or application/x-ndjson.",
      closeConnection: true,
    });
  }
  const bytes = await readBody(c.env.incoming, BODY_LIMITS);
  await nextTurn();
  if (!lines) return { ...unwrap(parseStrictJson(bytes)), bytes: bytes.length };
  const events = parseStrictNdjson(bytes);
  return { events, body: events, pointerOf: (index) => `/${index}`, bytes: bytes.length };
}

function checkSizes({ events, pointerOf, bytes: bodyBytes }: Batch): void {
  if (events.length === 0) throw new AppError("invalid_request", "Send at least one event.");
  if (events.length > INTAKE.events) {
    throw new AppError("payload_too_large", {
      detail: `A request takes at most ${INTAKE.events} events. Split it into several requests.`,
      extra: { limit_events: INTAKE.events, received_events: events.length },
    });
  }
  // No event is longer than the body around it, so most requests need no second look.
  if (bodyBytes <= INTAKE.eventBytes) return;
  for (const [index, event] of events.entries()) {
    // Without a batch around it the event is the body, and is measured as it was sent.
    const bytes = pointerOf(index) === "" ? bodyBytes : Buffer.byteLength(JSON.stringify(event) ?? "");
    if (bytes > INTAKE.eventBytes) {
      throw new AppError("payload_too_large", {
        detail: `An event has at most ${INTAKE.eventBytes.toLocaleString("en-US")} bytes of JSON. Store large parts elsewhere and send a reference.`,
        extra: { limit_bytes: INTAKE.eventBytes, received_bytes: bytes },
        errors: [{ pointer: pointerOf(index), message: `has ${bytes} bytes` }],
      });
    }
  }
}

/** The log that a request names, which may be the organization's. @throws AppError 404 before the body is read */
function namedApp(subject: Subject, appId: string | undefined): string | undefined {
  return appId === undefined || appId === SYSTEM_LOG ? appId : addressedApp(subject, appId);
}

/** The events of a request into the one log that they are for. @throws AppError 403, 404, 409, 422, 503 */
async function write(subject: Subject, named: string | undefined, submission: Omit<Submission, "appId">) {
  if (holdsSystemEvents(submission.events)) {
    const ctx = grant(subject, "system:write");
    if (named !== undefined && named !== SYSTEM_LOG) {
      throw new AppError(
        "invalid_query",
        "app_id: leave it out, or say system: these events go to the organization's log.",
      );
    }
    return ingestSystemEvents(ctx, submission);
  }
  const ctx = grant(subject, "events:write");
  if (named === SYSTEM_LOG) {
    throw new AppError("invalid_query", "app_id: system takes events of kind system, which need no app_id.");
  }
  return ingestEvents(ctx, { ...submission, appId: addressedApp(subject, named) });
}

export function addIngest(api: Api): void {
  route(
    api,
    {
      method: "post",
      path: "/v1/events",
      operation: "writeEvents",
      // Which of them it takes depends on what is sent.
      permission: ["events:write", "system:write"],
      query: IngestQuery,
      headers: IngestHeaders,
      body: ingestBody,
      accepts: ["application/json", "application/x-ndjson"],
      status: 201,
      answer: IngestAnswer,
    },
    async ({ c, subject, query, rest }) => {
      refuseRest(rest);
      const named = namedApp(subject, query.app_id);
      const idempotencyKey = idempotencyKeyOf(c);
      const batch = await readBatch(c);
      checkSizes(batch);
      limitEvents(subject.actor.type === "key" ? subject.actor.keyId : subject.actor.userId, batch.events.length);
      const receipts = await write(subject, named, {
        ...batch,
        ...(idempotencyKey !== undefined && { idempotencyKey }),
      });
      return sendJson(c, { receipts }, 201);
    },
  );
}
