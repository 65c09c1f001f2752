import xxhash from "xxhash-wasm";
import type { FieldDef, KindDef, KindDocument } from "@/lib/log-kinds/define";
import { fold } from "@/lib/log-kinds/fold";
import { cutWords, wordsOf } from "./words";

/**
 * Terms: 64-bit hashes of `log|field=value` that one GIN index finds rows by. Made here only, never in SQL. A collision
 * cannot show a wrong row, because every reader re-checks its rows against the conditions.
 */
const { h64 } = await xxhash();

export const ABSENT = "∅";

/** The term of one `key=value` in one log, as PostgreSQL's bigint (signed). */
export function term(logId: number, key: string, value: string): bigint {
  return BigInt.asIntN(64, h64(`${logId}|${key}=${value}`));
}

const HOUR_MICROS = 3_600_000_000;

/** Four buckets per power of two: 0 → -1, 1 → 0, 2 → 4, … */
export function bucketOf(value: number): number {
  return value < 1 ? -1 : Math.floor(4 * Math.log2(value));
}

function* fieldKeys(field: FieldDef, value: unknown, occurredAtMicros: number): Generator<[string, string]> {
  if (value === undefined || value === null) {
    if (field.facet) yield [field.name, ABSENT];
    return;
  }
  if (Array.isArray(value)) {
    for (const element of new Set(value.map((one) => fold(String(one))))) yield [field.name, element];
    return;
  }
  yield [field.name, fold(String(value))];
  if (field.numeric && typeof value === "number") {
    yield [`${field.name}~`, `${bucketOf(value)}@${Math.floor(occurredAtMicros / HOUR_MICROS)}`];
  }
}

interface TermSource {
  id: string;
  fields: KindDocument;
  occurredAtMicros: number;
}

/** The `key=value` pairs of one row, before hashing: what the index knows about it. Exported for tests. */
export function* termPairs(kind: KindDef, row: TermSource): Generator<[string, string]> {
  yield ["id", row.id.toLowerCase()];
  for (const field of kind.fields) {
    if (field.filter) yield* fieldKeys(field, row.fields[field.name], row.occurredAtMicros);
  }
  for (const combination of kind.combinations?.(row.fields) ?? []) yield ["", fold(combination)];
  const texts = kind.fields.filter((field) => field.words).map((field) => row.fields[field.name]);
  const words = wordsOf(texts.filter((text): text is string => typeof text === "string"));
  for (const word of words.found) yield ["text", word];
  if (words.cut) yield ["text", cutWords];
}

/** All terms of one row. */
export function termHashes(logId: number, kind: KindDef, row: TermSource): bigint[] {
  const hashes: bigint[] = [];
  for (const [key, value] of termPairs(kind, row)) hashes.push(term(logId, key, value));
  return hashes;
}
