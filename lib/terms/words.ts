import { fold } from "@/lib/log-kinds/fold";

/** Words of free text: what `text=` terms and free-text search are made of. The same code cuts documents and queries. */
const DISTINCT_MAX = 128;
const CHARACTERS_MAX = 16_384;
const LENGTH_MIN = 2;
const LENGTH_MAX = 64;

/** The value of the term that marks a row whose words were not all indexed. Longer than any word. */
export const cutWords = `${"cut".padEnd(LENGTH_MAX, "·")}·`;

const ASCII_WORD = /[a-z0-9]+/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the whole of ASCII is meant.
const ASCII_ONLY = /^[\x00-\x7f]*$/;
const segmenter = new Intl.Segmenter("und", { granularity: "word" });

// ICU's segmenter costs about 2 µs a character, so plain ASCII (nearly all of it) takes the regular expression. Segments
// of mixed text that are themselves ASCII go through it too, so that a word is cut alike wherever it stands.
function mixedWords(chunk: string): string[] {
  const words: string[] = [];
  for (const { segment, isWordLike } of segmenter.segment(chunk)) {
    if (!isWordLike) continue;
    if (ASCII_ONLY.test(segment)) words.push(...(segment.match(ASCII_WORD) ?? []));
    else words.push(segment);
  }
  return words;
}

/** Folded words of 2 to 64 characters as they stand in a text, repeated ones too. */
export function textWords(text: string): string[] {
  const folded = fold(text);
  // White space ends a word in either way of cutting, so plain text is cut in one go.
  const words = ASCII_ONLY.test(folded)
    ? (folded.match(ASCII_WORD) ?? [])
    : folded
        .split(/\s+/)
        .flatMap((chunk) => (ASCII_ONLY.test(chunk) ? (chunk.match(ASCII_WORD) ?? []) : mixedWords(chunk)));
  return words.filter((word) => word.length >= LENGTH_MIN && word.length <= LENGTH_MAX);
}

/** The texts of a value: of a JSON value those of its members, their names among them. */
export function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "number") return [String(value)];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => [name, ...textsOf(member)]);
}

/**
 * Distinct folded words of 2 to 64 characters, in order, and whether anything was left out.
 * @param most words, and of that many characters in proportion; beyond it the rest is left out
 */
export function wordsOf(texts: readonly string[], most = DISTINCT_MAX): { found: Set<string>; cut: boolean } {
  const found = new Set<string>();
  let left = most === DISTINCT_MAX ? CHARACTERS_MAX : Number.POSITIVE_INFINITY;
  for (const text of texts) {
    for (const word of textWords(text.slice(0, left))) {
      found.add(word);
      if (found.size > most) {
        found.delete(word);
        return { found, cut: true };
      }
    }
    left -= text.length;
    if (left < 0) return { found, cut: true };
  }
  return { found, cut: false };
}
