import "server-only";
import { createHash } from "node:crypto";
import type { Granted } from "@/lib/access/granted";
import type { Fault } from "@/lib/errors/app-error";
import { type AcceptedEvent, acceptEach, FAULTS_MAX } from "@/lib/ingest/event";
import { acceptOptions, type Receipt, storeEvents } from "@/lib/ingest/ingest";
import { inTurns, type Steps } from "@/lib/ingest/time-slices";
import type { ExternalRow } from "./external-rows";
import { acceptElement, acceptRecordText, type RecordOptions } from "./record";

interface Target {
  appId: string;
  /** Stored with every row of the request. */
  dataSourceId: string | undefined;
}

export interface CustomSubmission extends Target {
  /** Parsed: objects, or JSON strings of objects. */
  records: readonly unknown[];
  idempotencyKey: string | undefined;
}

/**
 * One submission of custom events: all or nothing. Returns after COMMIT, a receipt per record in order.
 * @throws AppError 422 with pointers, 409 `idempotency_conflict`, 404, 503
 */
export async function ingestRecords(ctx: Granted<"events:write">, submission: CustomSubmission): Promise<Receipt[]> {
  const { appId, dataSourceId, records, idempotencyKey } = submission;
  const pointerOf = (index: number) => `/${index}`;
  const options = { ...acceptOptions(ctx, appId), dataSourceId };
  const accepted = await inTurns(acceptEach(records, options, pointerOf, (sent) => acceptElement(sent, options)));
  return storeEvents(ctx, accepted, {
    appId,
    pointerOf,
    body: records,
    ...(idempotencyKey !== undefined && { idempotencyKey }),
  });
}

/** What one row of an external function is answered. */
export interface RowResult {
  accepted: number;
  rejected: number;
  /** The first 20 faults; `index` is the record's place in the row's argument. */
  errors: (Fault & { index: number })[];
}

export interface ExternalCall extends Target {
  rows: readonly ExternalRow[];
  /** Of the request's batch: the same again is not stored twice. */
  batchId: string | undefined;
  idempotencyKey: string | undefined;
  /** The whole body, decompressed. */
  text: string;
}

/** The batch id is opaque and of any form, so a digest of it stands for it among the Idempotency-Keys. */
const keyOfBatch = (batchId: string) => `snowflake-batch-${createHash("sha256").update(batchId).digest("hex")}`;

interface Judged {
  answers: [number, RowResult][];
  accepted: AcceptedEvent[];
}

/** Judges the records one a step. */
function* judgeRows(rows: readonly ExternalRow[], options: RecordOptions): Steps<Judged> {
  const answers: [number, RowResult][] = [];
  const accepted: AcceptedEvent[] = [];
  for (const { number, records } of rows) {
    const result: RowResult = { accepted: 0, rejected: 0, errors: [] };
    for (const [index, record] of records.entries()) {
      const judged = acceptRecordText(record, options);
      if (Array.isArray(judged)) {
        result.rejected += 1;
        const room = FAULTS_MAX - result.errors.length;
        result.errors.push(...judged.slice(0, room).map((fault) => ({ index, ...fault })));
      } else {
        result.accepted += 1;
        accepted.push(judged);
      }
      yield;
    }
    answers.push([number, result]);
  }
  return { answers, accepted };
}

/**
 * One call of an external function: each record stands for itself, a bad one stops no other. Returns after COMMIT of all
 * that were accepted. Which records are accepted depends on the body alone, so that a batch that Snowflake sends again is
 * answered as before, also where it was stored the first time.
 * @throws AppError 409 `idempotency_conflict`, 404, 503
 */
export async function ingestExternalRows(
  ctx: Granted<"events:write">,
  call: ExternalCall,
): Promise<[number, RowResult][]> {
  const { appId, dataSourceId, rows, batchId, idempotencyKey, text } = call;
  const options = { ...acceptOptions(ctx, appId), dataSourceId };
  const { answers, accepted } = await inTurns(judgeRows(rows, options));
  if (accepted.length > 0) {
    const key = batchId === undefined ? idempotencyKey : keyOfBatch(batchId);
    await storeEvents(ctx, accepted, {
      appId,
      pointerOf: (index) => `/${index}`,
      body: text,
      ...(key !== undefined && { idempotencyKey: key }),
    });
  }
  return answers;
}
