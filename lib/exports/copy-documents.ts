import "server-only";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { to as copyTo } from "pg-copy-streams";
import { copyPool } from "@/lib/db/pools";
import { formatMicros } from "@/lib/log-kinds/time";
import { countWhile, type KeyList } from "@/lib/query/key-list";
import { boundAfter, eventPartitions } from "@/lib/query/partitions";
import { CopyReader, type StoredDocuments } from "./copy-reader";

/** How much is read at a time; it is also what stands in memory while a slow client takes it. */
export interface ChunkLimits {
  chunkRowsMax: number;
  /** Of documents, before they are CSV. A single row may be larger. */
  chunkBytesMax: number;
}

/** Consecutive keys whose documents fit into memory together. */
export function* chunksOf(keys: KeyList, { chunkRowsMax, chunkBytesMax }: ChunkLimits): Generator<KeyList, void> {
  let from = 0;
  let bytes = 0;
  for (let at = 0; at < keys.length; at += 1) {
    if (at > from && (at - from >= chunkRowsMax || bytes + keys.bytes(at) > chunkBytesMax)) {
      yield keys.slice(from, at);
      from = at;
      bytes = 0;
    }
    bytes += keys.bytes(at);
  }
  if (from < keys.length) yield keys.slice(from);
}

/** Takes the documents of the key at `index`; the order is the database's. */
export type TakeDocuments = (index: number, documents: StoredDocuments) => void;

/** Partitions of one statement. */
const PARTITIONS_AT_ONCE = 6;
/** Where so many of the rows between the first and the last are wanted, a range is read faster than a list. */
const DENSE = 0.9;

/** Integers only: COPY takes no parameters. */
function spliced(value: number): string {
  if (!Number.isSafeInteger(value)) throw new Error(`${value} is no integer: nothing else is spliced into SQL`);
  return String(value);
}

/** Keys of one log, as indexes in the order of seq, that lie in a few partitions. */
interface Group {
  logId: number;
  indexes: number[];
}

function statement(keys: KeyList, { logId, indexes }: Group): string {
  const seqs = indexes.map((index) => keys.seq(index));
  const [first = 0, last = 0] = [seqs[0], seqs.at(-1)];
  const created = (index: number | undefined) => `timestamptz '${formatMicros(keys.createdMicros(index ?? 0))}'`;
  const isDense = seqs.length >= DENSE * (last - first + 1);
  const wanted = isDense
    ? `seq between ${spliced(first)} and ${spliced(last)}`
    : `seq = any('{${seqs.map(spliced).join(",")}}')`;
  return `copy (select seq, core, detail from audit.event where log_id = ${spliced(logId)}
    and created_at between ${created(indexes[0])} and ${created(indexes.at(-1))} and ${wanted}) to stdout (format binary)`;
}

/** Takes what arrives at once; nothing of it waits. */
const into = (reader: CopyReader) =>
  new Writable({
    write(bytes: Buffer, _encoding, done) {
      try {
        reader.push(bytes);
        done();
      } catch (error) {
        done(error as Error);
      }
    },
  });

/**
 * One COPY, drained at the database's pace and not at the client's: the connection is free again before anything is sent.
 * Where the download is given up, the connection is cut, which is how a COPY is stopped.
 */
async function copyOut(text: string, reader: CopyReader, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const client = await copyPool().connect();
  let broken: Error | undefined;
  try {
    const stream = client.query(copyTo(text));
    // The cut connection says so once more, after the pipeline has ended.
    stream.on("error", () => {});
    await pipeline(stream, into(reader), { signal });
  } catch (error) {
    broken = error as Error;
    throw signal.aborted ? signal.reason : error;
  } finally {
    client.release(broken);
  }
}

/** The keys of one log, by few partitions at a time. */
async function groupsOf(keys: KeyList, logId: number): Promise<Group[]> {
  const indexes: number[] = [];
  for (let index = keys.length - 1; index >= 0; index -= 1) if (keys.logId(index) === logId) indexes.push(index);
  // created_at never goes back in a log, so this is its order, too.
  indexes.sort((a, b) => keys.seq(a) - keys.seq(b));
  const createdAt = (index: number | undefined) => keys.createdMicros(index ?? 0);
  const partitions = await eventPartitions([createdAt(indexes[0]), createdAt(indexes.at(-1))]);
  const groups: Group[] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const index of indexes) {
    if (createdAt(index) >= end) {
      end = boundAfter(partitions, createdAt(index), PARTITIONS_AT_ONCE);
      groups.push({ logId, indexes: [] });
    }
    groups.at(-1)?.indexes.push(index);
  }
  return groups;
}

/** Looks up keys by their seq; at once where they are asked for in this order, as they nearly always are. */
function finder(keys: KeyList, { indexes }: Group): (seq: number) => number | undefined {
  let next = 0;
  return (seq) => {
    if (next === indexes.length || keys.seq(indexes[next] as number) !== seq)
      next = countWhile(indexes.length, (at) => keys.seq(indexes[at] as number) < seq);
    if (next === indexes.length || keys.seq(indexes[next] as number) !== seq) return undefined;
    return indexes[next++];
  };
}

/**
 * Hands over the stored documents of keys, each at most once, in any order. A key whose row has gone is left out.
 * @throws the signal's reason where it is aborted
 */
export async function copyDocuments(keys: KeyList, take: TakeDocuments, signal: AbortSignal): Promise<void> {
  const logIds = new Set<number>();
  for (let index = 0; index < keys.length; index += 1) logIds.add(keys.logId(index));
  for (const logId of logIds) {
    for (const group of await groupsOf(keys, logId)) {
      const find = finder(keys, group);
      const reader = new CopyReader((seq, documents) => {
        const index = find(seq);
        if (index !== undefined) take(index, documents);
      });
      await copyOut(statement(keys, group), reader, signal);
    }
  }
}
