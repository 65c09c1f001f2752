const STEPS: Record<string, number> = { "{": 1, "[": 1, "}": -1, "]": -1 };

/** Index just past the string that begins at `at`. */
function endOfString(text: string, at: number): number {
  let end = at + 1;
  while (text[end] !== '"') end += text[end] === "\\" ? 2 : 1;
  return end + 1;
}

/**
 * The texts of an array's elements, or of an object's members (`"name": value`), without space around them. Each can
 * then be judged alone, by the limits and faults of one event, where JSON.parse would have lost what is wrong with it.
 * One pass without recursion. `text` must be valid JSON whose outermost value is a container.
 */
export function elementTexts(text: string): string[] {
  const elements: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] as string;
    if (char === '"') {
      at = endOfString(text, at) - 1;
      continue;
    }
    const step = STEPS[char] ?? 0;
    depth += step;
    const ends = (step < 0 && depth === 0) || (char === "," && depth === 1);
    if (ends) elements.push(text.slice(start, at).trim());
    if (ends || (step > 0 && depth === 1)) start = at + 1;
  }
  // Of an empty container the one "element" is what stands between its brackets: nothing.
  return elements.length === 1 && elements[0] === "" ? [] : elements;
}
