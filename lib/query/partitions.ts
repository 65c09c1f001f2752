import "server-only";
import { readPool } from "@/lib/db/pools";

/** Partitions of `event`, oldest first, as half-open ranges of created_at in µs. */
export interface Partition {
  fromMicros: number;
  toMicros: number;
}

/** New partitions are attached two weeks ahead and merged ones keep covering the same time, so a minute's age is harmless. */
const MAX_AGE_MS = 60_000;
let cached: { at: number; partitions: Partition[] } | undefined;

const covers = (partitions: readonly Partition[], at: number) =>
  partitions.some((partition) => partition.fromMicros <= at && at < partition.toMicros);

/**
 * @param covering times that rows are known or likely to have, µs. Where one lies in no partition of the list at hand, the
 * list is read anew: an append that found no partition has just made one.
 */
export async function eventPartitions(covering: readonly number[] = []): Promise<Partition[]> {
  const known = cached && performance.now() - cached.at < MAX_AGE_MS ? cached.partitions : undefined;
  if (known && covering.every((at) => covers(known, at))) return known;
  const { rows } = await readPool().query<{ lo: number; hi: number }>(
    `select (extract(epoch from from_at) * 1000000)::bigint as lo, (extract(epoch from to_at) * 1000000)::bigint as hi
     from audit.partition where parent = 'event' order by from_at`,
  );
  cached = { at: performance.now(), partitions: rows.map((row) => ({ fromMicros: row.lo, toMicros: row.hi })) };
  return cached.partitions;
}

export function forgetPartitions(): void {
  cached = undefined;
}

/** Most partitions that one statement may touch. */
export const PARTITIONS_MAX = 8;

/** The latest created_at (exclusive, µs) up to which a statement that starts at `fromMicros` stays within `most` partitions. */
export function boundAfter(partitions: readonly Partition[], fromMicros: number, most: number): number {
  const first = partitions.findIndex((partition) => partition.toMicros > fromMicros);
  if (first < 0) return Number.MAX_SAFE_INTEGER;
  return partitions[Math.min(first + most, partitions.length) - 1]?.toMicros ?? Number.MAX_SAFE_INTEGER;
}
