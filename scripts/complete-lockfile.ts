import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "../server/places";

export interface LockedPackage {
  version: string;
  integrity?: string;
  resolved?: string;
  /** A workspace of this repository. */
  link?: boolean;
  cpu?: string[];
  os?: string[];
  libc?: string[];
  dev?: boolean;
  optional?: boolean;
  optionalDependencies?: Record<string, string>;
}
export type Lockfile = { packages: Record<string, LockedPackage> };

export const LOCKFILE = path.join(ROOT, "package-lock.json");

const SYSTEMS = ["android", "darwin", "freebsd", "linux", "openharmony", "win32"];
const CPUS = ["arm64", "arm", "x64", "ia32", "ppc64", "riscv64", "s390x", "wasm32"];

/** As Node looks for a package: beside the one that wants it, then one level up, to the root. */
function isLocked(packages: Lockfile["packages"], from: string, name: string): boolean {
  for (let place = from; ; place = place.slice(0, Math.max(0, place.lastIndexOf("/node_modules/")))) {
    if (`${place ? `${place}/` : ""}node_modules/${name}` in packages) return true;
    if (!place) return false;
  }
}

/** Which machines a package is for, from its name, as all such packages are named. */
function machineOf(name: string): Pick<LockedPackage, "os" | "cpu" | "libc"> {
  const words = name.split("/").at(-1)?.split("-") ?? [];
  const [os, cpu] = [SYSTEMS.find((word) => words.includes(word)), CPUS.find((word) => words.includes(word))];
  if (!cpu) throw new Error(`no machine can be read from the name ${name}`);
  const libc = words.some((word) => word.startsWith("musl"))
    ? "musl"
    : words.some((word) => word.startsWith("gnu"))
      ? "glibc"
      : undefined;
  return { cpu: [cpu], ...(libc ? { libc: [libc] } : {}), ...(os ? { os: [os] } : {}) };
}

/** Optional packages that something names and the lockfile lacks. */
export function missingFrom({ packages }: Lockfile): { by: LockedPackage; name: string; version: string }[] {
  return Object.entries(packages).flatMap(([place, by]) =>
    Object.entries(by.optionalDependencies ?? {})
      .filter(([name]) => !isLocked(packages, place, name))
      .map(([name, version]) => ({ by, name, version })),
  );
}

/**
 * A registry that holds only the packages of some machines makes npm write a lockfile which `npm ci` then refuses ("Missing:
 * … from lock file"), here and everywhere. This adds the entries of the other machines, without a checksum, as there is
 * nothing to take one from; npm skips them wherever they do not fit.
 */
export function complete(lockfile: Lockfile): Lockfile {
  const packages = { ...lockfile.packages };
  for (const { by, name, version } of missingFrom(lockfile)) {
    packages[`node_modules/${name}`] = {
      version,
      ...machineOf(name),
      ...(by.dev ? { dev: true } : {}),
      optional: true,
    };
  }
  const sorted = Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1));
  return { ...lockfile, packages: Object.fromEntries(sorted) };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const lockfile = JSON.parse(readFileSync(LOCKFILE, "utf8")) as Lockfile;
  writeFileSync(LOCKFILE, `${JSON.stringify(complete(lockfile), null, 2)}\n`);
  console.log(`Added ${missingFrom(lockfile).length} entries.`);
}
