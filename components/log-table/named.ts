/** What an id is called, where the reader may know; names come from outside, so `constructor` is a name like any other. */
export function nameOf(id: unknown, names: Readonly<Record<string, string>>): string | undefined {
  return typeof id === "string" && Object.hasOwn(names, id) ? names[id] : undefined;
}
