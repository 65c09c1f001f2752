import { type FileHandle, mkdir, open, readdir, readFile, rename, stat, unlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { canonicalJson } from "./canonical-json.ts";
import { AffidavitError } from "./error.ts";

/** A segment that has grown to this is closed, so that what was delivered can be deleted. */
const SEGMENT_BYTES = 4 * 1024 * 1024;
/** Read at once: more than one request holds, and more than any line. */
const READ_BYTES = 1_500_000;
const SEGMENT = /^(\d{12})\.ndjson$/;
const POSITION = "position.json";
const REFUSED = "refused.ndjson";

interface Segment {
  name: string;
  /** Bytes that are known to be on the disk. */
  size: number;
}

/** Lines from the front of the spool. */
export interface Stretch {
  lines: { text: string; end: number }[];
  segment: string;
}

const nameOf = (number: number) => `${String(number).padStart(12, "0")}.ndjson`;
const numberOf = (name: string) => Number(SEGMENT.exec(name)?.[1] ?? 0);

async function readPosition(file: string): Promise<{ segment: string; offset: number }> {
  try {
    const { segment, offset } = JSON.parse(await readFile(file, "utf8")) as { segment: string; offset: number };
    if (SEGMENT.test(segment) && Number.isSafeInteger(offset) && offset >= 0) return { segment, offset };
  } catch {
    // None yet, or cut short by a crash: from the beginning. What had been delivered comes back as a duplicate.
  }
  return { segment: "", offset: 0 };
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } catch {
    // Windows cannot; there the file's own sync has to do.
  } finally {
    await handle.close();
  }
}

/**
 * The files of a spool: segments of lines, oldest first; `position.json`, up to where the first one was delivered; and
 * `refused.ndjson`. Bytes only: what a line says is spool-line.ts. One process at a time, see spooling.ts.
 */
export class SpoolFolder {
  private readonly folder: string;
  private readonly bytesMax: number;
  private readonly segmentBytes: number;
  private segments: Segment[] = [];
  private offset = 0;
  private nextNumber = 1;
  private active: FileHandle | undefined;

  private constructor(folder: string, bytesMax: number, segmentBytes: number) {
    this.segmentBytes = segmentBytes;
    this.folder = folder;
    this.bytesMax = bytesMax;
  }

  /** The folder must exist and be locked. Tests set smaller segments. @throws Error of the file system */
  static async open(folder: string, bytesMax: number, segmentBytes = SEGMENT_BYTES): Promise<SpoolFolder> {
    const spool = new SpoolFolder(folder, bytesMax, segmentBytes);
    const names = (await readdir(folder)).filter((name) => SEGMENT.test(name)).sort();
    for (const name of names) spool.segments.push({ name, size: (await stat(path.join(folder, name))).size });
    const { segment, offset } = await readPosition(path.join(folder, POSITION));
    const [first] = spool.segments;
    if (first && first.name === segment && (await spool.isLineStart(first, offset))) spool.offset = offset;
    // Never the number of a segment that position.json may still name: its offset would skip lines of the new one.
    spool.nextNumber = Math.max(numberOf(names.at(-1) ?? ""), numberOf(segment)) + 1;
    await spool.dropDelivered();
    return spool;
  }

  static async prepare(folder: string): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  }

  get isEmpty(): boolean {
    return this.segments.length === 0;
  }

  /**
   * Writes lines and waits until the disk has them; all or none.
   * @throws AffidavitError `spool_full`, `spool_unwritable`
   */
  async append(lines: readonly string[]): Promise<void> {
    const bytes = Buffer.from(lines.join(""), "utf8");
    const used = this.segments.reduce((sum, { size }) => sum + size, 0);
    if (used + bytes.length > this.bytesMax) {
      throw new AffidavitError(
        `The spool ${this.folder} is full: it holds ${used} of at most ${this.bytesMax} bytes, and these events have ${bytes.length} more. They were not stored.`,
        { code: "spool_full" },
      );
    }
    try {
      const { segment, handle } = await this.segmentFor(bytes.length);
      await this.write(segment, handle, bytes);
    } catch (cause) {
      throw new AffidavitError(`The spool ${this.folder} cannot be written: ${(cause as Error).message}.`, {
        code: "spool_unwritable",
        cause,
      });
    }
  }

  /** The next lines, without their ends; undefined when there are none. The last may lack its end after a crash. */
  async read(): Promise<Stretch | undefined> {
    const [first] = this.segments;
    if (!first) return undefined;
    const bytes = await this.readBytes(first, this.offset, Math.min(READ_BYTES, first.size - this.offset));
    const lines: Stretch["lines"] = [];
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      lines.push({ text: bytes.toString("utf8", start, end), end: this.offset + end + 1 });
      start = end + 1;
    }
    const isLast = this.offset + bytes.length === first.size;
    if (start < bytes.length && (isLast || lines.length === 0))
      lines.push({ text: bytes.toString("utf8", start), end: this.offset + bytes.length });
    return { lines, segment: first.name };
  }

  /** Everything before `offset` of the first segment was delivered or refused. */
  async advance(offset: number): Promise<void> {
    const [first] = this.segments;
    this.offset = offset;
    await this.dropDelivered();
    if (this.segments[0] !== first || !first) return;
    const file = path.join(this.folder, POSITION);
    // Not synced: after a power cut an older position only means that some lines are sent again, with the same ids.
    await writeFile(`${file}.new`, canonicalJson({ offset, segment: first.name }), { mode: 0o600 });
    await rename(`${file}.new`, file);
  }

  /** Keeps what the server refused, before it leaves the spool. */
  async keepRefused(lines: readonly string[]): Promise<void> {
    const handle = await open(path.join(this.folder, REFUSED), "a+", 0o600);
    try {
      const { size } = await handle.stat();
      const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
      // A crash may have cut the last line; what is written now must not be glued to it.
      const isTorn = size > 0 && buffer[0] !== 10;
      await handle.writeFile((isTorn ? "\n" : "") + lines.join(""));
      await handle.datasync();
    } finally {
      await handle.close();
    }
  }

  async close(): Promise<void> {
    await this.active?.close();
    this.active = undefined;
  }

  private async segmentFor(bytes: number): Promise<{ segment: Segment; handle: FileHandle }> {
    const last = this.segments.at(-1);
    if (this.active && last && last.size + bytes <= this.segmentBytes) return { segment: last, handle: this.active };
    await this.close();
    // A segment of an earlier process is never continued: its last line may lack its end.
    const segment = { name: nameOf(this.nextNumber), size: 0 };
    const handle = await open(path.join(this.folder, segment.name), "ax", 0o600);
    this.nextNumber += 1;
    await syncFolder(this.folder);
    this.active = handle;
    return { segment, handle };
  }

  private async write(segment: Segment, handle: FileHandle, bytes: Buffer): Promise<void> {
    try {
      await handle.writeFile(bytes);
      await handle.datasync();
    } catch (error) {
      // On a full disk half of it may be there; the next write goes to another segment.
      await handle.truncate(segment.size).catch(() => {});
      await this.close();
      throw error;
    }
    segment.size += bytes.length;
    if (this.segments.at(-1) !== segment) this.segments.push(segment);
  }

  private async dropDelivered(): Promise<void> {
    for (let first = this.segments[0]; first && this.offset >= first.size; first = this.segments[0]) {
      if (this.segments.length === 1) await this.close();
      // First the position: without it a segment is sent again, with one that is too far its rest would be skipped.
      await unlink(path.join(this.folder, POSITION)).catch(() => {});
      await unlink(path.join(this.folder, first.name));
      this.segments.shift();
      this.offset = 0;
    }
  }

  private async readBytes(segment: Segment, start: number, length: number): Promise<Buffer> {
    const handle = await open(path.join(this.folder, segment.name), "r");
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, start);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  }

  private async isLineStart(segment: Segment, offset: number): Promise<boolean> {
    if (offset === 0) return true;
    return offset <= segment.size && (await this.readBytes(segment, offset - 1, 1))[0] === 10;
  }
}
