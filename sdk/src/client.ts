import { fitting, REQUEST_EVENTS_MAX } from "./delivery.ts";
import { Emitter, type Prepared } from "./emitter.ts";
import { AffidavitError } from "./error.ts";
import type { Event, Receipt } from "./event.ts";
import { Connection } from "./http.ts";
import { DirectLane, SpoolingLane } from "./lanes.ts";
import { type SearchOptions, type SearchPage, search, type TailOptions, type TailPage, tail } from "./reading.ts";
import { Spooling, type SpoolOptions } from "./spooling.ts";

export interface AffidavitOptions {
  /** Where the server is, such as `https://audit.example.com`. */
  url: string | URL;
  /** `afd_live_…` */
  apiKey: string;
  /** Another app than the key's home app, for an organization-wide key. */
  appId?: string;
  /** How long one `record`, `search`, `flush` or page of `tail` may take with all its attempts, ms; default 30,000. */
  timeoutMs?: number;
  /** Where events wait while the server cannot take them. */
  spool?: SpoolOptions;
  batch?: {
    /** Most events of one request; default and limit 1,000. */
    eventsMax?: number;
    /** How long a lone event waits for others, ms; default 0: only for the request that is under way. */
    delayMs?: number;
  };
}

export interface RecordOptions {
  /** Where the server cannot take the events. Default: `spool` where the client has one, else `throw`. */
  onFailure?: "throw" | "spool";
}

/** Splits what no single request can hold; else one part, so that it is taken or refused as a whole. */
function partsOf(events: readonly Prepared[], eventsMax: number): Prepared[][] {
  const parts: Prepared[][] = [];
  const single = (event: Prepared) => ({
    events: [event],
    bytes: event.bytes + 1,
    settled: false,
    taken: () => {},
    refused: () => {},
  });
  for (let rest = events.map(single); rest.length > 0; ) {
    const part = fitting(rest, eventsMax);
    parts.push(part.flatMap((parcel) => parcel.events));
    rest = rest.slice(part.length);
  }
  return parts;
}

/** A client of one Affidavit server. Safe to share: make one a process. */
export class Affidavit {
  private readonly connection: Connection;
  private readonly emitter = new Emitter();
  private readonly direct: DirectLane;
  private readonly spooled: SpoolingLane | undefined;
  private readonly spooling: Spooling | undefined;
  private readonly source: { connection: Connection; appId: string | undefined; timeoutMs: number };
  private readonly pending = new Set<Promise<unknown>>();
  private readonly eventsMax: number;
  private isClosed = false;

  /** @throws TypeError where an option cannot work */
  constructor(options: AffidavitOptions) {
    const { url, apiKey, appId, timeoutMs = 30_000, spool, batch = {} } = options;
    const { eventsMax = REQUEST_EVENTS_MAX, delayMs = 0 } = batch;
    if (!(eventsMax >= 1 && eventsMax <= REQUEST_EVENTS_MAX))
      throw new TypeError(`batch.eventsMax must be from 1 to ${REQUEST_EVENTS_MAX}`);
    if (!(timeoutMs > 0)) throw new TypeError("timeoutMs must be more than 0");
    this.connection = new Connection(url, apiKey);
    this.eventsMax = eventsMax;
    this.source = { connection: this.connection, appId, timeoutMs };
    const lane = { route: this.source, eventsMax, delayMs };
    this.direct = new DirectLane(lane);
    this.spooling = spool && new Spooling(spool, this.connection);
    this.spooled = this.spooling && new SpoolingLane(lane, this.spooling);
  }

  /** `context.emitter.id` of the events that this client numbers. */
  get emitterId(): string {
    return this.emitter.id;
  }

  /** Whether `onFailure: "spool"` is possible. */
  get hasSpool(): boolean {
    return this.spooling !== undefined;
  }

  /**
   * Writes events. Resolves after the server has committed them, or, with a spool, when they are safely on disk instead.
   * They are taken or refused together; only where they are more than a request holds (1,000 events, 1 MB), each part is.
   * @returns a receipt per event, in their order
   * @throws AffidavitError where an event is refused (`problem.errors` point into the array), or when neither server nor
   * spool could take them in time. After `timeout` and `network_error` they may be stored all the same: record them again
   * only with ids of your own, which make it safe.
   */
  record(events: Event | readonly Event[], options: RecordOptions = {}): Promise<Receipt[]> {
    const work = this.submit(Array.isArray(events) ? events : [events as Event], options);
    this.pending.add(work);
    const done = () => this.pending.delete(work);
    work.then(done, done);
    return work;
  }

  /**
   * Waits until all that was recorded so far is stored by the server, the spool's events too; at most `timeoutMs`.
   * @throws AffidavitError what keeps the spool from going out. Failures of a `record` are told by that alone.
   */
  async flush(): Promise<void> {
    const deadline = Date.now() + this.source.timeoutMs;
    await Promise.allSettled(this.pending);
    await this.spooling?.drained(deadline);
  }

  /** Waits for what is being recorded, and frees the spool: what is in it goes out at the next start. */
  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.allSettled(this.pending);
    await this.spooling?.close();
    this.connection.close();
  }

  /** One page of a search over a window of occurred_at, newest first. @throws AffidavitError */
  search(options: SearchOptions): Promise<SearchPage> {
    return search(this.source, options);
  }

  /**
   * The rows of a log in its order, page by page, none left out: strictly after `after`, or from the beginning. Write the
   * events downstream, then persist the cursor; after a crash in between some rows come a second time, with the same ids,
   * and none is missed.
   *
   * ```js
   * for await (const { events, cursor } of client.tail({ after: await load() })) {
   *   await write(events);
   *   await save(cursor);
   * }
   * ```
   * Ends at the end of the log, or never with `follow`. Outages are waited out: for `timeoutMs`, or for ever with `follow`.
   * @throws AffidavitError, such as 410 `cursor_expired`, 400 `invalid_cursor`, and `gap_in_tail` instead of skipping a row
   */
  tail(options: TailOptions = {}): AsyncIterable<TailPage> {
    return tail(this.source, options);
  }

  private async submit(events: readonly Event[], options: RecordOptions): Promise<Receipt[]> {
    if (this.isClosed) throw new AffidavitError("This client was closed.", { code: "closed" });
    const { onFailure = this.spooled ? "spool" : "throw" } = options;
    const lane = onFailure === "spool" ? this.spooled : this.direct;
    if (!lane) throw new AffidavitError('onFailure: "spool" needs a client with a spool.', { code: "no_spool" });
    const deadline = Date.now() + this.source.timeoutMs;
    const parts = partsOf(this.emitter.prepare(events), this.eventsMax);
    const results = await Promise.allSettled(
      parts.map(
        (part) =>
          new Promise<Receipt[]>((taken, refused) => {
            const bytes = part.reduce((sum, event) => sum + event.bytes + 1, 0);
            lane.add({ events: part, bytes, deadline, settled: false, taken, refused });
          }),
      ),
    );
    return joined(results, parts);
  }
}

/** @throws AffidavitError of the first part that failed, with the receipts of the others */
function joined(results: readonly PromiseSettledResult<Receipt[]>[], parts: readonly Prepared[][]): Receipt[] {
  const receipts = results.flatMap((result, index): (Receipt | undefined)[] =>
    result.status === "fulfilled" ? result.value : (parts[index] ?? []).map(() => undefined),
  );
  const failed = results.find((result) => result.status === "rejected");
  if (!failed) return receipts as Receipt[];
  const error = failed.reason as AffidavitError;
  // A new error: one failed request may have been the last attempt of several records.
  throw results.length > 1 ? new AffidavitError(error.message, { ...error.options, receipts }) : error;
}
