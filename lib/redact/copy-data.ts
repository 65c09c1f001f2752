/**
 * Where the data of a `COPY … FROM stdin;` begins (its first character that is no white space), or -1. It is no SQL, so no
 * lexer can say what it is; the words are looked for without regard to quotes, so that a misread text hides more, not less.
 */
export function copyDataStart(text: string): number {
  const copy = text.search(/\bcopy\b/i);
  if (copy < 0) return -1;
  const stdin = /\bstdin\b/gi;
  stdin.lastIndex = copy;
  if (stdin.exec(text) === null) return -1;
  const semicolon = text.indexOf(";", stdin.lastIndex);
  if (semicolon < 0) return -1;
  const data = /\S/g;
  data.lastIndex = semicolon + 1;
  return data.exec(text)?.index ?? -1;
}
