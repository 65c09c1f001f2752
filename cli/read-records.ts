import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { endlessRecord, type RawRecord, RECORD_LENGTH_MAX, ReadFault, RecordSplitter } from "./record-splitter";

/** How much of a file is looked at to tell one record a line from one big value, characters. */
const HEAD_LENGTH = 65_536;

interface ReadOptions {
  /** The member of an object whose elements are the records, such as `Records`. */
  listName: string;
  /** Told how many bytes of the file were read. */
  onBytes?: (bytes: number) => void;
}

/**
 * The records of a file, or of bytes as they come, one after another and never all at once: NDJSON, an array, or an object
 * with a list in one member, each also gzipped (told by its first bytes, not by its name).
 * @throws ReadFault where it is damaged, cut off, not UTF-8 or not there
 */
export async function* readRecords(
  file: string | AsyncIterable<Uint8Array>,
  { listName, onBytes }: ReadOptions,
): AsyncGenerator<RawRecord> {
  const begins = new RegExp(`^\\s*(\\[|\\{\\s*"${listName}"\\s*:\\s*\\[)`);
  const beginsList = (text: string) => begins.test(text);
  const pieces = decode(unpack(counted(typeof file === "string" ? fileBytes(file) : file, onBytes)));
  let head = "";
  for (;;) {
    const next = await pieces.next();
    if (!next.done) head += next.value;
    if (next.done || head.length >= HEAD_LENGTH) break;
  }
  const isNamedSo = typeof file === "string" && /\.(ndjson|jsonl)(\.gz)?$/i.test(file);
  if (!isNamedSo && !/^\s*([[{]|$)/.test(head)) throw notJson(head);
  const isLines = !beginsList(head) && (isNamedSo || firstLineIsRecord(head));
  yield* isLines ? byLine(head, pieces) : byValue(head, pieces, listName);
}

/** Cut up by brackets, each word of it would be a broken record. */
const notJson = (head: string) =>
  new ReadFault(
    `This is not JSON: it begins with ${JSON.stringify(head.trimStart().slice(0, 20))}. Records are objects, one a line or in an array.`,
  );

/** One broken line then spoils itself only; cut by brackets, it would swallow its neighbours. */
function firstLineIsRecord(head: string): boolean {
  const text = head.trimStart();
  const newline = text.indexOf("\n");
  if (newline < 0) return false;
  try {
    return typeof JSON.parse(text.slice(0, newline)) === "object";
  } catch {
    return false;
  }
}

async function* byLine(head: string, pieces: AsyncGenerator<string>): AsyncGenerator<RawRecord> {
  let rest = head;
  let line = 0;
  for (;;) {
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    for (const text of lines) {
      line += 1;
      if (text.trim() !== "") yield { text, line };
    }
    if (rest.length > RECORD_LENGTH_MAX) throw endlessRecord(line + 1);
    const next = await pieces.next();
    if (next.done) break;
    rest += next.value;
  }
  if (rest.trim() !== "") yield { text: rest, line: line + 1 };
}

async function* byValue(head: string, pieces: AsyncGenerator<string>, listName: string): AsyncGenerator<RawRecord> {
  const splitter = new RecordSplitter(listName);
  yield* splitter.push(head);
  for await (const piece of pieces) yield* splitter.push(piece);
  yield* splitter.end();
}

async function* decode(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (error) {
    if (error instanceof TypeError) throw new ReadFault("The file is not UTF-8 text.");
    throw error;
  }
}

async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  onBytes: ReadOptions["onBytes"],
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    onBytes?.(chunk.length);
    yield chunk;
  }
}

async function* fileBytes(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(file, { highWaterMark: 262_144 });
  } catch (error) {
    throw readFault(error);
  }
}

/** The bytes of a file, unpacked where it is gzipped. @throws ReadFault */
export const openBytes = (file: string, onBytes?: (bytes: number) => void): AsyncGenerator<Uint8Array> =>
  unpack(counted(fileBytes(file), onBytes));

/** The two bytes that begin a gzip member (RFC 1952). They may arrive one by one. */
const isGzip = (head: Uint8Array) => head[0] === 0x1f && head[1] === 0x8b;

async function* unpack(chunks: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head: Uint8Array = new Uint8Array();
  while (head.length < 2) {
    const next = await chunks.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  const whole = (async function* () {
    yield head;
    yield* chunks;
  })();
  if (!isGzip(head)) return yield* whole;
  const source = Readable.from(whole, { objectMode: false });
  const stream = source.pipe(createGunzip());
  source.on("error", (error) => stream.destroy(error));
  try {
    for await (const chunk of stream) yield chunk as Uint8Array;
  } catch (error) {
    throw readFault(error);
  } finally {
    source.destroy();
    stream.destroy();
  }
}

function readFault(error: unknown): Error {
  if (error instanceof ReadFault || (error as Error).name === "AbortError") return error as Error;
  const code = (error as NodeJS.ErrnoException).code ?? "";
  if (code === "ENOENT") return new ReadFault("There is no such file.");
  if (code === "EISDIR") return new ReadFault("This is a folder: name its files.");
  if (code.startsWith("Z_")) return new ReadFault("The gzip data is damaged or cut off.");
  return new ReadFault(`The file cannot be read: ${(error as Error).message}.`);
}
