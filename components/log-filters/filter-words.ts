/** Value → the words that the page shows for it. */
export type Words = Readonly<Record<string, string>>;

/** What somebody typed as rows have it: the page shows words, and a filter that took them for a value would find a false nothing. */
export function typedValue(typed: string, words: Words = {}): string {
  const asked = typed.trim().toLowerCase();
  const [value] = Object.entries(words).find(([, shown]) => shown.toLowerCase() === asked) ?? [];
  return value ?? typed.trim();
}

/** A value as the page shows it. */
export function shownValue(value: string, words: Words = {}): string {
  const name = value.toLowerCase();
  return Object.hasOwn(words, name) ? (words[name] ?? value) : value;
}
