import { parseMicros } from "../lib/log-kinds/time";
import { deliver, type Parcel, REQUEST_BYTES_MAX, REQUEST_EVENTS_MAX } from "../sdk/src/delivery";
import { AffidavitError, type Problem } from "../sdk/src/error";
import type { Receipt } from "../sdk/src/event";
import { isProblem } from "../sdk/src/http";
import { ServerFault } from "./faults";
import { parseObject } from "./http";
import type { Server } from "./server";

const ATTEMPTS_MAX = 10;
const AHEAD_MICROS_MAX = 24 * 3_600_000_000;

/** One event, ready to send, and the line of the file that it came from. */
export interface Outgoing {
  json: string;
  line: number;
  kind?: string | undefined;
  /** Its own time, µs; undefined: the server's. */
  occurredMicros?: number | undefined;
}

export interface SenderOptions {
  server: Server;
  /** Another application than the key's own. */
  appId?: string | undefined;
  onRefused: (event: Outgoing, reason: string) => void;
  /** Ids say where an event was read, so that one that is used already means that it is recorded, whatever its body was. */
  idsArePlaces?: boolean | undefined;
  /** How often a request is made while the server is busy or away. Default: 10 times. */
  attemptsMax?: number | undefined;
}

/**
 * Sends events in batches, in order, one batch at a time, as the SDK delivers them, but by the command line's own requests,
 * which tell whoever waits why they wait. A batch is repeated with the same ids, so what the server had stored after all
 * comes back as a duplicate.
 */
export class EventSender {
  /** Events that the server answered for. */
  readonly totals = { created: 0, duplicate: 0, refused: 0 };
  /** Times of what was taken, µs. */
  span: { from: number; to: number } | undefined;
  /** Kind of the first event that was taken. */
  kind: string | undefined;
  private batch: Parcel[] = [];
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
    if (this.batch.length >= REQUEST_EVENTS_MAX || this.bytes + bytes > REQUEST_BYTES_MAX) await this.flush();
    this.batch.push({
      events: [event],
      bytes,
      settled: false,
      taken: ([receipt]) => this.count(event, receipt),
      refused: (refusal) => {
        if (this.options.idsArePlaces && refusal.code === "idempotency_conflict") {
          this.totals.duplicate += 1;
          return;
        }
        this.totals.refused += 1;
        this.options.onRefused(event, reasonOf(refusal));
      },
    });
    this.bytes += bytes;
  }

  /** @throws ServerFault */
  async flush(): Promise<void> {
    const { batch } = this;
    this.batch = [];
    this.bytes = 0;
    try {
      await deliver(batch, (body, count) => this.post(body, count));
    } catch (error) {
      throw error instanceof AffidavitError ? error.cause : error;
    }
  }

  /** @throws ServerFault where no answer came; AffidavitError with one as its cause, as the SDK tells refusals apart */
  private async post(body: string, count: number): Promise<Receipt[]> {
    const { server, appId, attemptsMax = ATTEMPTS_MAX } = this.options;
    const url = server.urlOf("/v1/events", appId === undefined ? [] : [["app_id", appId]]);
    const answer = await server.exchange({ method: "POST", body }, url, attemptsMax);
    const { status } = answer;
    if (status !== 201) {
      const cause = server.refused(answer);
      const problem = parseObject<Problem>(answer.body);
      const known =
        problem && isProblem(answer, problem) ? { code: problem.code, problem } : { code: "unexpected_answer" };
      throw new AffidavitError(cause.message, { ...known, status, cause });
    }
    const { receipts } = parseObject<{ receipts?: Receipt[] }>(answer.body) ?? {};
    if (receipts?.length === count) return receipts;
    throw new ServerFault(`${server.address} answered 201 without a receipt for each event: is it Affidavit?`, status);
  }

  private count({ kind, occurredMicros: own }: Outgoing, receipt: Receipt | undefined): void {
    if (!receipt || receipt.status === "spooled") return;
    this.kind ??= kind;
    this.totals[receipt.status === "created" ? "created" : "duplicate"] += 1;
    const created = parseMicros(receipt.created_at ?? "");
    // As the server does: a time far in the future is a wrong clock's, and the time of submission counts.
    const isOdd = own !== undefined && created !== undefined && own > created + AHEAD_MICROS_MAX;
    this.include(isOdd ? created : (own ?? created));
  }

  private include(micros: number | undefined): void {
    if (micros === undefined) return;
    const { from, to } = this.span ?? { from: micros, to: micros };
    this.span = { from: Math.min(from, micros), to: Math.max(to, micros) };
  }
}

/** What is wrong with the one event; its place in the request tells nobody anything. */
function reasonOf({ problem }: AffidavitError): string {
  const faults = (problem?.errors ?? []).map(({ pointer, message }) =>
    `${pointer.replace(/^\/events\/\d+/, "")} ${message}`.trim(),
  );
  return faults.length > 0 ? faults.join("; ") : (problem?.detail ?? "refused without a reason");
}
