import "server-only";

/** The same bytes, to be read one by one and in words. */
export interface Bytes {
  readonly data: Buffer;
  readonly view: DataView;
}

/**
 * The stored documents of one row, as bytes of JSON (RFC 8785) inside `data`; good only until the next row is read. A class,
 * so that all of them have one hidden class: what reads them runs once for each byte.
 */
export class StoredDocuments implements Bytes {
  data: Buffer;
  view: DataView;
  coreStart = 0;
  coreEnd = 0;
  detailStart = 0;
  /** Equal to its start where the detail was erased. */
  detailEnd = 0;

  constructor(data: Buffer) {
    this.data = data;
    this.view = viewOf(data);
  }
}

export const viewOf = (data: Buffer): DataView => new DataView(data.buffer, data.byteOffset, data.byteLength);

/** Takes one row of `copy (select seq, core, detail …) to stdout (format binary)`. */
export type TakeRow = (seq: number, documents: StoredDocuments) => void;

/** `PGCOPY\n\377\r\n\0`, flags, and the length of an extension that there is not. */
const HEADER_BYTES = 19;
/** Of a row: the number of columns, three lengths, and seq. */
const FIXED_BYTES = 2 + 3 * 4 + 8;

/** To begin with: what has come and is not read yet is a part of a row, rarely more than a few KB. */
const CAPACITY_BYTES = 262_144;

/**
 * Reads the binary form of COPY as it arrives: lengths instead of separators to look for, and no escapes to undo. What
 * arrives is gathered in one buffer that is used again and again.
 */
export class CopyReader {
  readonly #take: TakeRow;
  readonly #row = new StoredDocuments(Buffer.allocUnsafe(CAPACITY_BYTES));
  #length = 0;
  #inHeader = true;

  constructor(take: TakeRow) {
    this.#take = take;
  }

  push(bytes: Buffer): void {
    this.#append(bytes);
    let at = 0;
    if (this.#inHeader) {
      if (this.#length < HEADER_BYTES) return;
      at = HEADER_BYTES;
      this.#inHeader = false;
    }
    for (let next = this.#readRow(at); next > at; next = this.#readRow(at)) at = next;
    this.#row.data.copyWithin(0, at, this.#length);
    this.#length -= at;
  }

  #append(bytes: Buffer): void {
    const needed = this.#length + bytes.length;
    if (needed > this.#row.data.length) {
      const larger = Buffer.allocUnsafe(Math.max(2 * this.#row.data.length, needed));
      this.#row.data.copy(larger, 0, 0, this.#length);
      this.#row.data = larger;
      this.#row.view = viewOf(larger);
    }
    bytes.copy(this.#row.data, this.#length);
    this.#length = needed;
  }

  /** Reads the row that begins at `at`. @returns where it ends, or `at` where it is not whole yet or the rows have ended */
  #readRow(at: number): number {
    const data = this.#row.data;
    const length = this.#length;
    // The end is the number of columns -1, and nothing after it.
    if (length < at + FIXED_BYTES) return at;
    const coreStart = at + 18;
    const coreEnd = coreStart + data.readInt32BE(at + 14);
    if (length < coreEnd + 4) return at;
    // A null has the length -1 and no bytes.
    const detailStart = coreEnd + 4;
    const detailEnd = detailStart + Math.max(0, data.readInt32BE(coreEnd));
    if (length < detailEnd) return at;
    const row = this.#row;
    row.coreStart = coreStart;
    row.coreEnd = coreEnd;
    row.detailStart = detailStart;
    row.detailEnd = detailEnd;
    this.#take(data.readInt32BE(at + 6) * 2 ** 32 + data.readUInt32BE(at + 10), row);
    return detailEnd;
  }
}
