import { at, type Spans, TokenClass } from "./spans.ts";

/** Draws what stands in place of a number: 0 to 9, whatever the number was. */
export type Digits = () => number;

const STRING = "'literal_string'";
const COMMENT = "/* comment */";

/**
 * The text with its hidden tokens replaced. Strings with nothing but white space between them become one, since some lexers
 * read them so; a space is put where a replacement would join what stands before it.
 */
export function render(text: string, spans: Spans, digit: Digits): string {
  const parts: string[] = [];
  let from = 0;
  let before = "";
  for (let index = 0; index < spans.length; index += 3) {
    const tokenClass = at(spans, index + 2);
    if (tokenClass === TokenClass.name) continue;
    const shown = text.slice(from, at(spans, index));
    from = at(spans, index + 1);
    if (tokenClass === TokenClass.string && before === STRING && shown.trim() === "") continue;
    const replacement = replacementOf(tokenClass, digit);
    parts.push(shown, joins(shown === "" ? before : shown, replacement) ? " " : "", replacement);
    before = replacement;
  }
  parts.push(text.slice(from));
  return parts.join("");
}

function replacementOf(tokenClass: number, digit: Digits): string {
  if (tokenClass === TokenClass.string) return STRING;
  return tokenClass === TokenClass.comment ? COMMENT : String(digit());
}

/**
 * A name (or `U&`) before a quote would be its prefix, before a digit one name with it, a dot before a digit a number; a slash
 * before a comment would open another.
 */
function joins(shown: string, replacement: string): boolean {
  return replacement === COMMENT ? shown.endsWith("/") : /[\p{L}\p{M}\p{N}_$&.]$/u.test(shown.slice(-2));
}
