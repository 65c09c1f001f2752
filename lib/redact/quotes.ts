import type { Quote } from "./reading.ts";
import { giveUp, hide, isSpace, type Scan, type Text } from "./scanning.ts";
import { TokenClass } from "./spans.ts";

const BACKSLASH = 0x5c;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const DASH = 0x2d;

/** A quoted token: from its prefix (`start`), with its quote at `open`. Without an end, the rest is hidden. */
export function quoted(scan: Scan, { start, open }: { start: number; open: number }, quote: Quote): number {
  const end = quotedEnd(scan.text, open, quote);
  if (end < 0) return giveUp(scan, start);
  return hide(scan, start, end, quote.shows ? TokenClass.name : TokenClass.string);
}

function quotedEnd(text: Text, open: number, quote: Quote): number {
  if (quote.delimited) return delimitedEnd(text, open);
  const close = quote.close.charCodeAt(0);
  if (quote.triple && text.charCodeAt(open + 1) === close && text.charCodeAt(open + 2) === close) {
    return tripleEnd(text, open + 3, close);
  }
  for (let at = open + 1; ; ) {
    const end = closing(text, at, quote);
    if (end < 0) return -1;
    if (quote.doubled && text.charCodeAt(end + 1) === close) {
      at = end + 2;
      continue;
    }
    const next = quote.continued ? continuation(text, end + 1, quote) : NONE;
    if (next === NONE) return end + 1;
    if (next === NOT_KNOWN) return -1;
    at = next;
  }
}

const NONE = -1;
const NOT_KNOWN = -2;

/** The next closing character that no backslash takes; -1 where there is none, or a line break comes first and may not. */
function closing(text: Text, from: number, quote: Quote): number {
  if (!quote.backslash && !quote.oneLine) return text.indexOf(quote.close, from);
  const close = quote.close.charCodeAt(0);
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === close) return at;
    const taken = quote.backslash && code === BACKSLASH ? text.charCodeAt(++at) : code;
    if (quote.oneLine && (taken === LINE_FEED || taken === RETURN)) return -1;
  }
  return -1;
}

const COUNTERPARTS: Readonly<Record<string, string>> = { "[": "]", "(": ")", "{": "}", "<": ">" };

/** Oracle: up to the character behind the quote, or its counterpart, and a quote. */
function delimitedEnd(text: Text, open: number): number {
  const delimiter = text.slice(open + 1, open + 2);
  if (delimiter === "") return -1;
  const close = text.indexOf(`${COUNTERPARTS[delimiter] ?? delimiter}'`, open + 2);
  return close < 0 ? -1 : close + 2;
}

/** BigQuery: a triple-quoted string, also a raw one, goes over a quote that follows a backslash. */
function tripleEnd(text: Text, from: number, close: number): number {
  for (let at = from; at + 2 < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === close && text.charCodeAt(at + 1) === close && text.charCodeAt(at + 2) === close) return at + 3;
  }
  return -1;
}

/**
 * PostgreSQL (scan.l, `quotecontinue`): behind white space with a line break in it another quote carries the literal on in its
 * state, so that the backslash escapes of `E'…'` go on. Returns the place behind that quote. PostgreSQL lets the white space
 * hold `--` comments, parsers made of it do not: where the state matters, that is not known.
 */
function continuation(text: Text, from: number, quote: Quote): number {
  const { end, breaks, comments } = whiteSpace(text, from);
  if (!breaks || text.charCodeAt(end) !== quote.close.charCodeAt(0)) return NONE;
  return comments && (quote.backslash || !quote.doubled) ? NOT_KNOWN : end + 1;
}

/** White space and `--` comments, and whether it has line breaks and comments. */
function whiteSpace(text: Text, from: number) {
  const found = { end: from, breaks: false, comments: false };
  for (; found.end < text.length; found.end++) {
    const code = text.charCodeAt(found.end);
    if (code === LINE_FEED || code === RETURN) {
      found.breaks = true;
    } else if (code === DASH && text.charCodeAt(found.end + 1) === DASH) {
      found.comments = true;
      found.end = beforeBreak(text, found.end);
    } else if (!isSpace(code)) {
      break;
    }
  }
  return found;
}

function beforeBreak(text: Text, from: number): number {
  let at = from;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === LINE_FEED || code === RETURN) break;
  }
  return at - 1;
}
