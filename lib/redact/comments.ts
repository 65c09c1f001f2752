import type { Reading } from "./reading.ts";
import { giveUp, hide, type Scan, type Text } from "./scanning.ts";
import { TokenClass } from "./spans.ts";

const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const TAB = 0x09;
const FORM_FEED = 0x0c;
const BACKSLASH = 0x5c;
const STAR = 0x2a;
const SLASH = 0x2f;

/** `-- …`, `# …`, `// …`: up to its line break, which stays. */
export function lineComment(scan: Scan, start: number): number {
  const { text, reading } = scan;
  let end = start;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === LINE_FEED) break;
    if (code >= 0x20 && code < 0x7f) continue;
    if (code === RETURN && (text.charCodeAt(end + 1) === LINE_FEED || reading.lineEnd === "either")) break;
    if (mayEndLine(code, reading.lineEnd)) return giveUp(scan, start);
  }
  const carriesOn = reading.lineContinues && text.charCodeAt(end - 1) === BACKSLASH;
  return carriesOn ? giveUp(scan, start) : hide(scan, start, end, TokenClass.comment);
}

/**
 * Whether it is not known that a line comment goes on: at a carriage return or a line end of Unicode where no source says so, and
 * at control characters in all (MySQL ends a comment at NUL).
 */
function mayEndLine(code: number, lineEnd: Reading["lineEnd"]): boolean {
  if (code < 0x20 && code !== TAB && code !== FORM_FEED && code !== RETURN) return true;
  return lineEnd === "not known" && [RETURN, 0x85, 0x2028, 0x2029].includes(code);
}

/** A block comment: flat, nested, or code in disguise. */
export function blockComment(scan: Scan, start: number): number {
  const { text, reading } = scan;
  const isCode = reading.codeComments.some((mark) => text.slice(start + 2, start + 2 + mark.length) === mark);
  const end = blockEnd(scan, start);
  if (end < 0 && reading.openComment) return hide(scan, start, text.length, TokenClass.comment);
  if (end < 0 || (isCode && holdsMoreThanWords(text, start + 2, end))) return giveUp(scan, start);
  return hide(scan, start, end, TokenClass.comment);
}

function blockEnd({ text, reading }: Scan, start: number): number {
  if (reading.blockComment !== "flat") return nestedEnd(text, start + 2, reading.blockComment === "nested");
  const close = text.indexOf("*/", start + 2);
  return close < 0 ? -1 : close + 2;
}

/** Where comments may hold comments; where it is not known whether they may, one inside has no known end. */
function nestedEnd(text: Text, from: number, nests: boolean): number {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const next = text.charCodeAt(at + 1);
    if (code === STAR && next === SLASH) {
      depth--;
      if (depth === 0) return at + 2;
      at++;
    } else if (code === SLASH && next === STAR) {
      if (!nests) return -1;
      depth++;
      at++;
    }
  }
  return -1;
}

/**
 * MySQL runs what is in an executable comment, and hints are read as code too: with a quote or a comment inside, the end may
 * be elsewhere than at the first closing mark.
 */
function holdsMoreThanWords(text: Text, from: number, end: number): boolean {
  return /['"`#\\$]|--|\/\*/.test(text.slice(from, end));
}
