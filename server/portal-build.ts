import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { StartupError } from "@/lib/config/startup-error";

const SOURCES = [
  "app",
  "components",
  "lib",
  "public",
  "proxy.ts",
  "next.config.js",
  "postcss.config.mjs",
  "tsconfig.json",
  "package-lock.json",
  "prisma/schema.prisma",
  "node_modules/next/package.json",
];
/** Not part of what is built; the generated client follows from the schema. */
const NOT_BUILT = /(\.test\.tsx?|\.md)$|^lib\/(testing|db\/generated|embedded-postgres)\//;

function* filesBelow(root: string, address: string): Generator<string> {
  const stat = statSync(path.join(root, address), { throwIfNoEntry: false });
  if (!stat) return;
  if (!stat.isDirectory()) {
    yield address;
    return;
  }
  for (const name of readdirSync(path.join(root, address)).sort()) yield* filesBelow(root, `${address}/${name}`);
}

/** Changes when, and only when, something changes that a build depends on. */
function sourcesFingerprint(root: string): string {
  const hash = createHash("sha256");
  for (const source of SOURCES) {
    for (const file of filesBelow(root, source)) {
      if (!NOT_BUILT.test(file))
        hash
          .update(`${file}\0`)
          .update(readFileSync(path.join(root, file)))
          .update("\0");
    }
  }
  return hash.digest("hex");
}

interface Build {
  root: string;
  /** Next's output folder, relative to the root. */
  dist: string;
  /** Receives Next's own words. */
  log: string;
  signal?: AbortSignal;
}

const stampOf = ({ root, dist }: Build) => path.join(root, dist, "made-from");

/** Whether the portal has to be built: never, from other sources, or a build that was cut short. */
export function needsBuild(build: Build): boolean {
  return !existsSync(stampOf(build)) || readFileSync(stampOf(build), "utf8") !== sourcesFingerprint(build.root);
}

function runNext({ root, dist, log, signal }: Build): Promise<number | null> {
  const out = openSync(log, "w", 0o600);
  const env = {
    ...process.env,
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
    AFFIDAVIT_NEXT_DIST: dist,
  } as const;
  return new Promise<number | null>((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(root, "node_modules/next/dist/bin/next"), "build"], {
      cwd: root,
      env,
      signal,
      stdio: ["ignore", out, out],
    });
    child.once("error", reject);
    child.once("close", resolve);
  }).finally(() => closeSync(out));
}

/**
 * Builds the portal for production.
 * @throws StartupError with Next's last words
 */
export async function buildPortal(build: Build): Promise<void> {
  const madeFrom = sourcesFingerprint(build.root);
  rmSync(stampOf(build), { force: true });
  const code = await runNext(build);
  if (code !== 0) {
    const words = readFileSync(build.log, "utf8").trim().split("\n").slice(-12).join("\n  ");
    throw new StartupError(`The portal could not be built; see ${build.log}. It ends with:\n  ${words}`);
  }
  writeFileSync(stampOf(build), madeFrom);
}
