import { readFile } from "node:fs/promises";
import { FileFault } from "../faults";
import { writeWhole } from "../whole-file";
import type { FileMark, LogFile } from "./log-file";
import type { Durations } from "./pairing";
import type { LogPlace } from "./statement";

/** Where a collector goes on. It holds places in files, nothing of what stands there. */
export interface Checkpoint {
  version: 1;
  files: FileMark[];
  durations?: Durations;
  hasAudits?: boolean;
}

/** @returns undefined where there is no such file yet. @throws FileFault */
export async function readCheckpoint(file: string): Promise<Checkpoint | undefined> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new FileFault(`${file} cannot be read: ${error.message}.`);
  });
  if (text === undefined) return undefined;
  try {
    const value = JSON.parse(text) as Checkpoint;
    if (value.version === 1 && Array.isArray(value.files)) return value;
  } catch {
    // Told below.
  }
  // Taken for "no place yet", a damaged file would have all that the logs hold read once more.
  throw new FileFault(
    `${file} is no state of a collector. Delete it to read the logs from their beginning (what is recorded already is recognised), or name another file.`,
  );
}

/** Whole and durable, or not at all. @throws FileFault */
export function writeCheckpoint(file: string, checkpoint: Checkpoint): Promise<void> {
  return writeWhole(file, async (handle) => {
    await handle.writeFile(`${JSON.stringify(checkpoint)}\n`);
  });
}

/** A stretch of a file that was read without another one in between. */
interface Stretch {
  id: string;
  /** File and content, as places have it. */
  file: string;
  from: number;
  order: number;
}

/** Which files were read in which order, so that a restart can go back to a place in that order. */
export class Course {
  private stretches: Stretch[] = [];

  /** Told before records of a file are taken. @param order of the first of them */
  enter({ id, place, end }: LogFile, order: number): void {
    if (this.stretches.at(-1)?.file === place) return;
    // What was in a file before it was emptied cannot be gone back to.
    this.stretches = this.stretches.filter((stretch) => stretch.id !== id || stretch.file === place);
    this.stretches.push({ id, file: place, from: end, order });
  }

  /**
   * Where to go on, by file, so that nothing from a place on counts as read; in files that are not named, where reading is.
   */
  before(open: LogPlace | undefined): Map<string, number> {
    const offsets = new Map<string, number>();
    const at = open ? this.stretches.findLastIndex(({ order }) => order <= open.order) : this.stretches.length - 1;
    this.stretches = this.stretches.slice(Math.max(0, at));
    if (!open) return offsets;
    for (const { id, file, from, order } of this.stretches) {
      if (file === open.file && order <= open.order) offsets.set(id, open.offset);
      else if (order > open.order && !offsets.has(id)) offsets.set(id, from);
    }
    return offsets;
  }
}
