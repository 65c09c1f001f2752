import { formatOf, type LogFormat, readRecord } from "./formats";
import { LogSplitter, type LogText } from "./log-splitter";
import type { LogRecord } from "./record";

/** A record and where it begins. */
export interface PlacedRecord {
  record: LogRecord;
  /** Bytes from the beginning of the file. */
  begin: number;
  end: number;
}

/** Bytes after which a file that looks like no log is none. */
const HEAD_BYTES = 4_096;

/** Records out of the bytes of one log file, in either format, which is told by its first bytes. */
export class LogReader {
  /** Lines that are no record: cut short by a crash. */
  damaged = 0;
  /** The place behind the last whole record. */
  end: number;
  private number = 0;
  private head: Buffer | undefined = Buffer.alloc(0);
  private splitter: LogSplitter | undefined;
  private format: LogFormat | undefined;

  /** @param from where reading begins: format and place in the file. Default: its beginning, whatever it is */
  constructor(from?: { format: LogFormat; offset: number }) {
    this.end = from?.offset ?? 0;
    if (!from) return;
    this.format = from.format;
    this.splitter = new LogSplitter(from.format, from.offset);
    this.head = undefined;
  }

  /** Undefined: not known yet. */
  get kind(): LogFormat | undefined {
    return this.format;
  }

  /** Whether enough was read to say that this is no jsonlog or csvlog. */
  get isForeign(): boolean {
    return this.format === undefined && (this.head?.length ?? 0) >= HEAD_BYTES;
  }

  *push(bytes: Uint8Array): Generator<PlacedRecord> {
    const splitter = this.splitter ?? this.begin(bytes);
    if (!splitter) return;
    const pending = this.head ?? bytes;
    this.head = undefined;
    yield* this.read(splitter.push(pending));
  }

  /** What a file ends with that nobody will write to again. */
  *finish(): Generator<PlacedRecord> {
    if (this.splitter) yield* this.read(this.splitter.finish());
  }

  private begin(bytes: Uint8Array): LogSplitter | undefined {
    this.head = Buffer.concat([this.head ?? Buffer.alloc(0), bytes]);
    this.format = formatOf(this.head.toString("utf8", 0, HEAD_BYTES));
    this.splitter = this.format && new LogSplitter(this.format);
    return this.splitter;
  }

  private *read(texts: Generator<LogText>): Generator<PlacedRecord> {
    for (const { text, end, isCut } of texts) {
      this.number += 1;
      const begin = this.end;
      this.end = end;
      const record = this.format && text !== undefined ? readRecord(this.format, text, isCut) : undefined;
      if (record) yield { record: { ...record, number: this.number }, begin, end };
      else this.damaged += 1;
    }
  }
}
