import "server-only";
import { addressedApp, SYSTEM_LOG } from "@/lib/access/door";
import type { Subject } from "@/lib/access/granted";
import { limitEvents } from "@/lib/access/rate-limit";
import {
  CustomEventsBody,
  CustomEventsHeaders,
  CustomEventsQuery,
  ExternalFunctionAnswer,
  ExternalFunctionBody,
  ExternalFunctionHeaders,
} from "@/lib/contracts/custom-events";
import { IngestAnswer } from "@/lib/contracts/events";
import { INTAKE } from "@/lib/contracts/intake";
import { ingestExternalRows, ingestRecords } from "@/lib/custom-events/custom-events";
import { readExternalRows } from "@/lib/custom-events/external-rows";
import { AppError } from "@/lib/errors/app-error";
import { nextTurn } from "@/lib/ingest/next-turn";
import { readBody } from "@/lib/ingest/read-body";
import { decodeUtf8, parseStrictJson } from "@/lib/ingest/strict-json";
import type { ApiContext } from "../context";
import { idempotencyKeyOf } from "../idempotency-key";
import { refuseRest } from "../params";
import { sendJson } from "../reply";
import { type Api, mediaType, route } from "../route";

const BODY_LIMITS = {
  bytesMax: INTAKE.submissionBytes,
  arrivedMax: INTAKE.submissionBytes,
  timeoutMs: INTAKE.bodySeconds * 1_000,
};

async function readSubmission(c: ApiContext): Promise<Buffer> {
  if (mediaType(c) !== "application/json") {
    c.env.incoming.resume();
    throw new AppError("unsupported_media_type", {
      detail: "Send custom events as application/json.",
      closeConnection: true,
    });
  }
  const bytes = await readBody(c.env.incoming, BODY_LIMITS);
  await nextTurn();
  return bytes;
}

function checkCount(records: number): void {
  if (records <= INTAKE.events) return;
  throw new AppError("payload_too_large", {
    detail: `A submission takes at most ${INTAKE.events.toLocaleString("en-US")} records. Split it into several requests.`,
    extra: { limit_events: INTAKE.events, received_events: records },
  });
}

/** Custom events are rows of an app: the organization's own log takes system rows only. */
function appOf(subject: Subject, id: string | undefined): string {
  const appId = addressedApp(subject, id);
  if (appId !== SYSTEM_LOG) return appId;
  throw new AppError("invalid_query", {
    detail: "app_id: must be an application, because the system log takes no custom events",
    errors: [{ pointer: "app_id", message: "must be an application" }],
  });
}

const limitedBy = ({ actor }: Subject) => (actor.type === "key" ? actor.keyId : actor.userId);

function recordsOf(body: unknown): readonly unknown[] {
  if (!Array.isArray(body)) {
    throw new AppError("invalid_request", {
      detail: "Send an array of records, also for a single one: [{…}].",
      errors: [{ pointer: "", message: "must be an array of records" }],
    });
  }
  if (body.length === 0) throw new AppError("invalid_request", "Send at least one record.");
  checkCount(body.length);
  return body;
}

function addCustomEvents(api: Api): void {
  route(
    api,
    {
      method: "post",
      path: "/v1/custom-events",
      operation: "writeCustomEvents",
      permission: "events:write",
      query: CustomEventsQuery,
      headers: CustomEventsHeaders,
      body: CustomEventsBody,
      status: 201,
      answer: IngestAnswer,
    },
    async ({ c, ctx, subject, query, rest }) => {
      refuseRest(rest);
      const appId = appOf(subject, query.app_id);
      const idempotencyKey = idempotencyKeyOf(c);
      const records = recordsOf(parseStrictJson(await readSubmission(c)));
      limitEvents(limitedBy(subject), records.length);
      const receipts = await ingestRecords(ctx, { appId, dataSourceId: query.data_source_id, records, idempotencyKey });
      return sendJson(c, { receipts }, 201);
    },
  );
}

function addExternalFunction(api: Api): void {
  route(
    api,
    {
      method: "post",
      path: "/v1/snowflake/custom-events",
      operation: "writeSnowflakeCustomEvents",
      permission: "events:write",
      query: CustomEventsQuery,
      headers: ExternalFunctionHeaders,
      body: ExternalFunctionBody,
      answer: ExternalFunctionAnswer,
    },
    async ({ c, ctx, subject, query, rest }) => {
      refuseRest(rest);
      const appId = appOf(subject, query.app_id);
      const idempotencyKey = idempotencyKeyOf(c);
      const batchId = c.env.incoming.headers["sf-external-function-query-batch-id"]?.toString();
      const text = decodeUtf8(await readSubmission(c));
      const rows = readExternalRows(text);
      const records = rows.reduce((sum, row) => sum + row.records.length, 0);
      checkCount(records);
      limitEvents(limitedBy(subject), records);
      const call = { appId, dataSourceId: query.data_source_id, rows, batchId, idempotencyKey, text };
      return sendJson(c, { data: await ingestExternalRows(ctx, call) });
    },
  );
}

/** Custom events: a plain batch, and the same by Snowflake's external-function protocol. */
export function addCustom(api: Api): void {
  addCustomEvents(api);
  addExternalFunction(api);
}
