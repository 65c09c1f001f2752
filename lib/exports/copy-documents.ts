import "server-only";
import { to as copyTo } from "pg-copy-streams";
import { searchPool } from "@/lib/db/pools";
import { formatMicros } from "@/lib/log-kinds/time";
import type { Log } from "@/lib/query/log";
import { boundAfter, eventPartitions } from "@/lib/query/partitions";
import type { Key } from "@/lib/query/read-rows";
import { CopyReader } from "./copy-reader";

/** A key and the log that it is of. */
export interface LogKey extends Key {
  log: Log;
}

/** How much is read at a time; it is also what stands in memory while a slow client takes it. */
export interface ChunkLimits {
  chunkRowsMax: number;
  /** Of documents, before they are CSV. A single row may be larger. */
  chunkBytesMax: number;
}

/** Consecutive keys whose documents fit into memory together. */
export function* chunksOf(keys: readonly LogKey[], { chunkRowsMax, chunkBytesMax }: ChunkLimits): Generator<LogKey[]> {
  let from = 0;
  let bytes = 0;
  for (const [at, key] of keys.entries()) {
    if (at > from && (at - from >= chunkRowsMax || bytes + key.bytes > chunkBytesMax)) {
      yield keys.slice(from, at);
      from = at;
      bytes = 0;
    }
    bytes += key.bytes;
  }
  if (from < keys.length) yield keys.slice(from);
}

/** Takes the documents of the key at `index`; the order is the database's. */
export type TakeDocuments = (index: number, core: string, detail: string | null) => void;

/** Partitions of one statement. */
const PARTITIONS_AT_ONCE = 6;

/** Integers only: COPY takes no parameters. */
function spliced(value: number): string {
  if (!Number.isSafeInteger(value)) throw new Error(`${value} is no integer: nothing else is spliced into SQL`);
  return String(value);
}

function statement(log: Log, keys: readonly Key[]): string {
  const created = (key: Key | undefined) => `timestamptz '${formatMicros(Number(spliced(key?.created_us ?? 0)))}'`;
  return `copy (select seq, core, detail from audit.event where log_id = ${spliced(log.id)}
    and created_at >= ${created(keys[0])} and created_at <= ${created(keys.at(-1))}
    and seq = any('{${keys.map((key) => spliced(key.seq)).join(",")}}')) to stdout (format binary)`;
}

/**
 * One COPY, drained at the database's pace and not at the client's: the connection is free again before anything is sent.
 * Where the download is given up, the connection is cut, which is how a COPY is stopped.
 */
async function copyOut(text: string, reader: CopyReader, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const client = await searchPool().connect();
  let broken: Error | undefined;
  try {
    // With as many keys and no statistics yet the planner would take a walk over the whole partition for cheaper.
    await client.query("begin read only; set local enable_seqscan = off");
    const stream = client.query(copyTo(text));
    // The cut connection says so once more, after the loop below has ended.
    stream.on("error", () => {});
    const stop = () => stream.destroy(signal.reason as Error);
    signal.addEventListener("abort", stop);
    try {
      for await (const bytes of stream) reader.push(bytes as Buffer);
    } finally {
      signal.removeEventListener("abort", stop);
    }
    await client.query("rollback");
  } catch (error) {
    broken = error as Error;
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Keys of one log in groups that lie in a few partitions each. */
async function groupsOf(keys: readonly LogKey[]): Promise<LogKey[][]> {
  const sorted = [...keys].sort((a, b) => a.created_us - b.created_us);
  const partitions = await eventPartitions([sorted[0]?.created_us ?? 0, sorted.at(-1)?.created_us ?? 0]);
  const groups: LogKey[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const key of sorted) {
    if (key.created_us >= end) {
      end = boundAfter(partitions, key.created_us, PARTITIONS_AT_ONCE);
      groups.push([]);
    }
    groups.at(-1)?.push(key);
  }
  return groups;
}

/**
 * Hands over the stored documents of keys, each at most once, in any order. A key whose row has gone is left out.
 * @throws the signal's reason where it is aborted
 */
export async function copyDocuments(keys: readonly LogKey[], take: TakeDocuments, signal: AbortSignal): Promise<void> {
  for (const log of new Set(keys.map((key) => key.log))) {
    const mine = keys.filter((key) => key.log === log);
    const places = new Map<number, number>();
    for (const [index, key] of keys.entries()) if (key.log === log) places.set(key.seq, index);
    const reader = new CopyReader((seq, core, detail) => {
      const index = places.get(seq);
      if (index !== undefined) take(index, core, detail);
    });
    for (const group of await groupsOf(mine)) await copyOut(statement(log, group), reader.start(), signal);
  }
}
