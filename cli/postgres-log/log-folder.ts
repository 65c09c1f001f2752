import type { Stats } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { FileFault } from "../faults";
import { type FileMark, LogFile } from "./log-file";

/** Where a server's logs are: a folder, or one file that is emptied or renamed when it is rotated. */
export type LogsAt = { folder: string; file?: undefined } | { file: string; folder?: undefined };

interface Listed {
  file: string;
  name: string;
  id: string;
  stats: Stats;
}

/** Told where log that was not read is gone. @param bytes 0: it is not known whether there was any */
export type OnLoss = (name: string, bytes: number) => void;

async function statOf(folder: string, name: string): Promise<Listed[]> {
  const file = path.join(folder, name);
  try {
    const stats = await stat(file);
    return stats.isFile() ? [{ file, name, id: `${stats.dev}:${stats.ino}`, stats }] : [];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return []; // Gone since it was listed.
    throw error;
  }
}

/** With both formats on, each record is in two files: `x.csv` beside `x.json` says nothing new. */
function withoutTwins(names: readonly string[]): string[] {
  const all = new Set(names);
  return names.filter((name) => !(name.endsWith(".csv") && all.has(name.replace(/\.csv$/, ".json"))));
}

/** @param known ids of files that are followed and may have been renamed */
async function list(at: LogsAt, known: ReadonlySet<string>): Promise<Listed[]> {
  const folder = at.folder ?? path.dirname(at.file);
  try {
    const names = withoutTwins(await readdir(folder));
    const all = (await Promise.all(names.map((name) => statOf(folder, name)))).flat();
    const listed = all.filter(
      ({ name, id }) => at.file === undefined || name === path.basename(at.file) || known.has(id),
    );
    return listed.sort((a, b) => a.stats.mtimeMs - b.stats.mtimeMs || (a.name < b.name ? -1 : 1));
  } catch (error) {
    throw new FileFault(`The logs in ${folder} cannot be read: ${(error as Error).message}.`);
  }
}

/** How often the folder is listed, ms: new files, and older ones that were written to, are seen then. */
const LIST_MS = 2_000;
/** Files at the end of the order that are read in each round. */
const NEWEST = 2;

/**
 * So long nothing may come in a deleted file before it is taken for finished, ms. The server writes to one that is deleted, or
 * renamed out of sight, until it is told to open another.
 */
const STILL_MS = 60_000;

/** The log files of a server, as they come, are renamed, emptied and deleted. */
export class LogFolder {
  /** Files that can be read, in the order in which the server wrote them. */
  files: LogFile[] = [];
  private readonly foreign = new Set<string>();
  /** What a checkpoint knows and nobody has seen yet. */
  private readonly marks: Map<string, FileMark>;
  /** The file that the server wrote to when the checkpoint was made. */
  private readonly newest: string | undefined;
  private isFirst = true;
  private listedMs = Number.NEGATIVE_INFINITY;
  private readonly at: LogsAt;
  private readonly onLoss: OnLoss;
  private readonly isFromNow: boolean;
  private readonly now: () => number;

  /** @param isFromNow passes over what is there now; only without marks */
  constructor(
    at: LogsAt,
    options: { marks: readonly FileMark[]; onLoss: OnLoss; isFromNow: boolean; now?: () => number },
  ) {
    this.now = options.now ?? (() => performance.now());
    this.at = at;
    this.newest = options.marks.at(-1)?.id;
    this.marks = new Map(options.marks.map((mark) => [mark.id, mark]));
    this.onLoss = options.onLoss;
    this.isFromNow = options.isFromNow;
  }

  /** Of the files, those that may have more than was read: a folder may hold years of logs. */
  get due(): LogFile[] {
    return this.files.filter((file, index) => file.isChanged || file.isDeleted || index >= this.files.length - NEWEST);
  }

  /** Looks what is there now, every few seconds. @returns whether it did. @throws FileFault */
  async look(): Promise<boolean> {
    const nowMs = this.now();
    if (nowMs - this.listedMs < LIST_MS) return false;
    this.listedMs = nowMs;
    const listed = await list(this.at, new Set([...this.marks.keys(), ...this.files.map(({ id }) => id)]));
    const present = new Map(listed.map((one) => [one.id, one]));
    const known = new Map(this.files.map((file) => [file.id, file]));
    for (const file of this.files) file.isDeleted = !present.has(file.id);
    // What is deleted was there before all that is not.
    const files = this.files.filter(({ isDeleted }) => isDeleted);
    for (const one of listed) {
      const file = known.get(one.id) ?? (await this.open(one));
      if (!file) continue;
      file.name = one.name;
      const { size, mtimeMs } = one.stats;
      file.isChanged ||= size !== file.size || mtimeMs !== file.mtimeMs;
      file.mtimeMs = mtimeMs;
      files.push(file);
    }
    this.files = files;
    this.tellMissing(present);
    this.isFirst = false;
    return true;
  }

  /** Puts away what is deleted and will not grow any more, and what is no log. */
  async tidy(): Promise<void> {
    const kept: LogFile[] = [];
    for (const file of this.files) {
      if (file.isForeign) this.foreign.add(file.id);
      if (file.isForeign || this.isOver(file)) await this.put(file);
      else kept.push(file);
    }
    this.files = kept;
  }

  async close(): Promise<void> {
    const { files } = this;
    this.files = [];
    for (const file of files) await this.put(file);
  }

  /** The server has gone on to a newer file, and has written nothing to this one for a while since. */
  private isOver(file: LogFile): boolean {
    const hasGoneOn = this.files.some((other) => !other.isDeleted && other.isNewerThan(file));
    return file.stillMs(this.now(), hasGoneOn) >= STILL_MS;
  }

  /** Nobody can read on in one that is deleted: what it has beyond what was read is lost. */
  private async put(file: LogFile): Promise<void> {
    const lost = file.isDeleted ? await file.unread() : 0;
    await file.close();
    if (lost > 0) this.onLoss(file.name, lost);
  }

  private async open({ file, name, id, stats }: Listed): Promise<LogFile | undefined> {
    if (this.foreign.has(id)) return undefined;
    const opened = await LogFile.open(file, id, name);
    if (opened) opened.mtimeMs = stats.mtimeMs;
    const mark = this.marks.get(id);
    if (opened) this.marks.delete(id);
    if (opened && mark) {
      if (!(await opened.resume(mark))) this.tellGone(mark);
    } else if (opened && this.isFirst && this.isFromNow) await opened.skip();
    return opened;
  }

  private tellMissing(present: ReadonlyMap<string, Listed>): void {
    for (const [id, mark] of this.marks) {
      if (present.has(id)) continue; // Renamed just as it was to be opened.
      this.tellGone(mark);
      this.marks.delete(id);
    }
  }

  /** The server may have written to the newest file until it was emptied or deleted, and nobody looked: that is told, too. */
  private tellGone(mark: FileMark): void {
    const unread = mark.size - mark.offset;
    if (unread > 0 || mark.id === this.newest) this.onLoss(mark.name, Math.max(0, unread));
  }
}
