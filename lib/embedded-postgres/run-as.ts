import "server-only";
import { spawnSync } from "node:child_process";
import { StartupError } from "@/lib/config/startup-error";

/** The user that PostgreSQL runs as when we are root, which it refuses to be. */
export interface RunAs {
  name: string;
  uid: number;
  gid: number;
}

/** What our PostgreSQL processes see: not this process's environment, which holds secrets and perhaps PG… settings. */
const BARE_ENVIRONMENT: NodeJS.ProcessEnv = {
  PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
  LC_ALL: "C",
  TZ: "UTC",
  NODE_ENV: "production",
};

const NAMES = ["postgres", "affidavit"];
const MAKERS: [string, ...string[]][] = [
  ["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/bin/sh", "affidavit"],
  ["adduser", "-S", "-H", "-D", "affidavit"], // BusyBox, as in Alpine
];

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** A user by name or number, or undefined when the system does not know one. */
export function findUser(user: string | number): RunAs | undefined {
  const ask = (flag: string) => spawnSync("id", [flag, String(user)], { encoding: "utf8", env: BARE_ENVIRONMENT });
  const [uid, gid, name] = [ask("-u"), ask("-g"), ask("-un")];
  if (uid.status !== 0 || gid.status !== 0 || name.status !== 0) return undefined;
  return { name: name.stdout.trim(), uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

/**
 * An existing user for PostgreSQL, else a new one.
 * @throws StartupError when the system lets us make none
 */
export function unprivilegedUser(say: (line: string) => void): RunAs {
  for (const name of NAMES) {
    const found = findUser(name);
    if (found && found.uid !== 0) return found;
  }
  for (const [command, ...args] of MAKERS) {
    if (spawnSync(command, args, { env: BARE_ENVIRONMENT }).status !== 0) continue;
    const made = findUser("affidavit");
    if (made) {
      say("PostgreSQL does not run as root: made the system user affidavit for it.");
      return made;
    }
  }
  throw new StartupError(
    "PostgreSQL does not run as root and no user could be made for it: start as another user, make a user called postgres, or set DATABASE_URL.",
  );
}

/** Options that make a child run as that user, away from a working directory which it may not be allowed to see. */
export function asUser(user: RunAs | undefined): { uid?: number; gid?: number; cwd: string; env: NodeJS.ProcessEnv } {
  return user ? { uid: user.uid, gid: user.gid, cwd: "/", env: BARE_ENVIRONMENT } : { cwd: "/", env: BARE_ENVIRONMENT };
}

/** Whether that user can enter a folder and write in it; asked of the system, since access lists are not in the mode. */
export function canWriteIn(user: RunAs | undefined, folder: string): boolean {
  return spawnSync("/bin/sh", ["-c", 'test -x "$1" && test -w "$1"', "sh", folder], asUser(user)).status === 0;
}
