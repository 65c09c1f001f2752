/** What one emitter's rows lack. */
export interface EmitterGap {
  /** `context.emitter.id`: one client of one process. */
  emitterId: string;
  /** The highest number seen. What was sent after it and lost cannot be seen. */
  lastSeq: number;
  /** Ranges of numbers that no row has, both ends included. */
  missing: { from: number; to: number }[];
  /** How many they are together. */
  count: number;
}

interface Emitter {
  id: string;
  seq: number;
}

function emitterOf(row: { context?: unknown }): Emitter | undefined {
  const { emitter } = (row.context ?? {}) as { emitter?: { id?: unknown; seq?: unknown } };
  if (typeof emitter?.id !== "string" || !Number.isSafeInteger(emitter.seq)) return undefined;
  return emitter as Emitter;
}

function missingFrom(sorted: readonly number[], start: number): { from: number; to: number }[] {
  const missing: { from: number; to: number }[] = [];
  let expected = start;
  for (const seq of sorted) {
    if (seq > expected) missing.push({ from: expected, to: seq - 1 });
    expected = Math.max(expected, seq + 1);
  }
  return missing;
}

/**
 * Producers' losses: which numbers of `context.emitter` no row has, for each emitter that lacks some. Rows may come in any
 * order and more than once; those without an emitter are skipped. Give all rows of an emitter that there are: numbers begin
 * with 0, so rows from the middle of its life seem to lack what came before.
 * @param options.window the rows are such a middle: look only between the lowest and the highest number
 */
export function findGaps(
  rows: Iterable<{ context?: unknown }>,
  { window = false }: { window?: boolean } = {},
): EmitterGap[] {
  const seen = new Map<string, number[]>();
  for (const row of rows) {
    const emitter = emitterOf(row);
    if (!emitter) continue;
    const numbers = seen.get(emitter.id);
    if (numbers) numbers.push(emitter.seq);
    else seen.set(emitter.id, [emitter.seq]);
  }
  return [...seen].flatMap(([emitterId, numbers]) => {
    numbers.sort((a, b) => a - b);
    const missing = missingFrom(numbers, window ? (numbers[0] ?? 0) : 0);
    if (missing.length === 0) return [];
    const count = missing.reduce((sum, { from, to }) => sum + to - from + 1, 0);
    return [{ emitterId, lastSeq: numbers.at(-1) ?? 0, missing, count }];
  });
}

/**
 * What is wrong with the next rows of a whole log, in a sentence; undefined where each follows the one before. Without a
 * filter every row is there, so a hole means a server or a proxy that is broken: better stop than skip.
 * @param last seq of the row before these, where it is known
 */
export function holeInTail(rows: readonly { seq: number }[], last: number | undefined): string | undefined {
  let before = last;
  for (const { seq } of rows) {
    if (before !== undefined && seq !== before + 1)
      return `The tail goes from ${before} to ${seq}: rows between are missing.`;
    before = seq;
  }
  return undefined;
}
