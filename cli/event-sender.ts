import { setTimeout as delay } from "node:timers/promises";
import { type HttpAnswer, postJson } from "./http-post";

/** Below the API's limits of 1,000 events and 1 MiB a request. */
const BATCH_EVENTS_MAX = 500;
const BATCH_BYTES_MAX = 1_000_000;
const ATTEMPTS_MAX = 10;
const RETRY_MS_MAX = 30_000;
const RETRY_AFTER_SECONDS_MAX = 120;
/** Statuses after which the very same request may succeed. */
const RETRYABLE = new Set([408, 429, 502, 503, 504]);

/** One event, ready to send, and the line of the file that it came from. */
export interface Outgoing {
  json: string;
  line: number;
}

/** Nothing more can be sent; the message says what to do. */
export class SendFault extends Error {}

export interface SenderOptions {
  /** Of the whole endpoint, with its query. */
  url: URL;
  apiKey: string;
  onRefused: (event: Outgoing, reason: string) => void;
  /** Told before each pause, ms. */
  onRetry?: (why: string, pauseMs: number) => void;
  wait?: (ms: number) => Promise<unknown>;
}

interface Problem {
  code?: string;
  detail?: string;
  errors?: { pointer: string; message: string }[];
}

/**
 * Sends events in batches, in order, one batch at a time. A batch is repeated with the same ids where the server asks
 * for that, so what it had stored after all comes back as a duplicate. Where the server refuses events of a batch,
 * those are reported and the rest is sent again: one bad event refuses a whole request.
 */
export class EventSender {
  readonly totals = { created: 0, duplicate: 0, refused: 0 };
  private batch: Outgoing[] = [];
  private bytes = 0;

  private readonly options: SenderOptions;

  constructor(options: SenderOptions) {
    this.options = options;
  }

  async add(event: Outgoing): Promise<void> {
    const bytes = Buffer.byteLength(event.json) + 1;
    if (this.batch.length >= BATCH_EVENTS_MAX || this.bytes + bytes > BATCH_BYTES_MAX) await this.flush();
    this.batch.push(event);
    this.bytes += bytes;
  }

  /** @throws SendFault */
  async flush(): Promise<void> {
    const queue = [this.batch];
    this.batch = [];
    this.bytes = 0;
    for (let events = queue.shift(); events; events = queue.shift()) {
      if (events.length > 0) queue.unshift(...(await this.send(events)));
    }
  }

  /** @returns what is still to be sent of these events */
  private async send(events: Outgoing[]): Promise<Outgoing[][]> {
    const answer = await this.post(`{"events":[${events.map((event) => event.json).join(",")}]}`);
    if (answer.status === 201) {
      this.count(answer);
      return [];
    }
    const problem = parseProblem(answer.body);
    if (![400, 409, 413, 422].includes(answer.status)) throw fatal(answer, problem, this.options.url);
    const reasons = reasonsByEvent(problem, events.length);
    if (reasons.size === 0) return this.halve(events, problem);
    return [
      events.filter((event, index) => {
        const reason = reasons.get(index);
        if (reason !== undefined) this.refuse(event, reason);
        return reason === undefined;
      }),
    ];
  }

  private refuse(event: Outgoing, reason: string): void {
    this.totals.refused += 1;
    this.options.onRefused(event, reason);
  }

  /** The answer does not say which event is at fault: halves until it is one. */
  private halve(events: Outgoing[], problem: Problem): Outgoing[][] {
    const [only] = events;
    if (events.length === 1 && only) {
      this.refuse(only, problem.detail ?? "refused without a reason");
      return [];
    }
    const middle = Math.ceil(events.length / 2);
    return [events.slice(0, middle), events.slice(middle)];
  }

  private count(answer: HttpAnswer): void {
    const { receipts } = parseBody<{ receipts?: { status: string }[] }>(answer.body) ?? {};
    if (!receipts) throw new SendFault(`${this.options.url.origin} answered 201 without receipts: is it Affidavit?`);
    for (const { status } of receipts) this.totals[status === "created" ? "created" : "duplicate"] += 1;
  }

  private async post(body: string): Promise<HttpAnswer> {
    const { url, apiKey, onRetry, wait = delay } = this.options;
    for (let attempt = 1; ; attempt += 1) {
      let why: string;
      let pauseMs = Math.min(RETRY_MS_MAX, 500 * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2);
      try {
        const answer = await postJson(url, body, { authorization: `Bearer ${apiKey}` });
        if (!RETRYABLE.has(answer.status)) return answer;
        why = parseProblem(answer.body).detail ?? `status ${answer.status}`;
        const asked = Number(answer.headers["retry-after"]);
        if (asked > 0) pauseMs = Math.min(asked, RETRY_AFTER_SECONDS_MAX) * 1000;
      } catch (error) {
        why = (error as Error).message || String((error as NodeJS.ErrnoException).code);
      }
      if (attempt === ATTEMPTS_MAX) {
        throw new SendFault(`${url.origin} did not take the events in ${ATTEMPTS_MAX} attempts: ${why}`);
      }
      onRetry?.(why, pauseMs);
      await wait(pauseMs);
    }
  }
}

function parseBody<T>(body: string): T | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? (value as T) : undefined;
  } catch {
    return undefined;
  }
}

const parseProblem = (body: string): Problem => parseBody<Problem>(body) ?? {};

function fatal(answer: HttpAnswer, problem: Problem, url: URL): SendFault {
  if (answer.status >= 300 && answer.status < 400) {
    return new SendFault(`${url.origin} redirects to ${answer.headers.location}: give that address with --url.`);
  }
  return new SendFault(`${url.origin} answered ${answer.status}: ${problem.detail ?? answer.body.slice(0, 200)}`);
}

/** Faults by the index of their event in `{"events": […]}`. */
function reasonsByEvent(problem: Problem, count: number): Map<number, string> {
  const reasons = new Map<number, string>();
  for (const { pointer, message } of problem.errors ?? []) {
    const match = /^(?:\/events)?\/(\d+)(\/.*)?$/.exec(pointer);
    const index = Number(match?.[1] ?? Number.NaN);
    if (!(index < count)) continue;
    const reason = `${match?.[2] ?? ""} ${message}`.trim();
    const earlier = reasons.get(index);
    reasons.set(index, earlier ? `${earlier}; ${reason}` : reason);
  }
  return reasons;
}
