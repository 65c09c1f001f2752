import { Kind } from "./reading.ts";
import { giveUp, hide, kindAt, nameEnd, runEnd, type Scan, type Text } from "./scanning.ts";
import { TokenClass } from "./spans.ts";

const DOLLAR = 0x24;
const DOT = 0x2e;
const AMPERSAND = 0x26;
const COLON = 0x3a;
const PARENTHESIS = 0x28;

const isDigit = (code: number) => code >= 0x30 && code <= 0x39;
const isLetter = (code: number) => (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;
const isQuote = (code: number) => code === 0x22 || code === 0x27;

/**
 * A number takes the whole run of letters, digits, `_` and `.`, and the sign of an exponent: `0x1F`, `1_000`, `1.5e-3`, and
 * `2fa`. Versions differ on where it ends before a letter and a quote (`1E'…'` was a number and an escape string up to
 * PostgreSQL 14) or a dollar: doubt. Hides from `start`, which may be a mark before the run.
 */
export function number(scan: Scan, start: number, from: number): number {
  const { text } = scan;
  let end = runEnd(text, from, scan.reading.inNumber);
  while (isExponent(text, end)) end = runEnd(text, end + 1, scan.reading.inNumber);
  const last = text.charCodeAt(end - 1);
  if (text.charCodeAt(end) === DOLLAR) return giveUp(scan, start);
  if ((isLetter(last) || last > 127) && opensQuote(text, end)) return giveUp(scan, start);
  return hide(scan, start, end, TokenClass.number);
}

/** At a quote, which what stands before could be a prefix of: `'`, `"`, the `&'` of `U&'`. */
function opensQuote(text: Text, at: number): boolean {
  return isQuote(text.charCodeAt(text.charCodeAt(at) === AMPERSAND ? at + 1 : at));
}

/** At the sign of `1e-5`. */
function isExponent(text: Text, at: number): boolean {
  const sign = text.charCodeAt(at);
  return (
    (sign === 0x2b || sign === 0x2d) && (text.charCodeAt(at - 1) | 0x20) === 0x65 && isDigit(text.charCodeAt(at + 1))
  );
}

/** `.5`, also behind a name, or punctuation. */
export function dot(scan: Scan, at: number): number {
  return kindAt(scan, at + 1) === Kind.digit ? number(scan, at, at + 1) : at + 1;
}

/** `$`: a string, a parameter, money, a name. */
export function dollar(scan: Scan, at: number): number {
  const { reading } = scan;
  const kind = kindAt(scan, at + 1);
  if (kind === Kind.digit) return numbered(scan, at);
  const tagEnd = kind === Kind.name ? runEnd(scan.text, at + 1, TAG) : at + 1;
  const isTag = scan.text.charCodeAt(tagEnd) === DOLLAR;
  if (reading.dollar === "name or string") return isTag ? giveUp(scan, at) : nameEnd(scan, at);
  if (reading.dollar === "tagged string" && isTag) return dollarQuoted(scan, at, tagEnd + 1);
  if (reading.dollar === "plain string" && kind === Kind.dollar) return dollarQuoted(scan, at, at + 2);
  return variable(scan, at);
}

const TAG = Uint8Array.from({ length: 128 }, (_, code) => (isDigit(code) || isLetter(code) || code === 0x5f ? 1 : 0));

function dollarQuoted(scan: Scan, start: number, bodyStart: number): number {
  const delimiter = scan.text.slice(start, bodyStart);
  const close = scan.text.indexOf(delimiter, bodyStart);
  return close < 0 ? giveUp(scan, start) : hide(scan, start, close + delimiter.length, TokenClass.string);
}

/** `:`, `?`, and SQLite's `@` and `#`. */
export function marker(scan: Scan, at: number): number {
  return isDigit(scan.text.charCodeAt(at + 1)) ? numbered(scan, at) : variable(scan, at);
}

const MOST_DIGITS = 5;

/** A mark and digits: the number of a parameter, which stays, or a number. `$12.34` is money wherever it is read. */
function numbered(scan: Scan, at: number): number {
  const { text, reading } = scan;
  const mark = text.charCodeAt(at);
  let end = at + 1;
  while (isDigit(text.charCodeAt(end))) end++;
  const count = end - at - 1;
  const goesOn =
    runEnd(text, end, reading.inName) > end || (text.charCodeAt(end) === DOT && isDigit(text.charCodeAt(end + 1)));
  const isParameter = count > 0 && count <= MOST_DIGITS && !goesOn && parameterMay(scan, at);
  if (isParameter) return end;
  return mark === DOLLAR ? number(scan, at, at + 1) : at + 1;
}

/** In `{'a':1}`, `'a':1` and `x:1` the digits are a value. */
function parameterMay(scan: Scan, at: number): boolean {
  const mark = scan.text.charCodeAt(at);
  if (!scan.reading.parameters.includes(String.fromCharCode(mark))) return false;
  if (mark !== COLON) return true;
  return scan.braces === 0 && (at === 0 || " \t\n\r\f(,=<>+-*/|%".includes(scan.text.slice(at - 1, at)));
}

/** How far SQLite's `$name(…)` is looked through. */
const MOST_SUFFIX = 64;

/**
 * SQLite (tokenize.c, CC_DOLLAR and CC_VARALPHA) takes `(…)` behind a variable into its name, quotes and all, up to a
 * parenthesis or white space. Where more than words is inside, as in no `x::numeric(10,2)`, the rest is hidden. The look ahead
 * is bounded, so that `:a(:a(:a(` stays linear.
 */
function variable(scan: Scan, at: number): number {
  const { text } = scan;
  if (!scan.reading.tclVariables) return at + 1;
  const end = nameEnd(scan, at + 1);
  if (end === at + 1 || text.charCodeAt(end) !== PARENTHESIS) return end;
  return /^\([\w.,]*(?:[\s)]|$)/.test(text.slice(end, end + MOST_SUFFIX)) ? end : giveUp(scan, at);
}
