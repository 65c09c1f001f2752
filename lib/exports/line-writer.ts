import "server-only";
import type { StoredDocuments } from "./copy-reader";
import { type Column, textCell } from "./csv";
import { DELIMITED, ESCAPED, MemberScanner, PLACE_SIZE } from "./member-scanner";

const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const COMMA = 0x2c;
const CR = 0x0d;
const LF = 0x0a;
/** `'+-=@`, which are not escaped in JSON; tab, CR, LF and NUL are, and go the longer way. */
const RISKY_ASCII = new Set([0x27, 0x2b, 0x2d, 0x3d, 0x40]);
/** `＋－＝＠` are EF BC and one of these. */
const RISKY_WIDE = new Set([0x8b, 0x8d, 0x9d, 0xa0]);
const LEAD_OF_WIDE = 0xef;
const SECOND_OF_WIDE = 0xbc;

/** From here on one call of the runtime is cheaper than a loop. */
const LONG_BYTES = 128;
/** What a cell can have beside its text: two quotes, an apostrophe and a comma. */
const CELL_OVERHEAD = 4;
/** All cells of the row's place: two times, a uuid and a number. */
const PLACE_BYTES = 200;

/** What a row has that does not stand in its documents, as cells: ASCII that needs no quotes or apostrophe. */
export interface PlaceCells {
  seq: number;
  created_at: string;
  org_id: string;
}

interface Cell {
  isJson: boolean;
  /** Where the value stands: in which document and from which index of its places; or a name of the row's place. */
  scanner?: MemberScanner;
  index: number;
  place?: keyof PlaceCells;
}

const isRisky = (data: Buffer, at: number) => {
  const first = data[at] as number;
  if (first === LEAD_OF_WIDE) return data[at + 1] === SECOND_OF_WIDE && RISKY_WIDE.has(data[at + 2] as number);
  return RISKY_ASCII.has(first);
};

/**
 * Writes CSV lines of stored documents, from bytes to bytes: making values and texts of them first takes four times as long
 * and hundreds of megabytes of short-lived memory.
 */
export class LineWriter {
  readonly #cells: readonly Cell[];
  readonly #core: MemberScanner;
  readonly #detail: MemberScanner;
  #out: Buffer;
  #length = 0;

  /** @param capacity bytes to begin with; it grows */
  constructor(columns: readonly Column[], capacity = 65_536) {
    const namesIn = (from: Column["from"]) => columns.filter((one) => one.from === from).map(({ name }) => name);
    const names = { core: namesIn("core"), detail: namesIn("detail") };
    this.#core = new MemberScanner(names.core);
    this.#detail = new MemberScanner(names.detail);
    this.#cells = columns.map(({ name, from, isJson }): Cell => {
      if (from === "place") return { isJson, index: 0, place: name as keyof PlaceCells };
      const scanner = from === "core" ? this.#core : this.#detail;
      return { isJson, scanner, index: names[from].indexOf(name) * PLACE_SIZE };
    });
    this.#out = Buffer.allocUnsafe(capacity);
  }

  /** Bytes written since the last reset. */
  get length(): number {
    return this.#length;
  }

  /** What was written since the last reset; overwritten by what comes after the next one. */
  bytes(): Buffer {
    return this.#out.subarray(0, this.#length);
  }

  reset(): void {
    this.#length = 0;
  }

  write(place: PlaceCells, documents: StoredDocuments): void {
    const { data, coreStart, coreEnd, detailStart, detailEnd } = documents;
    // Each byte may be a quote, which is doubled.
    const most = 2 * (detailEnd - coreStart) + this.#cells.length * CELL_OVERHEAD + PLACE_BYTES;
    this.#reserve(most);
    this.#core.scan(data, coreStart, coreEnd);
    this.#detail.scan(data, detailStart, detailEnd);
    for (const cell of this.#cells) {
      if (cell.scanner) this.#member(data, cell.scanner.places, cell);
      else this.#ascii(String(place[cell.place as keyof PlaceCells]));
      this.#out[this.#length++] = COMMA;
    }
    // The last comma makes way.
    this.#out[this.#length - 1] = CR;
    this.#out[this.#length++] = LF;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#out.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#out.length, this.#length + more));
    this.#out.copy(larger, 0, 0, this.#length);
    this.#out = larger;
  }

  #ascii(text: string): void {
    const out = this.#out;
    let length = this.#length;
    for (let at = 0; at < text.length; at += 1) out[length++] = text.charCodeAt(at);
    this.#length = length;
  }

  #text(text: string): void {
    this.#length += this.#out.write(text, this.#length);
  }

  #member(data: Buffer, places: Int32Array, { index, isJson }: Cell): void {
    const end = places[index + 1] as number;
    if (end === 0) return;
    const start = places[index] as number;
    const flags = places[index + 2] as number;
    const isText = data[start - 1] === QUOTE;
    if (!isText) this.#json(data, start, end, (flags & DELIMITED) !== 0);
    else if (isJson) this.#json(data, start - 1, end + 1, true);
    else if (flags & ESCAPED) this.#text(textCell(JSON.parse(data.toString("utf8", start - 1, end + 1))));
    else this.#plainText(data, start, end, (flags & DELIMITED) !== 0);
  }

  /** A text that says what its bytes say: there is no quote or line end in it. */
  #plainText(data: Buffer, start: number, end: number, isQuoted: boolean): void {
    const out = this.#out;
    if (isQuoted || start === end) out[this.#length++] = QUOTE;
    if (start < end && isRisky(data, start)) out[this.#length++] = APOSTROPHE;
    this.#copy(data, start, end);
    if (isQuoted || start === end) out[this.#length++] = QUOTE;
  }

  #json(data: Buffer, start: number, end: number, isQuoted: boolean): void {
    if (!isQuoted) {
      this.#copy(data, start, end);
      return;
    }
    const out = this.#out;
    let length = this.#length;
    out[length++] = QUOTE;
    for (let at = start; at < end; at += 1) {
      const byte = data[at] as number;
      if (byte === QUOTE) out[length++] = QUOTE;
      out[length++] = byte;
    }
    out[length++] = QUOTE;
    this.#length = length;
  }

  #copy(data: Buffer, start: number, end: number): void {
    if (end - start > LONG_BYTES) {
      data.copy(this.#out, this.#length, start, end);
      this.#length += end - start;
      return;
    }
    const out = this.#out;
    let length = this.#length;
    for (let at = start; at < end; at += 1) out[length++] = data[at] as number;
    this.#length = length;
  }
}
