import "server-only";
import { type Bytes, type StoredDocuments, viewOf } from "./copy-reader";
import { type Column, textCell } from "./csv";
import { DELIMITED, ESCAPED, MemberScanner, PLACE_SIZE } from "./member-scanner";
import { fourOf, hasByte } from "./words";

const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const COMMA = 0x2c;
const CR = 0x0d;
const LF = 0x0a;
const FOUR_COMMAS = fourOf(COMMA);
/** 1 for `'+-=@`, which are not escaped in JSON; tab, CR, LF and NUL are, and go the longer way. */
const RISKY_ASCII = new Uint8Array(256);
for (const first of "'+-=@") RISKY_ASCII[first.charCodeAt(0)] = 1;
/** `＋－＝＠` are EF BC and one of these. */
const RISKY_WIDE = new Set([0x8b, 0x8d, 0x9d, 0xa0]);
const LEAD_OF_WIDE = 0xef;
const SECOND_OF_WIDE = 0xbc;

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
  /** Where its document's scanner tells its place; or the part of the row's place that it is. */
  places: Int32Array | undefined;
  index: number;
  place: keyof PlaceCells;
}

const isRisky = (data: Buffer, at: number) => {
  const first = data[at] as number;
  if (first === LEAD_OF_WIDE) return data[at + 1] === SECOND_OF_WIDE && RISKY_WIDE.has(data[at + 2] as number);
  return RISKY_ASCII[first] === 1;
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
  #outView: DataView;
  #length = 0;

  /** @param capacity bytes to begin with; it grows */
  constructor(columns: readonly Column[], capacity = 65_536) {
    const namesIn = (from: Column["from"]) => columns.filter((one) => one.from === from).map(({ name }) => name);
    this.#core = new MemberScanner(namesIn("core"));
    this.#detail = new MemberScanner(namesIn("detail"));
    const places = { core: this.#core.places, detail: this.#detail.places, place: undefined };
    this.#cells = columns.map(({ name, from, isJson }) => ({
      isJson,
      places: places[from],
      index: namesIn(from).indexOf(name) * PLACE_SIZE,
      place: name as keyof PlaceCells,
    }));
    this.#out = Buffer.allocUnsafe(capacity);
    this.#outView = viewOf(this.#out);
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
    const { coreStart, coreEnd, detailStart, detailEnd } = documents;
    // Each byte may be a quote, which is doubled.
    const most = 2 * (detailEnd - coreStart) + this.#cells.length * CELL_OVERHEAD + PLACE_BYTES;
    this.#reserve(most);
    this.#core.scan(documents, coreStart, coreEnd);
    this.#detail.scan(documents, detailStart, detailEnd);
    for (const cell of this.#cells) {
      if (cell.places) this.#member(documents, cell.places, cell);
      else this.#ascii(String(place[cell.place]));
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
    this.#outView = viewOf(larger);
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

  #member(bytes: Bytes, places: Int32Array, { index, isJson }: Cell): void {
    const end = places[index + 1] as number;
    if (end === 0) return;
    const { data } = bytes;
    const start = places[index] as number;
    const flags = places[index + 2] as number;
    const isText = data[start - 1] === QUOTE;
    if (!isText) this.#json(bytes, start, end, (flags & DELIMITED) !== 0);
    else if (isJson) this.#json(bytes, start - 1, end + 1, true);
    else if (flags & ESCAPED) this.#text(textCell(JSON.parse(data.toString("utf8", start - 1, end + 1))));
    else this.#plainText(bytes, start, end);
  }

  /** A text that says what its bytes say: there is no quote or line end in it. */
  #plainText(bytes: Bytes, start: number, end: number): void {
    const begin = this.#length;
    if (start === end) this.#byte(QUOTE);
    else if (isRisky(bytes.data, start)) this.#byte(APOSTROPHE);
    if (start < end && !this.#copy(bytes, start, end, FOUR_COMMAS)) return;
    // Empty, or with a comma: in quotes, from the beginning.
    this.#length = begin;
    this.#byte(QUOTE);
    if (start < end && isRisky(bytes.data, start)) this.#byte(APOSTROPHE);
    this.#copy(bytes, start, end);
    this.#byte(QUOTE);
  }

  #json(bytes: Bytes, start: number, end: number, isQuoted: boolean): void {
    if (!isQuoted) {
      this.#copy(bytes, start, end);
      return;
    }
    const { data } = bytes;
    const out = this.#out;
    let length = this.#length;
    out[length++] = QUOTE;
    // One by one: there is a quote every few bytes.
    for (let at = start; at < end; at += 1) {
      const byte = data[at] as number;
      if (byte === QUOTE) out[length++] = QUOTE;
      out[length++] = byte;
    }
    out[length++] = QUOTE;
    this.#length = length;
  }

  #byte(byte: number): void {
    this.#out[this.#length++] = byte;
  }

  /** @returns true where it met the byte that `until` is four of, and then what was written is of no use */
  #copy(bytes: Bytes, start: number, end: number, until?: number): boolean {
    const out = this.#out;
    let at = this.#copyWords(bytes, start, end, until);
    if (until !== undefined && end - at >= 4) return true;
    for (; at < end; at += 1) {
      const byte = bytes.data[at] as number;
      if (until !== undefined && byte === (until & 0xff)) return true;
      out[this.#length++] = byte;
    }
    return false;
  }

  /** Copies whole words, up to one that has the byte that `until` is four of. @returns how far it came */
  #copyWords({ view }: Bytes, start: number, end: number, until?: number): number {
    const outView = this.#outView;
    let length = this.#length;
    let at = start;
    for (; at + 4 <= end; at += 4) {
      const word = view.getInt32(at);
      if (until !== undefined && hasByte(word, until)) break;
      outView.setInt32(length, word);
      length += 4;
    }
    this.#length = length;
    return at;
  }
}
