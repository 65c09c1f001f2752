import "server-only";
import { AppError } from "@/lib/errors/app-error";
import type { Place } from "./place";

/**
 * Cursors are opaque: base64url of a version, a letter and integers. They hold no secret and grant nothing (the log they
 * name is authorized like any other parameter), but a damaged one must never mean "page one".
 */
type CursorKind = "t" | "s" | "h";

function encode(kind: CursorKind, numbers: readonly number[]): string {
  return Buffer.from(`1${kind}${numbers.map((number) => number.toString(36)).join(".")}`).toString("base64url");
}

function decode(kind: CursorKind, cursor: string, count: number): number[] | undefined {
  const text = Buffer.from(cursor, "base64url").toString("latin1");
  if (!text.startsWith(`1${kind}`)) return undefined;
  const numbers = text
    .slice(2)
    .split(".")
    .map((part) => Number.parseInt(part, 36));
  if (numbers.length < count || !numbers.every(Number.isSafeInteger)) return undefined;
  // Re-encoding proves that this is to the letter what we gave out.
  return encode(kind, numbers) === cursor ? numbers : undefined;
}

function invalid(): AppError {
  return new AppError(
    "invalid_cursor",
    "Send the cursor exactly as the previous answer gave it, or leave it out to start from the beginning.",
  );
}

/** A place in one log: rows strictly after `seq` are next. */
export interface TailCursor {
  logId: number;
  /** -1: before the first row. */
  seq: number;
}

export function encodeTail(cursor: TailCursor): string {
  return encode("t", [cursor.logId, cursor.seq]);
}

/** @throws AppError 400 `invalid_cursor` */
export function decodeTail(text: string): TailCursor {
  const numbers = decode("t", text, 2);
  const [logId = 0, seq = 0] = numbers ?? [];
  if (numbers?.length !== 2 || seq < -1) throw invalid();
  return { logId, seq };
}

/** A place in a search over one or several logs, and the heads that the whole series of pages is pinned to. */
export interface SearchCursor extends Place {
  asOf: Map<number, number>;
}

export function encodeSearch(cursor: SearchCursor): string {
  return encode("s", [cursor.occurredAtMicros, cursor.logId, cursor.seq, ...[...cursor.asOf].flat()]);
}

/** @throws AppError 400 `invalid_cursor` */
export function decodeSearch(text: string): SearchCursor {
  const numbers = decode("s", text, 5);
  if (!numbers || numbers.length % 2 === 0) throw invalid();
  const [occurredAtMicros = 0, logId = 0, seq = 0, ...heads] = numbers;
  return { occurredAtMicros, logId, seq, asOf: pairs(heads) };
}

function pairs(numbers: readonly number[]): Map<number, number> {
  const map = new Map<number, number>();
  for (let index = 0; index + 1 < numbers.length; index += 2) map.set(numbers[index] ?? 0, numbers[index + 1] ?? 0);
  return map;
}

/** The opaque vector of heads that every search answers with, and `as_of=` takes. */
export function encodeSnapshot(heads: ReadonlyMap<number, number>): string {
  return encode("h", [...heads].flat());
}

/** @throws AppError 400 `invalid_cursor` */
export function decodeSnapshot(text: string): Map<number, number> {
  const numbers = decode("h", text, 2);
  if (!numbers || numbers.length % 2 === 1) throw invalid();
  return pairs(numbers);
}
