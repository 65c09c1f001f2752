import { open, rename, rm } from "node:fs/promises";
import path from "node:path";
import { FileFault } from "./faults";

type Handle = Awaited<ReturnType<typeof open>>;

/** Makes the new name itself durable. Some file systems refuse to sync a folder; then there is nothing more to do. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}

/**
 * A file that is there whole or not at all: written under another name in the same folder, synced, then renamed.
 * @param fill writes the contents; when it throws, nothing is left behind and `file` stays as it was
 * @throws FileFault where the file system refuses
 */
export async function writeWhole(file: string, fill: (handle: Handle) => Promise<void>): Promise<void> {
  const folder = path.dirname(path.resolve(file));
  const fresh = path.join(folder, `.${path.basename(file)}.${process.pid}.part`);
  const refused = (error: unknown): never => {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? `there is no folder ${folder}` : message;
    throw new FileFault(`${file} cannot be written: ${why}.`);
  };
  const handle = await open(fresh, "w", 0o600).catch(refused);
  try {
    await fill(handle);
    await handle.sync().catch(refused);
    await handle.close();
    await rename(fresh, file).catch(refused);
  } catch (error) {
    await handle.close().catch(() => {});
    await rm(fresh, { force: true });
    throw error;
  }
  await syncFolder(folder);
}
