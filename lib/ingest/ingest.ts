import "server-only";
import { SYSTEM_LOG } from "@/lib/access/door";
import type { Granted, Subject } from "@/lib/access/granted";
import { env } from "@/lib/config/env";
import { sourceTypesFor } from "@/lib/data-sources/source-types";
import { AppError } from "@/lib/errors/app-error";
import { formatMicros } from "@/lib/log-kinds/time";
import { countAcknowledged } from "@/lib/observability/metrics";
import { type Log, logOfApp, systemLogOf } from "@/lib/query/log";
import { authorOf } from "@/lib/system-audit/act";
import type { EventResult } from "./append";
import { submit } from "./batcher";
import { type AcceptedEvent, type AcceptOptions, acceptEach, bodyHmac } from "./event";
import { makeEachRow } from "./row";
import { lowerNames, notForOutside, systemElsewhere } from "./system-events";
import { inTurns } from "./time-slices";

export interface Receipt {
  id: string;
  seq: number;
  /** RFC 3339 UTC, six decimals. */
  created_at: string;
  status: "created" | "duplicate";
}

/** Whose log, and what a repeated request is recognised by. */
export interface Storing {
  appId: string;
  /** JSON Pointer of the event at an index, for error messages. */
  pointerOf: (index: number) => string;
  idempotencyKey?: string;
  /** The whole body as parsed, which an Idempotency-Key stands for. */
  body: unknown;
}

export interface Submission extends Storing {
  /** Parsed events, in order. */
  events: readonly unknown[];
}

let stripSet: ReadonlySet<string> | undefined;
const stripHeaders = () => {
  stripSet ??= new Set((env().AFFIDAVIT_STRIP_HEADERS ?? []).map((name) => name.toLowerCase()));
  return stripSet;
};

/** Twice the same id in one request: the second is a duplicate if its body is equal, else the request is refused. */
function dropRepeats(
  events: readonly AcceptedEvent[],
  pointerOf: Submission["pointerOf"],
): { unique: AcceptedEvent[]; placeOf: number[] } {
  const unique: AcceptedEvent[] = [];
  const first = new Map<string, number>();
  const placeOf = events.map((event, index) => {
    const earlier = event.ownId ? first.get(event.id) : undefined;
    if (earlier === undefined) {
      first.set(event.id, unique.length);
      return unique.push(event) - 1;
    }
    if (!unique[earlier]?.bodyHmac.equals(event.bodyHmac))
      throw idConflict([{ pointer: `${pointerOf(index)}/id`, id: event.id }]);
    return earlier;
  });
  return { unique, placeOf };
}

/** Each fault names its own id: a client that sent events of several callers together tells each of theirs. */
function idConflict(conflicts: { pointer: string; id: string }[]): AppError {
  return new AppError("idempotency_conflict", {
    detail:
      "An id stands for the body that it was first used with, for 30 days. Nothing of this request was stored; send a new id for a new event.",
    errors: conflicts.map(({ pointer, id }) => ({ pointer, message: `the id ${id} was used for another body` })),
  });
}

function refuseConflicts(
  events: readonly AcceptedEvent[],
  results: readonly EventResult[],
  pointerOf: Submission["pointerOf"],
): void {
  if (results.some((result) => result.status === "key_conflict")) {
    throw new AppError(
      "idempotency_conflict",
      "This Idempotency-Key was used in the last 24 hours for another body. Nothing was stored; use a new key for a new request.",
    );
  }
  const conflicts = results.flatMap((result, index) =>
    result.status === "conflict" ? [{ pointer: `${pointerOf(index)}/id`, id: events[index]?.id ?? "" }] : [],
  );
  if (conflicts.length > 0) throw idConflict(conflicts);
}

function toReceipt(id: string, result: EventResult): Receipt {
  return {
    id: result.id ?? id,
    seq: result.seq,
    created_at: formatMicros(result.createdAtMicros),
    status: result.status === "created" ? "created" : "duplicate",
  };
}

/** Where a request's events are to go. */
interface Place {
  log: Log;
  /** As the rows name it: an app's id, or `system`. */
  appId: string;
}

/** Commits one request's accepted events. All or nothing. @returns a receipt per event in the order sent */
async function store(
  accepted: readonly AcceptedEvent[],
  { log, appId }: Place,
  { pointerOf, idempotencyKey, body }: Omit<Storing, "appId">,
): Promise<Receipt[]> {
  const { unique, placeOf } = dropRepeats(accepted, pointerOf);
  const results = await submit(log.id, {
    rows: await inTurns(makeEachRow(unique, log.id, appId)),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey: { key: idempotencyKey, hmac: bodyHmac(body) } }),
  });
  refuseConflicts(unique, results, (index) => pointerOf(placeOf.indexOf(index)));
  countAcknowledged(results);
  const seen = new Set<number>();
  return accepted.map((event, index) => {
    const place = placeOf[index] ?? 0;
    const result = results[place] as EventResult;
    const repeated = seen.has(place);
    seen.add(place);
    return toReceipt(event.id, repeated ? { ...result, status: "duplicate" } : result);
  });
}

const keyPrefixOf = ({ actor }: Subject) => (actor.type === "key" ? actor.keyPrefix : undefined);

/** By what one request's events for an app are judged: one instant of submission for all of them. */
export const acceptOptions = (ctx: Granted<"events:write">, appId: string): AcceptOptions => ({
  appId,
  submittedAtMicros: Date.now() * 1000,
  stripHeaders: stripHeaders(),
  callerKeyPrefix: keyPrefixOf(ctx),
  check: systemElsewhere,
});

/**
 * Commits accepted events to the log of one app. Returns after COMMIT, a receipt per event in the order given. All or nothing.
 * @throws AppError 409 `idempotency_conflict`, 404, 503 `unavailable`
 */
export async function storeEvents(
  ctx: Granted<"events:write">,
  accepted: readonly AcceptedEvent[],
  storing: Storing,
): Promise<Receipt[]> {
  const { appId } = storing;
  return store(accepted, { log: await logOfApp(ctx, appId), appId }, storing);
}

/**
 * Accepts one request's events into the log of one app: validate, normalise, commit. Returns after COMMIT, a receipt per
 * event in the order sent. All or nothing.
 * @throws AppError 422 with pointers, 409 `idempotency_conflict`, 503 `unavailable`
 */
export async function ingestEvents(ctx: Granted<"events:write">, submission: Submission): Promise<Receipt[]> {
  const { appId, events, pointerOf } = submission;
  const options = { ...acceptOptions(ctx, appId), dataSourceType: await sourceTypesFor(appId, events) };
  return storeEvents(ctx, await inTurns(acceptEach(events, options, pointerOf)), submission);
}

/**
 * The same for administrative acts of outside systems, which go to the organization's own log. With which key, and through
 * what, is said by us: only keys write them, so that every row names its writer.
 * @throws AppError 403 for a person; else as ingestEvents
 */
export async function ingestSystemEvents(
  ctx: Granted<"system:write">,
  submission: Omit<Submission, "appId">,
): Promise<Receipt[]> {
  const prefix = keyPrefixOf(ctx);
  if (prefix === undefined)
    throw new AppError("forbidden", "System rows of outside systems are written with an API key.");
  const accepting = acceptEach(
    submission.events,
    {
      appId: SYSTEM_LOG,
      submittedAtMicros: Date.now() * 1000,
      stripHeaders: stripHeaders(),
      callerKeyPrefix: undefined,
      check: notForOutside,
    },
    submission.pointerOf,
  );
  const accepted = await inTurns(accepting);
  for (const { fields } of accepted) {
    lowerNames(fields);
    fields.actor_source = authorOf(ctx).source;
    fields.actor_key_prefix = prefix;
  }
  return store(accepted, { log: await systemLogOf(ctx.orgId), appId: SYSTEM_LOG }, submission);
}
