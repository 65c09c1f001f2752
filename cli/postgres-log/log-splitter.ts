import type { LogFormat } from "./formats";

/** The text of one record and the place behind it, bytes from the beginning of the file. */
export interface LogText {
  /** Undefined: no record, passed over (cut short by a crash). */
  text: string | undefined;
  end: number;
  /** Whether the text is only the beginning of a record that is too long. */
  isCut: boolean;
}

/** Longest record that is read whole, bytes. */
export const RECORD_BYTES_MAX = 16 * 1024 * 1024;
/** What is read of a longer one: enough for all of a statement that is used (PARSED_MAX), at six bytes a character at most. */
const HEAD_BYTES = 2 * 1024 * 1024;

const [NEWLINE, QUOTE, COMMA, RETURN] = [0x0a, 0x22, 0x2c, 0x0d];

/** Where in a CSV record the next byte stands. */
type Place = "begin" | "plain" | "quoted" | "quote";

/**
 * Cuts a log into records as its bytes come, and knows the place behind each. Of a record that is not whole yet nothing is
 * handed out. In CSV a record ends at a line feed outside quotes; quotes where none may stand mean that a crash has cut a
 * record short, and reading goes on with the next line.
 */
export class LogSplitter {
  /** Bytes from the beginning of the file up to the record that is being read. */
  private start: number;
  private held: Buffer = Buffer.alloc(0);
  /** Next byte of `held` to look at. */
  private at = 0;
  private place: Place = "begin";
  /** The rest of this line is no record. */
  private isLost = false;
  /** The beginning of a record that is too long; its end is still looked for. */
  private head: Buffer | undefined;
  private readonly format: LogFormat;

  /** @param offset of the first byte that will be pushed */
  constructor(format: LogFormat, offset = 0) {
    this.format = format;
    this.start = offset;
  }

  /** The place behind the last record that was handed out. */
  get end(): number {
    return this.start;
  }

  *push(bytes: Uint8Array): Generator<LogText> {
    this.held = this.held.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.held, bytes]);
    for (let end = this.findEnd(); end >= 0; end = this.findEnd()) {
      const whole = this.isLost ? undefined : this.held.toString("utf8", 0, end).replace(/\r$/, "");
      const told = this.toldOf(whole);
      this.cut(end + 1);
      if (told.text !== "") yield { ...told, end: this.start };
    }
    if (this.held.length > RECORD_BYTES_MAX) this.shorten();
  }

  /** What is left at the end of a file that nobody will write to again. */
  *finish(): Generator<LogText> {
    if (this.held.length === 0) return;
    const whole = this.isLost || this.place === "quoted" ? undefined : this.held.toString("utf8").trimEnd();
    const told = this.toldOf(whole);
    this.cut(this.held.length);
    if (told.text !== "") yield { ...told, end: this.start };
  }

  /** A record is told by its beginning where the rest of it is gone already. */
  private toldOf(whole: string | undefined): Pick<LogText, "text" | "isCut"> {
    if (!this.head) return { text: whole, isCut: false };
    // A character may have been cut, too.
    return { text: this.head.toString("utf8").replace(/\ufffd+$/, ""), isCut: true };
  }

  private cut(bytes: number): void {
    this.start += bytes;
    this.held = this.held.subarray(bytes);
    this.at = 0;
    this.place = "begin";
    this.isLost = false;
    this.head = undefined;
  }

  /** Keeps of what is being read no more than it is told by. */
  private shorten(): void {
    if (!this.isLost) this.head ??= Buffer.from(this.held.subarray(0, HEAD_BYTES));
    this.start += this.at;
    this.held = this.held.subarray(this.at);
    this.at = 0;
  }

  /** @returns where the record's last byte is; −1 where it is not whole yet */
  private findEnd(): number {
    if (this.format === "json") return this.findNewline();
    for (; this.at < this.held.length; this.at += 1) {
      const byte = this.held[this.at] ?? 0;
      if (byte === NEWLINE && this.place !== "quoted") return this.at;
      const next = nextPlace(this.place, byte);
      if (next === undefined) return this.findDamage();
      this.place = next;
    }
    return -1;
  }

  private findNewline(): number {
    const end = this.held.indexOf(NEWLINE, this.at);
    this.at = end < 0 ? this.held.length : end;
    return end;
  }

  /** Passes over the first line of what cannot be a record; the lines behind it are looked at anew. */
  private findDamage(): number {
    this.isLost = true;
    const end = this.held.indexOf(NEWLINE);
    if (end < 0) {
      // The line is damaged and not whole: what follows on it is passed over, too.
      this.place = "plain";
      this.at = this.held.length;
    }
    return end;
  }
}

function nextPlace(place: Place, byte: number): Place | undefined {
  if (place === "quoted") return byte === QUOTE ? "quote" : "quoted";
  if (byte === COMMA) return "begin";
  if (byte === QUOTE) return place === "plain" ? undefined : "quoted";
  if (place === "quote") return byte === RETURN ? "quote" : undefined;
  return "plain";
}
