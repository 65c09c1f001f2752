import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import type { LogFormat } from "./formats";
import { LogReader, type PlacedRecord } from "./reader";

/** What a checkpoint keeps of a log file: where reading goes on, and how to tell it from another one. No text of the log. */
export interface FileMark {
  /** Device and inode. */
  id: string;
  name: string;
  format: LogFormat;
  /** Bytes from the beginning. */
  offset: number;
  /** Bytes that it had when it was last looked at. */
  size: number;
  /** Digest of its first bytes: an emptied file, or one that got a deleted one's inode, begins otherwise. */
  head: string;
}

/** Time, process and session of the first record: no part of a statement. */
const HEAD_BYTES = 64;
const CHUNK_BYTES = 262_144;

async function readAt(handle: FileHandle, offset: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(bytes);
  const { bytesRead } = await handle.read(buffer, 0, bytes, offset);
  return buffer.subarray(0, bytesRead);
}

/** A log file that is held open: one that is deleted can still be read to its end. */
export class LogFile {
  name: string;
  readonly id: string;
  /** Bytes that are known to be there. */
  size = 0;
  /** Whether its directory entry is gone. */
  isDeleted = false;
  /** Whether more may be there than was read. */
  isChanged = true;
  /** When it was last written to, as its folder tells. */
  mtimeMs = 0;
  /** When its last record was logged, µs; of those that were read. */
  private lastMicros = Number.NEGATIVE_INFINITY;
  /** Since when, and with how many bytes, it is deleted and has not grown. */
  private still: { sinceMs: number; size: number } | undefined;
  /** How often it was emptied. */
  private contents = 0;
  private head = "";
  private read = 0;
  private reader = new LogReader();
  private readonly handle: FileHandle;

  private constructor(handle: FileHandle, id: string, name: string) {
    this.handle = handle;
    this.id = id;
    this.name = name;
  }

  static async open(file: string, id: string, name: string): Promise<LogFile | undefined> {
    const handle = await open(file, "r").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined; // Rotated away between listing and opening.
      throw error;
    });
    if (!handle) return undefined;
    const stat = await handle.stat();
    if (`${stat.dev}:${stat.ino}` === id) return new LogFile(handle, id, name);
    await handle.close();
    return undefined;
  }

  get kind(): LogFormat | undefined {
    return this.reader.kind;
  }

  /** What a place in it says: the file, and which of its contents. */
  get place(): string {
    return `${this.id}/${this.contents}`;
  }

  get isForeign(): boolean {
    return this.reader.isForeign;
  }

  get damaged(): number {
    return this.reader.damaged;
  }

  /** Bytes up to the end of the last whole record. */
  get end(): number {
    return this.reader.end;
  }

  mark(offset: number): FileMark | undefined {
    const { id, name, kind: format, size, head } = this;
    return format && { id, name, format, offset: Math.min(offset, this.end), size, head };
  }

  /** Goes on where a checkpoint says, if this is the file that it means. @returns whether it is */
  async resume(mark: FileMark): Promise<boolean> {
    const size = (await this.handle.stat()).size;
    const head = await this.digest();
    if (size < mark.offset || head !== mark.head) return false;
    this.head = head;
    this.size = size;
    this.skipTo(mark.format, mark.offset);
    return true;
  }

  /** Passes over what is there now. */
  async skip(): Promise<void> {
    for (;;) {
      const { bytes } = await this.fetch();
      if (bytes.length === 0) return;
      this.parse(bytes);
    }
  }

  /** Records that are whole with what was fetched last. */
  parse(bytes: Uint8Array): PlacedRecord[] {
    const records = [...this.reader.push(bytes)];
    for (const { record } of records) this.lastMicros = Math.max(this.lastMicros, record.micros);
    return records;
  }

  /**
   * How long it is deleted, read to its end and has not grown, ms.
   * @param hasGoneOn whether the server writes to another one: before, the time does not count
   */
  stillMs(nowMs: number, hasGoneOn: boolean): number {
    if (!this.isDeleted || this.isChanged || !hasGoneOn) this.still = undefined;
    else if (this.still?.size !== this.size) this.still = { sinceMs: nowMs, size: this.size };
    return this.still ? nowMs - this.still.sinceMs : 0;
  }

  isNewerThan(other: LogFile): boolean {
    return this.lastMicros > other.lastMicros;
  }

  /** Bytes that are there behind the last whole record that was read. */
  async unread(): Promise<number> {
    const { size } = await this.handle.stat();
    return this.kind === undefined ? 0 : Math.max(0, size - this.end);
  }

  close(): Promise<void> {
    return this.handle.close();
  }

  private skipTo(format: LogFormat, offset: number): void {
    this.reader = new LogReader({ format, offset });
    this.read = offset;
  }

  /**
   * The next bytes; none at the end of what is there.
   * @returns `lost`: bytes that were there and were not read before the file was emptied
   */
  async fetch(): Promise<{ bytes: Buffer; lost: number }> {
    const { size } = await this.handle.stat();
    let lost = 0;
    if (size !== this.size || this.head === "") {
      const head = await this.digest();
      if (this.head !== "" && (size < this.read || head !== this.head)) {
        lost = Math.max(0, this.size - this.read);
        this.reader = new LogReader();
        this.read = 0;
        this.contents += 1;
      }
      this.head = head;
      this.size = size;
    }
    const bytes = await readAt(this.handle, this.read, CHUNK_BYTES);
    this.read += bytes.length;
    this.isChanged = bytes.length > 0;
    return { bytes, lost };
  }

  /** Empty until there is enough to tell. */
  private async digest(): Promise<string> {
    const head = await readAt(this.handle, 0, HEAD_BYTES);
    return head.length < HEAD_BYTES ? "" : createHash("sha256").update(head).digest("hex").slice(0, 32);
  }
}
