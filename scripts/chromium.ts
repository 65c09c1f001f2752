import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "@playwright/test";

const SYSTEM = "/usr/bin/chromium";

function run(command: string, args: string[], cwd = "/"): { ok: boolean; output: string } {
  const done = spawnSync(command, args, {
    encoding: "utf8",
    cwd,
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" },
    maxBuffer: 1e8,
  });
  return { ok: done.status === 0, output: `${done.stdout ?? ""}${done.stderr ?? ""}${done.error?.message ?? ""}` };
}

function starts(program: string): boolean {
  return existsSync(program) && run(program, ["--version"]).ok;
}

function installAsRoot(): string | undefined {
  run("apt-get", ["update", "-qq"]);
  const done = run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"]);
  if (!done.ok) console.error(done.output.trim().split("\n").slice(-3).join("\n"));
  return starts(SYSTEM) ? SYSTEM : undefined;
}

/** Debian's package and what it needs, taken apart in a folder of this user's; nothing of the system is changed. */
function unpackForUser(): string | undefined {
  const home = path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), ".cache"), "affidavit-chromium");
  const program = path.join(home, "chromium");
  if (starts(program)) return program;
  rmSync(home, { recursive: true, force: true });
  for (const folder of ["lists/partial", "cache/archives/partial", "root"])
    mkdirSync(path.join(home, folder), { recursive: true });
  const own = ["-o", `Dir::State::lists=${home}/lists`, "-o", `Dir::Cache=${home}/cache`, "-o", "Debug::NoLocking=1"];
  run("apt-get", [...own, "update", "-qq"]);
  const listed = run("apt-get", [
    ...own,
    "install",
    "--print-uris",
    "-y",
    "-qq",
    "--no-install-recommends",
    "chromium",
  ]);
  const names = [...listed.output.matchAll(/^'[^']+' (\S+?)_\S+\.deb /gm)].map((match) => match[1] ?? "");
  if (names.length === 0 || !run("apt-get", [...own, "download", "-qq", ...names], home).ok) return undefined;
  for (const name of readdirSync(home).filter((file) => file.endsWith(".deb"))) {
    run("dpkg-deb", ["-x", path.join(home, name), path.join(home, "root")]);
    rmSync(path.join(home, name));
  }
  for (const folder of ["lists", "cache"]) rmSync(path.join(home, folder), { recursive: true });
  const library = `${home}/root/usr/lib`;
  const triplet = readdirSync(library).find((name) => name.endsWith("-linux-gnu")) ?? "";
  const paths = [`${library}/${triplet}`, `${home}/root/lib/${triplet}`, `${library}/chromium`].join(":");
  writeFileSync(program, `#!/bin/sh\nLD_LIBRARY_PATH="${paths}" exec "${library}/chromium/chromium" "$@"\n`, {
    mode: 0o755,
  });
  return starts(program) ? program : undefined;
}

/**
 * A Chromium for the tests: the system's, else the one that Playwright downloaded, else Debian's package, which may take
 * some minutes once. Undefined where none can be had.
 */
export function findChromium(): string | undefined {
  if (starts(SYSTEM)) return SYSTEM;
  if (existsSync(chromium.executablePath())) return chromium.executablePath();
  return process.getuid?.() === 0 ? installAsRoot() : unpackForUser();
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  console.log(findChromium() ?? "none");
}
