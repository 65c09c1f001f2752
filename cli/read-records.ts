import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { endlessRecord, type RawRecord, RECORD_LENGTH_MAX, ReadFault, RecordSplitter } from "./record-splitter";

/** How much of a file is looked at to tell one record a line from one big value, characters. */
const HEAD_LENGTH = 65_536;

/**
 * The records of a file, one after another and never the whole file: NDJSON, an array, or an object with a member
 * `Records`, each also gzipped (told by its first bytes, not by its name).
 * @throws ReadFault where the file is damaged, cut off, not UTF-8 or not there
 */
export async function* readRecords(file: string): AsyncGenerator<RawRecord> {
  const pieces = decode(unpack(file));
  let head = "";
  for (;;) {
    const next = await pieces.next();
    if (!next.done) head += next.value;
    if (next.done || head.length >= HEAD_LENGTH) break;
  }
  const isLines = /\.(ndjson|jsonl)(\.gz)?$/i.test(file) ? !beginsList(head) : firstLineIsRecord(head);
  yield* isLines ? byLine(head, pieces) : byValue(head, pieces);
}

/** One broken line then spoils itself only; cut by brackets, it would swallow its neighbours. */
function firstLineIsRecord(head: string): boolean {
  const text = head.trimStart();
  const newline = text.indexOf("\n");
  if (newline < 0 || beginsList(text)) return false;
  try {
    return typeof JSON.parse(text.slice(0, newline)) === "object";
  } catch {
    return false;
  }
}

const beginsList = (head: string) => /^\s*(\[|\{\s*"Records"\s*:\s*\[)/.test(head);

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

async function* byValue(head: string, pieces: AsyncGenerator<string>): AsyncGenerator<RawRecord> {
  const splitter = new RecordSplitter();
  yield* splitter.push(head);
  for await (const piece of pieces) yield* splitter.push(piece);
  yield* splitter.end();
}

async function* decode(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (error) {
    if (error instanceof TypeError) throw new ReadFault("The file is not UTF-8 text.");
    throw error;
  }
}

async function* unpack(file: string): AsyncGenerator<Buffer> {
  const isGzip = await beginsWithGzip(file);
  const source = createReadStream(file, { highWaterMark: 262_144 });
  const stream = isGzip ? source.pipe(createGunzip()) : source;
  source.on("error", (error) => stream.destroy(error));
  try {
    for await (const chunk of stream) yield chunk as Buffer;
  } catch (error) {
    throw readFault(error);
  } finally {
    source.destroy();
    stream.destroy();
  }
}

async function beginsWithGzip(file: string): Promise<boolean> {
  try {
    for await (const chunk of createReadStream(file, { end: 1 })) {
      return (chunk as Buffer)[0] === 0x1f && (chunk as Buffer)[1] === 0x8b;
    }
    return false;
  } catch (error) {
    throw readFault(error);
  }
}

function readFault(error: unknown): ReadFault {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  if (code === "ENOENT") return new ReadFault("There is no such file.");
  if (code === "EISDIR") return new ReadFault("This is a folder: name its files.");
  if (code.startsWith("Z_")) return new ReadFault("The gzip data is damaged or cut off.");
  return new ReadFault(`The file cannot be read: ${(error as Error).message}.`);
}
