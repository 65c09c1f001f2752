import { readFile } from "node:fs/promises";
import { FileFault } from "./faults";
import { writeWhole } from "./whole-file";

/** The place that a cursor file holds; undefined where there is no such file yet. @throws FileFault */
export async function readCursor(file: string): Promise<string | undefined> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new FileFault(`${file} cannot be read: ${error.message}.`);
  });
  if (text === undefined) return undefined;
  const cursor = text.trim();
  // Taken for "no place yet", a damaged file would have everything sent downstream once more.
  if (!/^[\w-]+$/.test(cursor)) {
    throw new FileFault(`${file} holds no cursor. Delete it to start from the beginning, or name another file.`);
  }
  return cursor;
}

/** Whole and durable, or not at all. @throws FileFault */
export function writeCursor(file: string, cursor: string): Promise<void> {
  return writeWhole(file, async (handle) => {
    await handle.writeFile(`${cursor}\n`);
  });
}
