import { type CompiledReading, Kind } from "./reading.ts";
import { type Spans, TokenClass } from "./spans.ts";

/** What the scanner asks of a text: a string, or a test's counter of steps. */
export type Text = Pick<string, "charCodeAt" | "codePointAt" | "indexOf" | "slice" | "length">;

/** Called every few thousand characters; throws when the time is over. */
export type Clock = () => void;

/** One reading of one text under way. */
export interface Scan {
  readonly text: Text;
  readonly reading: CompiledReading;
  readonly spans: Spans;
  /** The rest was hidden because it is not known how it would be read. */
  doubtful: boolean;
  braces: number;
}

/** Notes a token and returns where it ends. */
export function hide(scan: Scan, start: number, end: number, tokenClass: number): number {
  scan.spans.push(start, end, tokenClass);
  return end;
}

/** Hides everything from a place on: never resynchronise, since a wrong guess shows the next literal. */
export function giveUp(scan: Scan, start: number): number {
  scan.doubtful = true;
  return hide(scan, start, scan.text.length, TokenClass.string);
}

export function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d && code !== 0x0b);
}

const LETTER = /^[\p{L}\p{M}]/u;
const NUMERAL = /^\p{N}/u;

/** The kind of the character at a place. Beyond ASCII only letters, marks and digits are known: no smart quote, no odd space. */
export function kindAt(scan: Scan, at: number): number {
  const code = scan.text.charCodeAt(at);
  return code < 128 ? (scan.reading.kinds[code] ?? Kind.unknown) : wideKind(scan.text, at);
}

/** The kinds of UTF-16 units that were asked for, plus one: a regular expression for each letter would take most of the time. */
const KNOWN = new Uint8Array(0x10000);

function wideKind(text: Text, at: number): number {
  const code = text.charCodeAt(at);
  const known = KNOWN[code] ?? 0;
  if (known > 0) return known - 1;
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  const kind = kindOf(character);
  const isSurrogate = code >= 0xd800 && code < 0xe000;
  if (!isSurrogate) KNOWN[code] = kind + 1;
  return kind;
}

function kindOf(character: string): number {
  if (LETTER.test(character)) return Kind.name;
  return NUMERAL.test(character) ? Kind.digit : Kind.unknown;
}

/** Where the run ends that a table of ASCII characters, and letters and digits beyond, go on with. */
export function runEnd(text: Text, at: number, table: Uint8Array): number {
  let end = at;
  for (;;) {
    const code = text.charCodeAt(end);
    if (code < 128) {
      if (table[code] !== 1) return end;
      end++;
    } else if (end < text.length && wideKind(text, end) !== Kind.unknown) {
      end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
    } else {
      return end;
    }
  }
}

/** Where a name ends that begins at a place. */
export function nameEnd(scan: Scan, at: number): number {
  return runEnd(scan.text, at, scan.reading.inName);
}
