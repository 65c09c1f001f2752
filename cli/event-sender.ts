import { parseMicros } from "../lib/log-kinds/time";
import { ServerFault } from "./faults";
import { type HttpAnswer, type Problem, parseObject } from "./http";
import type { Server } from "./server";

/** The API takes 1,000 events and 1 MiB a request. */
const BATCH_EVENTS_MAX = 1_000;
const BATCH_BYTES_MAX = 1_000_000;
const ATTEMPTS_MAX = 10;
const AHEAD_MICROS_MAX = 24 * 3_600_000_000;

/** One event, ready to send, and the line of the file that it came from. */
export interface Outgoing {
  json: string;
  line: number;
  /** Its own time, µs; undefined: the server's. */
  occurredMicros?: number | undefined;
}

export interface SenderOptions {
  server: Server;
  /** Another application than the key's own. */
  appId?: string | undefined;
  onRefused: (event: Outgoing, reason: string) => void;
}

interface Receipt {
  status: string;
  created_at?: string;
}

/**
 * Sends events in batches, in order, one batch at a time. A batch is repeated with the same ids where the server asks
 * for that, so what it had stored after all comes back as a duplicate. Where the server refuses events of a batch,
 * those are reported and the rest is sent again: one bad event refuses a whole request.
 */
export class EventSender {
  /** Events that the server answered for. */
  readonly totals = { created: 0, duplicate: 0, refused: 0 };
  /** Times of what was taken, µs. */
  span: { from: number; to: number } | undefined;
  private batch: Outgoing[] = [];
  private bytes = 0;

  private readonly options: SenderOptions;

  constructor(options: SenderOptions) {
    this.options = options;
  }

  get taken(): number {
    return this.totals.created + this.totals.duplicate;
  }

  async add(event: Outgoing): Promise<void> {
    const bytes = Buffer.byteLength(event.json) + 1;
    if (this.batch.length >= BATCH_EVENTS_MAX || this.bytes + bytes > BATCH_BYTES_MAX) await this.flush();
    this.batch.push(event);
    this.bytes += bytes;
  }

  /** @throws ServerFault */
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
    const { server, appId } = this.options;
    const url = server.urlOf("/v1/events", appId === undefined ? [] : [["app_id", appId]]);
    const body = `{"events":[${events.map((event) => event.json).join(",")}]}`;
    const answer = await server.exchange({ method: "POST", body }, url, ATTEMPTS_MAX);
    if (answer.status === 201) {
      this.count(answer, events);
      return [];
    }
    const problem = parseObject<Problem>(answer.body) ?? {};
    // A proxy has its own 400, 413 and 422: only a problem of the server's says that it will never take these events.
    const isRefusal = [400, 409, 413, 422].includes(answer.status) && typeof problem.code === "string";
    if (!isRefusal) throw server.refused(answer);
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

  private count(answer: HttpAnswer, events: readonly Outgoing[]): void {
    const { receipts } = parseObject<{ receipts?: Receipt[] }>(answer.body) ?? {};
    if (receipts?.length !== events.length) {
      throw new ServerFault(
        `${this.options.server.address} answered 201 without a receipt for each event: is it Affidavit?`,
        201,
      );
    }
    for (const [index, { status, created_at }] of receipts.entries()) {
      this.totals[status === "created" ? "created" : "duplicate"] += 1;
      const created = parseMicros(created_at ?? "");
      const own = events[index]?.occurredMicros;
      // As the server does: a time far in the future is a wrong clock's, and the time of submission counts.
      const isOdd = own !== undefined && created !== undefined && own > created + AHEAD_MICROS_MAX;
      this.include(isOdd ? created : (own ?? created));
    }
  }

  private include(micros: number | undefined): void {
    if (micros === undefined) return;
    const { from, to } = this.span ?? { from: micros, to: micros };
    this.span = { from: Math.min(from, micros), to: Math.max(to, micros) };
  }
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
