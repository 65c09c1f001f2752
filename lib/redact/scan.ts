import { blockComment, lineComment } from "./comments.ts";
import { dollar, dot, marker, number } from "./numbers.ts";
import { quoted } from "./quotes.ts";
import { type CompiledReading, Kind } from "./reading.ts";
import { type Clock, hide, isSpace, kindAt, nameEnd, type Scan, type Text } from "./scanning.ts";
import { type Spans, TokenClass } from "./spans.ts";

export interface Scanned {
  readonly spans: Spans;
  readonly doubtful: boolean;
}

type Rule = (scan: Scan, at: number) => number;

const one: Rule = (_scan, at) => at + 1;

const RULES: readonly Rule[] = (() => {
  const rules: Rule[] = new Array(Object.keys(Kind).length).fill(one);
  rules[Kind.unknown] = giveUpAt;
  rules[Kind.name] = name;
  rules[Kind.digit] = (scan, at) => number(scan, at, at);
  rules[Kind.quote] = quote;
  rules[Kind.dollar] = dollar;
  rules[Kind.dash] = dash;
  rules[Kind.slash] = slash;
  rules[Kind.hash] = lineComment;
  rules[Kind.marker] = marker;
  rules[Kind.brace] = brace;
  rules[Kind.dot] = dot;
  return rules;
})();

/** How far the scanner goes between two looks at the clock. */
const CLOCK_EVERY = 4096;

/** What the loop asks for each character is of this module: names of other modules are looked up at each use, which shows. */
const { space: SPACE, punctuation: PUNCTUATION } = Kind;

/**
 * What one lexer would call a literal, a comment or a quoted name in a text. Every rule moves on by at least one character
 * and looks back at none, so that the work is linear. Whatever is not positively known ends the reading: the rest is hidden.
 */
export function scan(text: Text, reading: CompiledReading, clock: Clock): Scanned {
  const state: Scan = { text, reading, spans: [], doubtful: false, braces: 0 };
  const { kinds } = reading;
  const { length } = text;
  let nextLook = CLOCK_EVERY;
  for (let at = 0; at < length; ) {
    if (at >= nextLook) {
      clock();
      nextLook = at + CLOCK_EVERY;
    }
    const code = text.charCodeAt(at);
    const kind = code < 128 ? kinds[code] : kindAt(state, at);
    if (kind === SPACE || kind === PUNCTUATION) at++;
    else at = (RULES[kind ?? 0] ?? giveUpAt)(state, at);
  }
  return state;
}

function giveUpAt(scan: Scan, at: number): number {
  scan.doubtful = true;
  return hide(scan, at, scan.text.length, TokenClass.string);
}

const AMPERSAND = 0x26;
const SINGLE = 0x27;
const DOUBLE = 0x22;

/** A name, or a string whose prefix it is. */
function name(scan: Scan, at: number): number {
  const { text, reading } = scan;
  let end = at + 1;
  let next = text.charCodeAt(end);
  while (reading.inName[next] === 1) next = text.charCodeAt(++end);
  if (next > 127 || text.charCodeAt(at) > 127) {
    end = nameEnd(scan, at);
    next = text.charCodeAt(end);
  }
  if (next === SINGLE || next === DOUBLE) return prefixed(scan, at, end);
  if (next === AMPERSAND && end === at + 1) return prefixed(scan, at, end + 1);
  return end;
}

/** The longest prefix that any reading knows: `rb`, `u&`, `nq`. */
const LONGEST_PREFIX = 2;
const UNDERSCORE = 0x5f;

function prefixed(scan: Scan, at: number, open: number): number {
  const { reading, text } = scan;
  const whenNone = text.charCodeAt(open - 1) === AMPERSAND ? open - 1 : open;
  if (open - at <= LONGEST_PREFIX) {
    const key = text.slice(at, open + 1).toLowerCase();
    const rule = Object.hasOwn(reading.prefixes, key) ? reading.prefixes[key] : undefined;
    if (rule !== undefined) return quoted(scan, { start: at, open }, rule);
  }
  const plain = reading.quoteOf[text.charCodeAt(open)];
  if (reading.introducers && text.charCodeAt(at) === UNDERSCORE && plain?.shows === false) {
    return quoted(scan, { start: at, open }, plain);
  }
  return whenNone;
}

function quote(scan: Scan, at: number): number {
  const rule = scan.reading.quoteOf[scan.text.charCodeAt(at)];
  return rule === undefined ? giveUpAt(scan, at) : quoted(scan, { start: at, open: at }, rule);
}

const DASH = 0x2d;
const SLASH = 0x2f;
const STAR = 0x2a;

function dash(scan: Scan, at: number): number {
  if (scan.text.charCodeAt(at + 1) !== DASH) return at + 1;
  const after = at + 2;
  const opens = !scan.reading.dashNeedsSpace || after >= scan.text.length || isSpace(scan.text.charCodeAt(after));
  return opens ? lineComment(scan, at) : at + 1;
}

function slash(scan: Scan, at: number): number {
  const next = scan.text.charCodeAt(at + 1);
  if (next === STAR) return blockComment(scan, at);
  return next === SLASH && scan.reading.slashComment ? lineComment(scan, at) : at + 1;
}

/** Braces are punctuation; inside of them `:1` is a member of an object and no parameter. */
function brace(scan: Scan, at: number): number {
  scan.braces += scan.text.charCodeAt(at) === 0x7b ? 1 : -1;
  return at + 1;
}
