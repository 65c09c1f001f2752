import { ATTEMPT_MS_MAX, deliver, fitting, type Parcel, postTo, type Route } from "./delivery.ts";
import type { Prepared } from "./emitter.ts";
import { AffidavitError } from "./error.ts";
import { mayTryAgain, pauseWithin, sleep } from "./retry.ts";
import type { Spooling } from "./spooling.ts";

/** A `record` under way. */
export interface Waiting extends Parcel {
  events: readonly Prepared[];
  /** ms since epoch: it fails then at the latest. */
  deadline: number;
}

export interface LaneOptions {
  route: Route;
  /** Most events of one request. */
  eventsMax: number;
  /** How long the first event of a batch waits for others, ms. */
  delayMs: number;
}

function fail(parcel: Waiting, error: unknown): void {
  parcel.settled = true;
  parcel.refused(
    error instanceof AffidavitError
      ? error
      : new AffidavitError(String(error), { code: "unexpected_answer", cause: error }),
  );
}

/**
 * Events in the order in which they were recorded, one request in flight. While it is, the next batch gathers, so a lone
 * event waits for nothing and many at once share a request.
 */
abstract class Lane {
  protected queue: Waiting[] = [];
  protected readonly options: LaneOptions;
  private isRunning = false;

  constructor(options: LaneOptions) {
    this.options = options;
  }

  add(parcel: Waiting): void {
    this.queue.push(parcel);
    if (!this.isRunning) void this.run();
  }

  get isIdle(): boolean {
    return !this.isRunning;
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    if (this.options.delayMs > 0) await sleep(this.options.delayMs);
    while (this.queue.length > 0) {
      await this.sendBatch(fitting(this.queue, this.options.eventsMax));
      this.queue = this.queue.filter((parcel) => !parcel.settled);
    }
    this.isRunning = false;
  }

  /** Settles some of the batch, or waits; never throws. */
  protected abstract sendBatch(batch: Waiting[]): Promise<void>;
}

/** Tries again until a parcel's deadline; then its `record` fails. */
export class DirectLane extends Lane {
  private attempt = 0;

  protected async sendBatch(batch: Waiting[]): Promise<void> {
    const earliest = Math.min(...batch.map((parcel) => parcel.deadline));
    try {
      const timeoutMs = Math.max(1, Math.min(ATTEMPT_MS_MAX, earliest - Date.now()));
      await deliver(batch, postTo(this.options.route, timeoutMs));
      this.attempt = 0;
    } catch (error) {
      await this.again(batch, error);
    }
  }

  private async again(batch: readonly Waiting[], error: unknown): Promise<void> {
    const now = Date.now();
    const open = batch.filter((parcel) => !parcel.settled);
    for (const parcel of open) if (!mayTryAgain(error, parcel.deadline - now)) fail(parcel, error);
    const deadlines = open.filter((parcel) => !parcel.settled).map((parcel) => parcel.deadline);
    this.attempt = deadlines.length > 0 ? this.attempt + 1 : 0;
    if (deadlines.length > 0) await sleep(pauseWithin(this.attempt, error, Math.min(...deadlines) - now));
  }
}

/** One attempt; what the server cannot be asked for goes to the disk. Behind a spool that holds something, all does. */
export class SpoolingLane extends Lane {
  private readonly spooling: Spooling;

  constructor(options: LaneOptions, spooling: Spooling) {
    super(options);
    this.spooling = spooling;
  }

  protected async sendBatch(batch: Waiting[]): Promise<void> {
    try {
      await this.spooling.ready();
      if (this.spooling.isEmpty) await deliver(batch, postTo(this.options.route, this.attemptMs(batch)));
    } catch (error) {
      if (!(error instanceof AffidavitError) || !error.isOutage) {
        for (const parcel of batch) if (!parcel.settled) fail(parcel, error);
      }
    }
    await this.spool(batch.filter((parcel) => !parcel.settled));
  }

  private attemptMs(batch: readonly Waiting[]): number {
    const latest = Math.max(...batch.map((parcel) => parcel.deadline));
    return Math.max(1, Math.min(ATTEMPT_MS_MAX, latest - Date.now()));
  }

  private async spool(batch: readonly Waiting[]): Promise<void> {
    if (batch.length === 0) return;
    try {
      await this.spooling.append(
        batch.flatMap((parcel) => parcel.events),
        this.options.route.appId,
      );
      for (const parcel of batch) {
        parcel.settled = true;
        parcel.taken(parcel.events.map(({ id }) => ({ id, status: "spooled" })));
      }
    } catch (error) {
      // Perhaps only the whole is too much for what is left of the spool.
      const [only] = batch;
      if (batch.length === 1 && only) fail(only, error);
      else for (const parcel of batch) await this.spool([parcel]);
    }
  }
}
