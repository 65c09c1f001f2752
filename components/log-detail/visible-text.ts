/**
 * Characters that a reader would not see, or that change how the rest is shown: controls, bidirectional marks, zero-width
 * and other format characters, line separators, tags and lone surrogates. What somebody logged must not rearrange what an
 * auditor reads.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u115f\u1160\u3164\uffa0]|\u034f/gu;

/** Most cells: nothing in them is unseen, and the search for it costs ten times as much. */
const PLAIN = /^[ -~]*$/;

/** `\u202e`-style escapes, a surrogate pair for characters beyond U+FFFF, so that JSON stays JSON. */
function escaped(character: string): string {
  let text = "";
  for (let index = 0; index < character.length; index += 1) {
    text += `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`;
  }
  return text;
}

/** A value as indented JSON in which every character can be seen. Still the same JSON value. */
export function visibleJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2) ?? "null";
  // Line feeds are the layout's own: inside strings JSON.stringify has escaped them already.
  return text.replace(UNSEEN, (character) => (character === "\n" ? character : escaped(character)));
}

/** A text of a cell in one line: what cannot be seen becomes its escape. */
export function visibleText(text: string): string {
  return PLAIN.test(text) ? text : text.replace(UNSEEN, escaped);
}

/** White space that lays out a text in lines; the rest of the controls is no layout. */
const LAYOUT = /\r\n|[\r\n\t]/g;

/** A text of several lines in one: line breaks and tabs become spaces, what else cannot be seen its escape. */
export function lineText(text: string): string {
  return visibleText(text.replace(LAYOUT, " "));
}
