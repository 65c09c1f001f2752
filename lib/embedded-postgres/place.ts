import "server-only";
import { spawnSync } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { StartupError } from "@/lib/config/startup-error";
import { type Binaries, copyBinaries, packagedBinaries, unpackLinks } from "./binaries";
import { asUser, canWriteIn, findUser, isRoot, type RunAs, unprivilegedUser } from "./run-as";

const ROOT_HOME = "/var/lib/affidavit";

/** Which program runs as whom on which folder. */
export interface Place {
  binaries: Binaries;
  /** PostgreSQL's own folder; may not exist yet. Its parent does. */
  cluster: string;
  user: RunAs | undefined;
}

type Say = (line: string) => void;

function runs(binaries: Binaries, user: RunAs | undefined): { ok: boolean; why: string } {
  const done = spawnSync(path.join(binaries.folder, "bin/postgres"), ["--version"], {
    ...asUser(user),
    encoding: "utf8",
  });
  const why = done.error?.message ?? done.stderr.trim().split("\n")[0] ?? "";
  return { ok: done.status === 0, why };
}

/** The package itself where that user can run it there, else a copy made once. */
function usableBinaries(user: RunAs | undefined, dataDir: string, say: Say): Binaries {
  const packaged = packagedBinaries();
  if (unpackLinks(packaged.folder) && runs(packaged, user).ok) return packaged;
  const { made, binaries } = copyBinaries(packaged, user ? ROOT_HOME : dataDir);
  const { ok, why } = runs(binaries, user);
  if (!ok) {
    throw new StartupError(
      `The PostgreSQL from npm does not run on this machine (${why}): install PostgreSQL 15 or newer and set DATABASE_URL.`,
    );
  }
  if (made)
    say(
      `PostgreSQL's programs were copied to ${path.dirname(binaries.folder)}${user ? `, where the user ${user.name} can run them` : ""}.`,
    );
  return binaries;
}

/** An empty folder of that user's, 0700. */
export function makeFolderFor(user: RunAs | undefined, folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (user) chownSync(folder, user.uid, user.gid);
}

function reachable(user: RunAs, dataDir: string): boolean {
  const probe = path.join(dataDir, `.probe-${process.pid}`);
  makeFolderFor(user, probe);
  try {
    return canWriteIn(user, probe);
  } finally {
    rmdirSync(probe);
  }
}

/**
 * Root's cluster for a data folder which the user that runs PostgreSQL cannot reach. The data folder keeps a token of it:
 * a new data folder at an old address gets a new database, not the one of its predecessor.
 */
function clusterElsewhere(dataDir: string, say: Say): string {
  const home = path.join(ROOT_HOME, createHash("sha256").update(realpathSync(dataDir)).digest("hex").slice(0, 10));
  const [here, there] = [path.join(dataDir, "postgres-token"), path.join(home, "token")];
  const read = (file: string) => (existsSync(file) ? readFileSync(file, "utf8") : undefined);
  if (existsSync(home) && (read(there) === undefined || read(here) !== read(there))) {
    const aside = `${home}.old-${new Date()
      .toISOString()
      .replaceAll(/[^0-9]/g, "")
      .slice(0, 14)}`;
    renameSync(home, aside);
    say(`${dataDir} is a new data folder: the database of its predecessor was moved to ${aside}.`);
  }
  if (!existsSync(home)) {
    mkdirSync(home, { recursive: true, mode: 0o755 });
    const token = randomUUID();
    writeFileSync(here, token, { mode: 0o600 });
    writeFileSync(there, token, { mode: 0o600 });
    // For whoever finds this folder and wonders whether it is still of use.
    writeFileSync(path.join(home, "data-folder"), `${dataDir}\n`, { mode: 0o600 });
  }
  return path.join(home, "postgres");
}

function ownerOf(cluster: string): RunAs | undefined {
  const { uid } = statSync(cluster);
  const owner = findUser(uid);
  if (!owner || uid === 0 || !canWriteIn(owner, cluster)) {
    throw new StartupError(
      `The database in ${cluster} belongs to the user ${owner?.name ?? uid}, who cannot reach it there: move the data folder, or give it back.`,
    );
  }
  return owner;
}

function placeForRoot(dataDir: string, say: Say): { cluster: string; user: RunAs | undefined } {
  const usual = path.join(dataDir, "postgres");
  if (existsSync(usual)) return { cluster: usual, user: ownerOf(usual) };
  const user = unprivilegedUser(say);
  if (!existsSync(path.join(dataDir, "postgres-token")) && reachable(user, dataDir)) return { cluster: usual, user };
  const cluster = clusterElsewhere(dataDir, say);
  if (existsSync(cluster)) return { cluster, user: ownerOf(cluster) };
  say(`The user ${user.name}, as whom PostgreSQL runs, cannot reach ${dataDir}: its files are kept in ${cluster}.`);
  return { cluster, user };
}

/**
 * Decides where the embedded PostgreSQL lives and who runs it. What was decided on the first start is kept.
 * @param dataDir existing absolute folder
 * @throws StartupError when no place serves
 */
export function choosePlace(dataDir: string, say: Say): Place {
  if (process.platform === "win32")
    throw new StartupError("The embedded PostgreSQL needs Linux or macOS: set DATABASE_URL, or use WSL.");
  const { cluster, user } = isRoot()
    ? placeForRoot(dataDir, say)
    : { cluster: path.join(dataDir, "postgres"), user: undefined };
  if (!user && existsSync(cluster) && !canWriteIn(undefined, cluster)) {
    throw new StartupError(
      `The database in ${cluster} belongs to another user: start as that user or as root, or set AFFIDAVIT_DATA_DIR to another folder.`,
    );
  }
  return { binaries: usableBinaries(user, dataDir, say), cluster, user };
}
