import "server-only";
import { INTAKE } from "@/lib/contracts/intake";
import { AppError } from "@/lib/errors/app-error";
import { appendSeconds, batchRequests, queue as load } from "@/lib/observability/metrics";
import { type AppendRequest, append, type EventResult } from "./append";
import { nextTurn } from "./next-turn";

/**
 * Micro-batching without a timer: while one batch of a log is being committed, further requests for it queue up; the
 * moment it is done the next batch takes what is there. A lone request waits for nothing, and fifty at once share one
 * commit (measured in docs/performance.md). A large batch does not wait for its turn here but at the log's lock, so that
 * the database goes on with it while this process still reads the next one: a fifth more rows a second. Small ones gather,
 * since a commit of two costs nearly as much as a commit of fifty.
 */
const REQUESTS_MAX = 500;
const BATCH_BYTES_MAX = 1_048_576;
/** Batches of one log under way at once, and from how many waiting events on the second one starts. */
const LANES = 2;
const SECOND_LANE_EVENTS = 100;

interface Waiting {
  request: AppendRequest;
  bytes: number;
  ids: string[];
  resolve: (results: EventResult[]) => void;
  reject: (error: unknown) => void;
}

interface LogQueue {
  waiting: Waiting[];
  inFlight: number;
}

const queues = new Map<number, LogQueue>();

function bytesOf(request: AppendRequest): number {
  return request.rows.reduce((sum, row) => sum + row.core.length + row.detail.length + row.terms.length * 4 + 200, 0);
}

/** The keys that may occur only once in a batch: append_events does not look for duplicates inside one. */
function keysOf(request: AppendRequest): string[] {
  const keys = request.rows.filter((row) => row.event.ownId).map((row) => row.event.id);
  if (request.idempotencyKey) keys.push(`key ${request.idempotencyKey.key}`);
  return keys;
}

/** Takes the oldest requests that fit together. One whose id is already in the batch stays first in line for the next. */
function takeBatch(queue: LogQueue): Waiting[] {
  const batch: Waiting[] = [];
  const left: Waiting[] = [];
  const taken = new Set<string>();
  let bytes = 0;
  for (const one of queue.waiting) {
    const fits = batch.length === 0 || (batch.length < REQUESTS_MAX && bytes + one.bytes <= BATCH_BYTES_MAX);
    if (!fits || one.ids.some((id) => taken.has(id))) {
      left.push(one);
      continue;
    }
    batch.push(one);
    bytes += one.bytes;
    for (const id of one.ids) taken.add(id);
  }
  queue.waiting = left;
  return batch;
}

function settle(batch: readonly Waiting[]): void {
  for (const one of batch) {
    load.events -= one.request.rows.length;
    load.bytes -= one.bytes;
  }
}

/** SQLSTATE class 22 (data exception) and 54 (limits): the fault may be one request's own. */
const isDataFault = (error: unknown) => /^(22|54)/.test((error as { code?: string }).code ?? "");

async function appendBatch(logId: number, batch: readonly Waiting[]): Promise<void> {
  batchRequests.observe(batch.length);
  const done = appendSeconds.startTimer();
  try {
    const results = await append(
      logId,
      batch.map((one) => one.request),
    );
    done();
    batch.forEach((one, index) => {
      one.resolve(results[index] ?? []);
    });
  } catch (error) {
    // One request must not fail the others that merely shared its batch.
    if (batch.length > 1 && isDataFault(error)) for (const one of batch) await appendBatch(logId, [one]);
    else for (const one of batch) one.reject(error);
  }
}

/** Whether a lane may take a batch while so many others are under way. */
function mayTake({ waiting }: LogQueue, others: number): boolean {
  if (waiting.length === 0 || others >= LANES) return false;
  return others === 0 || waiting.reduce((sum, one) => sum + one.request.rows.length, 0) >= SECOND_LANE_EVENTS;
}

async function flush(logId: number, queue: LogQueue): Promise<void> {
  if (!mayTake(queue, queue.inFlight)) return;
  queue.inFlight += 1;
  do {
    const batch = takeBatch(queue);
    await appendBatch(logId, batch);
    settle(batch);
    // What has arrived in this turn of the event loop but is not parsed yet comes along, too.
    await nextTurn();
  } while (mayTake(queue, queue.inFlight - 1));
  queue.inFlight -= 1;
  if (queue.inFlight === 0 && queue.waiting.length === 0) queues.delete(logId);
}

/**
 * Queues one request's rows for their log; settles after COMMIT.
 * @throws AppError 503 `unavailable` where the queue is full
 */
export function submit(logId: number, request: AppendRequest): Promise<EventResult[]> {
  const bytes = bytesOf(request);
  if (load.events + request.rows.length > INTAKE.queuedEvents || load.bytes + bytes > INTAKE.queuedBytes) {
    throw new AppError("unavailable", {
      detail: "The write queue is full. Nothing was stored; send the same request again with the same ids.",
      retryAfterSeconds: 1,
    });
  }
  load.events += request.rows.length;
  load.bytes += bytes;
  const queue = queues.get(logId) ?? { waiting: [], inFlight: 0 };
  queues.set(logId, queue);
  return new Promise((resolve, reject) => {
    queue.waiting.push({ request, bytes, ids: keysOf(request), resolve, reject });
    // The next turn: requests that arrived in the same turn of the event loop share the first batch.
    setImmediate(() => void flush(logId, queue));
  });
}
