import { setTimeout as delay } from "node:timers/promises";
import type { EventSender } from "../event-sender";
import { type Checkpoint, Course, writeCheckpoint } from "./checkpoint";
import { SettingsSeen, warnOfSilence } from "./coverage";
import type { LogFile } from "./log-file";
import type { LogFolder, OnLoss } from "./log-folder";
import { type KnownOfLog, Pairing } from "./pairing";
import type { Made } from "./query-event";
import type { LogPlace, Statement } from "./statement";

export interface CollectorOptions {
  folder: LogFolder;
  sender: EventSender;
  /** The row of a statement. */
  make: (statement: Statement) => Promise<Made>;
  stateFile: string;
  signal: AbortSignal;
  /** Ends when all that is there was read. */
  isOnce: boolean;
  /** Without a statement for so long, that is told, ms. */
  quietMs: number;
  warn: (text: string) => void;
  /** Told where log that was not read is gone. */
  onLoss: OnLoss;
  /** What is known of the log from before. */
  known: KnownOfLog | undefined;
}

export interface CollectorCounts {
  statements: number;
  skipped: number;
  unparsed: number;
  damaged: number;
}

/** Between two looks while nothing new comes, ms. */
const POLL_MS = 200;
/** Bytes that are read before what they made is sent. */
const ROUND_BYTES = 2 * 1024 * 1024;

/** Follows a log and sends its statements, until it is told to stop. */
export class Collector {
  readonly counts: CollectorCounts = { statements: 0, skipped: 0, unparsed: 0, damaged: 0 };
  readonly pairing: Pairing;
  private readonly course = new Course();
  private order = 0;
  /** Of what held the place when it was last noted. */
  private openOrder: number | undefined;
  private written = "";
  private readonly warned = new Set<string>();
  private readonly settings = new SettingsSeen();
  private heardMs = Date.now();
  private readonly options: CollectorOptions;

  constructor(options: CollectorOptions) {
    this.options = options;
    this.pairing = new Pairing(options.known);
  }

  /** @throws ServerFault where the server refuses; FileFault; AbortError when told to stop */
  async run(): Promise<void> {
    const { signal, isOnce } = this.options;
    for (;;) {
      const bytes = await this.round();
      if (bytes > 0) continue;
      if (isOnce) {
        await this.finish();
        return;
      }
      await delay(POLL_MS, undefined, { signal });
    }
  }

  /** Reads, sends, and takes note of what was sent. @returns bytes that were read */
  private async round(): Promise<number> {
    const { folder, signal, sender } = this.options;
    signal.throwIfAborted();
    const hasLooked = await folder.look();
    let bytes = 0;
    for (const file of folder.due) {
      bytes += await this.readFile(file, ROUND_BYTES - bytes);
      // The next one must wait until this one is read: a statement may end there.
      if (bytes >= ROUND_BYTES) break;
    }
    await this.send(this.pairing.expire(Date.now()));
    await sender.flush();
    const open = this.pairing.oldestOpen();
    if (hasLooked || bytes > 0 || open?.order !== this.openOrder) await this.checkpoint(open);
    await folder.tidy();
    // Further on in a log that is not read to its end, a setting may be another.
    if (bytes < ROUND_BYTES) this.settings.tell(this.options.warn);
    this.warnIfSilent();
    return bytes;
  }

  private async readFile(file: LogFile, bytesMax: number): Promise<number> {
    let total = 0;
    while (total < bytesMax) {
      const { bytes, lost } = await file.fetch();
      if (lost > 0) this.options.onLoss(file.name, lost);
      if (bytes.length === 0) break;
      total += bytes.length;
      this.course.enter(file, this.order + 1);
      const damaged = file.damaged;
      const records = file.parse(bytes);
      this.counts.damaged += Math.max(0, file.damaged - damaged);
      for (const { record, begin } of records) {
        this.order += 1;
        const place = { order: this.order, file: file.place, offset: begin };
        await this.send(this.pairing.push(record, place, Date.now()));
        this.settings.take(record);
      }
    }
    return total;
  }

  private async send(statements: readonly Statement[]): Promise<void> {
    for (const statement of statements) {
      const { event, isParsed } = await this.options.make(statement);
      this.counts.statements += 1;
      if (!event) this.counts.skipped += 1;
      else {
        if (!isParsed) this.counts.unparsed += 1;
        await this.options.sender.add(event);
      }
    }
    if (statements.length > 0) this.heardMs = Date.now();
  }

  /** Only after the server has answered for everything that was read up to here. */
  private async checkpoint(open: LogPlace | undefined): Promise<void> {
    this.openOrder = open?.order;
    const offsets = this.course.before(open);
    const marks = this.options.folder.files.map((file) => file.mark(offsets.get(file.id) ?? file.end));
    const checkpoint: Checkpoint = {
      version: 1,
      files: marks.filter((mark) => mark !== undefined),
      durations: this.pairing.durations,
      hasAudits: this.pairing.hasAudits,
    };
    const text = JSON.stringify(checkpoint);
    if (text === this.written) return;
    await writeCheckpoint(this.options.stateFile, checkpoint);
    this.written = text;
  }

  private async finish(): Promise<void> {
    await this.send(this.pairing.pause());
    await this.options.sender.flush();
    await this.checkpoint(this.pairing.oldestOpen());
  }

  private warnIfSilent(): void {
    this.warn(warnOfSilence(this.pairing.counts, this.pairing.hasDurations));
    const { quietMs } = this.options;
    if (Date.now() - this.heardMs < quietMs) return;
    this.heardMs = Date.now();
    this.options.warn(
      `No statement was read for ${Math.round(quietMs / 60_000)} minutes. Is this where the server logs to (show log_directory), and is log_min_duration_statement 0 there?`,
    );
  }

  /** Each warning once. */
  private warn(text: string | undefined): void {
    if (text === undefined || this.warned.has(text)) return;
    this.warned.add(text);
    this.options.warn(text);
  }
}
