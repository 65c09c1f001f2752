import { at, firstEndingAfter, type Spans, TokenClass } from "./spans.ts";

/** What introduces a secret. No part of it repeats before a fixed word, so that the search is linear. */
const INTRODUCES =
  /(?:password|passwd|passphrase|pwd|secret|credentials?|token|api_?key|access_?key|private_?key|key_id)\w*|identified\s+by\b/gi;

/** After these words themselves a secret follows without a sign between; behind a longer name only after `=` or `:`. */
const DIRECTLY = /^(?:password|passwd|passphrase|secret|credentials|identified\s+by)$/i;

/** Words that no one would write a secret with, as they follow a column called `password`. */
const FOLLOWERS = new Set(
  `and as asc begin between bigint bytea char character collate default desc else end except expire false for from full group
   having history identified ilike in inner int integer intersect interval into is join left like limit lock not null nvarchar
   offset on option or order outer password policy primary random references require returning reuse right set text then to
   true union unique using valid values varchar where with when`.split(/\s+/),
);

/** Bare words and quoted names that are secrets by the word before them, as further tokens to hide. */
export function secretWords(text: string, spans: Spans): Spans {
  const found: Spans = [];
  let done = 0;
  for (const match of text.matchAll(INTRODUCES)) {
    if (match.index < done || isHidden(spans, match.index)) continue;
    const isWhole = !/[\w$]/.test(text.charAt(match.index - 1));
    const value = valueStart(text, spans, match.index + match[0].length, isWhole && DIRECTLY.test(match[0]));
    if (value < 0 || classAt(spans, value) === TokenClass.string) continue;
    const end = valueEnd(text, spans, value);
    if (isWholeNumber(spans, value, end) || !isSecret(text.slice(value, end), text.charAt(end))) continue;
    found.push(value, end, TokenClass.string);
    done = end;
  }
  return found;
}

function isHidden(spans: Spans, place: number): boolean {
  const index = firstEndingAfter(spans, place);
  return index < spans.length && at(spans, index) <= place && at(spans, index + 2) !== TokenClass.name;
}

/** The class of the token that begins at a place. */
function classAt(spans: Spans, place: number): number | undefined {
  const index = firstEndingAfter(spans, place);
  return index < spans.length && at(spans, index) === place ? at(spans, index + 2) : undefined;
}

function isWholeNumber(spans: Spans, start: number, end: number): boolean {
  return classAt(spans, start) === TokenClass.number && at(spans, firstEndingAfter(spans, start) + 1) === end;
}

/** Where the value begins behind the word, white space, comments and a sign; -1 where none can. */
function valueStart(text: string, spans: Spans, from: number, directly: boolean): number {
  const gap = skipGap(text, spans, from);
  const sign = /^(?:=>?|:=?)/.exec(text.slice(gap, gap + 2))?.[0];
  if (sign !== undefined && text.charAt(gap + 1) !== ":") return skipGap(text, spans, gap + sign.length);
  return directly && gap > from ? gap : -1;
}

function skipGap(text: string, spans: Spans, from: number): number {
  let place = from;
  let index = firstEndingAfter(spans, from);
  for (; place < text.length; ) {
    if (/\s/.test(text.charAt(place))) {
      place++;
    } else if (index < spans.length && at(spans, index) === place && at(spans, index + 2) === TokenClass.comment) {
      place = at(spans, index + 1);
      index += 3;
    } else {
      break;
    }
  }
  return place;
}

/** A value goes on over tokens of any kind up to a comment, white space, a comma, a semicolon or a parenthesis. */
function valueEnd(text: string, spans: Spans, from: number): number {
  let place = from;
  let index = firstEndingAfter(spans, from);
  while (place < text.length) {
    if (index < spans.length && at(spans, index) === place) {
      if (at(spans, index + 2) === TokenClass.comment) break;
      place = at(spans, index + 1);
      index += 3;
    } else if (/[\s,;()]/.test(text.charAt(place))) {
      break;
    } else {
      place++;
    }
  }
  return place;
}

/** Parameters, calls and words of the language are none. */
function isSecret(value: string, next: string): boolean {
  if (value === "" || (next === "(" && /^[\w.]+$/.test(value))) return false;
  return !FOLLOWERS.has(value.toLowerCase()) && !/^(?:\$\d{1,5}|\?\d{0,5}|[:@][A-Za-z_]\w*)$/.test(value);
}
