import path from "node:path";
import { ATTEMPT_MS_MAX, deliver, type Parcel, postTo, REQUEST_BYTES_MAX, REQUEST_EVENTS_MAX } from "./delivery.ts";
import type { Prepared } from "./emitter.ts";
import { AffidavitError } from "./error.ts";
import type { Connection } from "./http.ts";
import { type Lock, takeLock } from "./process-lock.ts";
import { pauseMs, sleep } from "./retry.ts";
import { SpoolFolder, type Stretch } from "./spool-folder.ts";
import { readLine, type SpoolLine, writeLine, writeRefused } from "./spool-line.ts";

const BYTES_MAX = 256 * 1024 * 1024;
const DAY_MS = 86_400_000;
/** The server remembers ids for 30 days; a later second attempt could store a row twice. */
const AGE_DAYS_MAX = 29;
/** How long to wait where somebody has to do something first. */
const BLOCKED_PAUSE_MS = 10_000;
/** How long `close` waits for a request under way. */
const CLOSE_MS = 2_000;

/** Something about the spool that nobody is waiting to be told. */
export interface SpoolReport {
  /**
   * - `waiting`: the server cannot be reached, or something else answers in its place; said once an outage.
   * - `blocked`: nothing goes on until somebody acts (a key was revoked, the spool is too old, the disk is full).
   * - `refused`: the server will never take this event; it was moved to `refused.ndjson`.
   */
  kind: "waiting" | "blocked" | "refused";
  message: string;
  error: AffidavitError;
  /** Of a refused event. */
  eventId?: string;
}

export interface SpoolOptions {
  /** Made when absent. One process at a time writes it. */
  folder: string;
  /** Most bytes of events on disk; default 256 MiB. */
  bytesMax?: number;
  /**
   * Default: `blocked` and `refused` become a warning of the process, which Node prints; `waiting` too where something else
   * answers, because the address may be wrong.
   */
  onReport?: (report: SpoolReport) => void;
}

function warn({ kind, message, error }: SpoolReport): void {
  if (kind !== "waiting" || !error.retryable)
    process.emitWarning(message, { code: `AFFIDAVIT_SPOOL_${kind.toUpperCase()}` });
}

interface Batch {
  lines: SpoolLine[];
  /** Lines that are none. */
  damaged: string[];
  appId: string | undefined;
  /** Where the rest of the spool begins. */
  end: number;
}

/** From the front: what fits into one request to one app. */
function batchOf(stretch: Stretch): Batch {
  const batch: Batch = { lines: [], damaged: [], appId: undefined, end: 0 };
  let bytes = 0;
  for (const { text, end } of stretch.lines) {
    const line = readLine(text);
    if (line) {
      bytes += line.event.bytes;
      const isOther = batch.lines.length > 0 && line.appId !== batch.appId;
      if (isOther || bytes > REQUEST_BYTES_MAX || batch.lines.length >= REQUEST_EVENTS_MAX) break;
      batch.appId = line.appId;
      batch.lines.push(line);
    } else if (text.trim() !== "") batch.damaged.push(text);
    batch.end = end;
  }
  return batch;
}

/** Events on disk while the server cannot take them, and their way out, in order. */
export class Spooling {
  private readonly options: SpoolOptions;
  private readonly connection: Connection;
  private readonly closing = new AbortController();
  private folder: SpoolFolder | undefined;
  private opening: Promise<SpoolFolder> | undefined;
  private lock: Lock | undefined;
  /** One file operation after another: a segment must not be deleted while it is written. */
  private turn: Promise<unknown> = Promise.resolve();
  private draining: Promise<void> | undefined;
  private nudge = new AbortController();
  private waiters: (() => void)[] = [];
  /** Why nothing goes out, as far as it was said. */
  private trouble: AffidavitError | undefined;

  constructor(options: SpoolOptions, connection: Connection) {
    this.options = options;
    this.connection = connection;
    // What an earlier process left goes out without anybody recording anything.
    this.opened().catch((error: AffidavitError) => {
      if (!this.closing.signal.aborted) this.say({ kind: "blocked", message: error.message, error });
    });
  }

  /** @throws AffidavitError `spool_locked`, `spool_expired`, `spool_unwritable`, or what keeps the spool from going out */
  async ready(): Promise<void> {
    await this.opened();
    if (!this.isEmpty && this.trouble && !this.trouble.isOutage) throw this.trouble;
  }

  get isEmpty(): boolean {
    return this.folder?.isEmpty ?? true;
  }

  /** Answers when the disk has them. @throws AffidavitError `spool_full`, `spool_unwritable` */
  async append(events: readonly Prepared[], appId: string | undefined): Promise<void> {
    const folder = await this.opened();
    const now = new Date();
    await this.alone(() => folder.append(events.map((event) => writeLine(event, appId, now))));
    this.startDraining(1);
  }

  /** Waits until nothing is left, at most until then. @throws AffidavitError what was in the way */
  async drained(deadline: number): Promise<void> {
    await this.ready();
    this.nudge.abort();
    while (!this.isEmpty) {
      const remaining = deadline - Date.now();
      if (remaining <= 0) {
        throw (
          this.trouble ??
          new AffidavitError("The spool did not become empty in time; it is still on disk.", { code: "timeout" })
        );
      }
      const wait = new AbortController();
      this.waiters.push(() => wait.abort());
      await sleep(remaining, wait.signal);
    }
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.nudge.abort();
    const wait = new AbortController();
    await Promise.race([this.draining, sleep(CLOSE_MS, wait.signal)]);
    wait.abort();
    // Ends a request that is still under way, and with it the draining.
    this.connection.close();
    await this.draining;
    await this.opening?.catch(() => {});
    await this.leave();
  }

  private async opened(): Promise<SpoolFolder> {
    if (this.folder && !this.lock?.isHeld()) await this.leave();
    this.opening ??= this.open().catch((error: unknown) => {
      this.opening = undefined;
      throw error;
    });
    return this.opening;
  }

  /** Writes nothing more, and frees the lock where it is still ours. */
  private async leave(): Promise<void> {
    const { folder, lock } = this;
    [this.folder, this.lock, this.opening] = [undefined, undefined, undefined];
    await this.alone(async () => folder?.close());
    lock?.();
  }

  private async open(): Promise<SpoolFolder> {
    if (this.closing.signal.aborted) throw new AffidavitError("This client was closed.", { code: "closed" });
    const { folder: place, bytesMax = BYTES_MAX } = this.options;
    const taken = await SpoolFolder.prepare(place)
      .then(() => takeLock(path.join(place, "lock"), this.closing.signal))
      .catch((error: unknown) => {
        throw unwritable(place, error);
      });
    if (typeof taken !== "function") {
      throw new AffidavitError(
        `The spool ${place} is used by process ${taken.pid}: give each process a folder of its own.`,
        { code: "spool_locked" },
      );
    }
    try {
      const folder = await SpoolFolder.open(place, bytesMax);
      const stretch = await folder.read();
      if (stretch) this.refuseOld(batchOf(stretch));
      this.lock = taken;
      this.folder = folder;
      this.trouble = undefined;
      this.startDraining(0);
      return folder;
    } catch (error) {
      taken();
      throw error instanceof AffidavitError ? error : unwritable(place, error);
    }
  }

  private refuseOld({ lines }: Batch): void {
    const oldest = Math.min(...lines.map(({ spooledAt }) => spooledAt));
    if (Date.now() - oldest <= AGE_DAYS_MAX * DAY_MS) return;
    throw new AffidavitError(
      `The spool ${this.options.folder} holds events since ${new Date(oldest).toISOString()}, more than ${AGE_DAYS_MAX} days: the server remembers ids for 30 days, so sending them could store rows twice. Move the folder away, check which of its events are in the log, and send the others.`,
      { code: "spool_expired" },
    );
  }

  private alone<T>(act: () => Promise<T>): Promise<T> {
    const done = this.turn.then(act);
    this.turn = done.catch(() => {});
    return done;
  }

  private startDraining(attempt: number): void {
    if (this.draining || this.isEmpty || this.closing.signal.aborted) return;
    this.draining = this.drain(attempt).finally(() => {
      this.draining = undefined;
      this.startDraining(0);
    });
  }

  /** @param attempt how many have failed just now */
  private async drain(attempt: number): Promise<void> {
    let failed = attempt;
    let error: unknown;
    while (!this.isEmpty && !this.closing.signal.aborted) {
      if (failed > 0) await this.pause(failed, error);
      if (this.closing.signal.aborted) return;
      try {
        await this.sendNext();
        failed = 0;
        this.trouble = undefined;
      } catch (caught) {
        failed += 1;
        error = caught;
        this.note(caught);
      }
      for (const wake of this.waiters.splice(0)) wake();
    }
  }

  /** Keeps no process alive; cut short by `flush` and `close`. */
  private async pause(failed: number, error: unknown): Promise<void> {
    if (this.nudge.signal.aborted && !this.closing.signal.aborted) this.nudge = new AbortController();
    const isLong = error instanceof AffidavitError && !error.isOutage;
    await sleep(isLong ? BLOCKED_PAUSE_MS : pauseMs(failed, error), this.nudge.signal, true);
  }

  private async sendNext(): Promise<void> {
    const folder = await this.opened();
    const stretch = await this.alone(() => folder.read());
    if (!stretch) return;
    const batch = batchOf(stretch);
    this.refuseOld(batch);
    const refusals = batch.damaged.map((text) => this.damaged(text));
    const parcels = batch.lines.map(
      ({ event, appId }): Parcel => ({
        events: [event],
        bytes: event.bytes,
        settled: false,
        taken: () => {},
        refused: (error) => refusals.push({ error, eventId: event.id, text: writeRefused(event.json, appId, error) }),
      }),
    );
    const { connection } = this;
    if (parcels.length > 0) await deliver(parcels, postTo({ connection, appId: batch.appId }, ATTEMPT_MS_MAX));
    // Taken over meanwhile, as may be after a long pause of this process: what was sent will be a duplicate for the other.
    if ((await this.opened()) !== folder) return;
    if (refusals.length > 0) await this.alone(() => folder.keepRefused(refusals.map(({ text }) => text)));
    await this.alone(() => folder.advance(batch.end));
    for (const { error, eventId } of refusals) this.say(this.refusal(error, eventId));
  }

  private damaged(text: string): { error: AffidavitError; eventId?: string; text: string } {
    const error = new AffidavitError("A line of the spool is damaged.", { code: "spool_damaged" });
    return { error, text: writeRefused(JSON.stringify(text), undefined, error) };
  }

  private refusal(error: AffidavitError, eventId?: string): SpoolReport {
    const which = eventId === undefined ? "A line" : `Event ${eventId}`;
    const file = path.join(this.options.folder, "refused.ndjson");
    const message = `${which} of the spool will never be taken and was moved to ${file}: ${error.message}`;
    return { kind: "refused", message, error, ...(eventId === undefined ? {} : { eventId }) };
  }

  private note(caught: unknown): void {
    if (this.closing.signal.aborted) return;
    const error = caught instanceof AffidavitError ? caught : unwritable(this.options.folder, caught);
    const isNews = this.trouble?.code !== error.code && !(this.trouble?.isOutage && error.isOutage);
    this.trouble = error;
    if (isNews) this.say({ kind: error.isOutage ? "waiting" : "blocked", message: error.message, error });
  }

  private say(report: SpoolReport): void {
    try {
      (this.options.onReport ?? warn)(report);
    } catch (error) {
      process.emitWarning(`onReport failed: ${error}`, { code: "AFFIDAVIT_ON_REPORT" });
    }
  }
}

function unwritable(place: string, cause: unknown): AffidavitError {
  return new AffidavitError(`The spool ${place} cannot be used: ${(cause as Error).message}.`, {
    code: "spool_unwritable",
    cause,
  });
}
