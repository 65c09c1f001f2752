/** The text of one JSON value of a file, and the line on which it begins, from 1. */
export interface RawRecord {
  text: string;
  line: number;
}

/** The file cannot be read on; the message says why. */
export class ReadFault extends Error {}

/** Longest record, characters. The API takes events of 256 KiB; more than this is another kind of file. */
export const RECORD_LENGTH_MAX = 4 * 1024 * 1024;

/** @param line on which the record begins */
export const endlessRecord = (line: number) =>
  new ReadFault(`The record that begins on line ${line} is longer than 4 MiB: no event may be.`);

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const isOpener = (code: number) => code === 0x7b || code === 0x5b;
const isCloser = (code: number) => code === 0x7d || code === 0x5d;
/** White space and the comma between elements. */
const isGap = (code: number) => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09 || code === 0x2c;

/**
 * Cuts a stream of text into its records without holding more than one: values one after another (NDJSON, also
 * pretty-printed), the elements of an array, or those of one member of an object, such as `Records`. It only looks at
 * brackets and quotes: whether a record is JSON is for whoever parses it.
 */
export class RecordSplitter {
  private buffer = "";
  /** Next character to look at, and where the record began; −1 between records. Both in `buffer`. */
  private at = 0;
  private start = -1;
  private startLine = 1;
  private line = 1;
  private depth = 0;
  /** Open containers that surround records and belong to none: 0, 1 (an array) or 2 (`{"Records": [`). */
  private around = 0;
  private isInString = false;
  private nameStart = 0;
  private nameEnd = 0;
  private readonly listName: string;

  /** @param listName the member whose elements are the records */
  constructor(listName: string) {
    this.listName = JSON.stringify(listName);
  }

  /** Records that are complete with this piece of text. @throws ReadFault where one is endless */
  *push(piece: string): Generator<RawRecord> {
    this.compact(piece);
    while (this.at < this.buffer.length) {
      const record = this.step(this.buffer.charCodeAt(this.at));
      if (record) yield record;
    }
    if (this.start >= 0 && this.at - this.start > RECORD_LENGTH_MAX) {
      throw endlessRecord(this.startLine);
    }
  }

  /** What is left at the end of the file. @throws ReadFault where the list of records was not closed */
  *end(): Generator<RawRecord> {
    if (this.start >= 0) yield this.cut(this.buffer.length);
    else if (this.depth > 0) throw new ReadFault("The file ends before its list of records does: it was cut off.");
  }

  private compact(piece: string): void {
    // An escape may have stepped one character beyond what has arrived.
    const from = Math.min(this.start >= 0 ? this.start : this.at, this.buffer.length);
    this.buffer = this.buffer.slice(from) + piece;
    this.at -= from;
    this.nameStart -= from;
    this.nameEnd -= from;
    if (this.start >= 0) this.start = 0;
  }

  private step(code: number): RawRecord | undefined {
    if (code === 0x0a) this.line += 1;
    if (this.isInString) return this.stepString(code);
    if (this.start < 0 && this.depth === this.around && !isGap(code)) {
      if (this.opensArray(code)) return undefined;
      if (!isCloser(code)) this.begin();
    }
    if (code === QUOTE) {
      this.isInString = true;
      this.nameStart = this.at;
    } else if (isOpener(code)) return this.stepOpen(code);
    else if (isCloser(code)) return this.stepClose();
    const end = this.at;
    this.at += 1;
    return this.depth === this.around && this.start >= 0 && isGap(code) ? this.cut(end) : undefined;
  }

  private begin(): void {
    this.start = this.at;
    this.startLine = this.line;
  }

  /** `[` at the top of the file: its elements are the records. */
  private opensArray(code: number): boolean {
    if (code !== 0x5b || this.depth > 0) return false;
    this.around = 1;
    this.depth = 1;
    this.at += 1;
    return true;
  }

  private stepString(code: number): undefined {
    if (code === BACKSLASH) this.at += 1;
    else if (code === QUOTE) {
      this.isInString = false;
      this.nameEnd = this.at + 1;
    }
    this.at += 1;
  }

  private stepOpen(code: number): undefined {
    this.depth += 1;
    this.at += 1;
    if (code !== 0x5b || this.depth !== 2 || this.around !== 0) return;
    const name = this.buffer.slice(this.nameStart, this.nameEnd);
    const between = this.buffer.slice(this.nameEnd, this.at - 1);
    if (name !== this.listName || between.trim() !== ":") return;
    this.around = 2;
    this.start = -1;
  }

  private stepClose(): RawRecord | undefined {
    // An element without brackets ends here; the bracket itself is looked at again.
    if (this.depth === this.around && this.start >= 0) return this.cut(this.at);
    this.depth = Math.max(0, this.depth - 1);
    this.at += 1;
    if (this.depth < this.around) {
      // The list is over; what follows the list in its object is inside no record and passed over.
      this.around = 0;
      return undefined;
    }
    return this.depth === this.around && this.start >= 0 ? this.cut(this.at) : undefined;
  }

  private cut(end: number): RawRecord {
    const record = { text: this.buffer.slice(this.start, end), line: this.startLine };
    this.start = -1;
    return record;
  }
}
