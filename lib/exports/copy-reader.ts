import "server-only";

/** Takes one row of `copy (select seq, core, detail …) to stdout (format binary)`. */
export type TakeRow = (seq: number, core: string, detail: string | null) => void;

/** `PGCOPY\n\377\r\n\0`, flags, and the length of an extension that there is not. */
const HEADER_BYTES = 19;
/** Of a row: the number of columns, three lengths, and seq. */
const FIXED_BYTES = 2 + 3 * 4 + 8;
const NULL_LENGTH = -1;

/**
 * Reads the binary form of COPY as it arrives. It has no escapes to undo, so a document is one decoding of UTF-8, and
 * lengths instead of separators to look for.
 */
export class CopyReader {
  readonly #take: TakeRow;
  #rest: Buffer = Buffer.alloc(0);
  #inHeader = true;

  constructor(take: TakeRow) {
    this.#take = take;
  }

  /** For the next statement's rows. */
  start(): this {
    this.#rest = Buffer.alloc(0);
    this.#inHeader = true;
    return this;
  }

  push(bytes: Buffer): void {
    const data = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    let at = 0;
    if (this.#inHeader) {
      if (data.length < HEADER_BYTES) {
        this.#rest = data;
        return;
      }
      at = HEADER_BYTES;
      this.#inHeader = false;
    }
    for (let next = this.#row(data, at); next > at; next = this.#row(data, at)) at = next;
    this.#rest = data.subarray(at);
  }

  /** Reads the row that begins at `at`. @returns where it ends, or `at` where it is not whole yet or the rows have ended */
  #row(data: Buffer, at: number): number {
    // The end is the number of columns -1, and nothing after it.
    if (data.length < at + FIXED_BYTES) return at;
    const seq = Number(data.readBigInt64BE(at + 6));
    const core = at + 18;
    const coreEnd = core + data.readInt32BE(at + 14);
    if (data.length < coreEnd + 4) return at;
    const detailLength = data.readInt32BE(coreEnd);
    const detail = coreEnd + 4;
    const detailEnd = detail + Math.max(0, detailLength);
    if (data.length < detailEnd) return at;
    const text = detailLength === NULL_LENGTH ? null : data.toString("utf8", detail, detailEnd);
    this.#take(seq, data.toString("utf8", core, coreEnd), text);
    return detailEnd;
  }
}
