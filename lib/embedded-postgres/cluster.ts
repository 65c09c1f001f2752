import "server-only";
import { spawn } from "node:child_process";
import { existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { StartupError } from "@/lib/config/startup-error";
import { makeFolderFor, type Place } from "./place";
import { asUser } from "./run-as";

export const SUPERUSER = "affidavit";

// The builtin provider needs no locale of the machine and sorts the same on all of them; `C` is always there for the rest.
const INITDB = [
  "-U",
  SUPERUSER,
  "--encoding=UTF8",
  "--locale=C",
  "--locale-provider=builtin",
  "--builtin-locale=C.UTF-8",
];
// Whoever can open the socket's folder (0700) is us; over TCP a password is asked for.
const TRUST = ["--auth-local=trust", "--auth-host=scram-sha-256"];

function run(program: string, args: string[], place: Place): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(path.join(place.binaries.folder, "bin", program), args, {
      ...asUser(place.user),
      stdio: ["ignore", "ignore", "pipe"],
    });
    let output = "";
    child.stderr.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
  });
}

/**
 * Makes the cluster when there is none. A run that was killed in the middle leaves a folder of another name.
 * @throws StartupError when initdb fails, or the cluster is of another major version
 */
export async function ensureCluster(place: Place, options: { sync: boolean }): Promise<{ made: boolean }> {
  const { cluster, binaries } = place;
  const versionFile = path.join(cluster, "PG_VERSION");
  if (existsSync(versionFile)) {
    const found = readFileSync(versionFile, "utf8").trim();
    if (found === String(binaries.major)) return { made: false };
    throw new StartupError(
      `${cluster} was made by PostgreSQL ${found}, but this program brings PostgreSQL ${binaries.major}: start the version of Affidavit that made it, or set AFFIDAVIT_DATA_DIR to a new folder.`,
    );
  }
  const fresh = `${cluster}.new`;
  rmSync(fresh, { recursive: true, force: true });
  makeFolderFor(place.user, fresh);
  const { code, output } = await run(
    "initdb",
    ["-D", fresh, ...INITDB, ...TRUST, ...(options.sync ? [] : ["--no-sync"])],
    place,
  );
  if (code !== 0)
    throw new StartupError(`initdb could not make the database in ${cluster}: ${output.trim().replaceAll("\n", "; ")}`);
  renameSync(fresh, cluster);
  return { made: true };
}
