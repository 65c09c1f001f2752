import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { StartupError } from "@/lib/config/startup-error";
import { takeLock } from "./process-lock";

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

async function build(settings: Build): Promise<void> {
  const madeFrom = sourcesFingerprint(settings.root);
  rmSync(stampOf(settings), { force: true });
  const code = await runNext(settings);
  if (code !== 0) {
    const words = readFileSync(settings.log, "utf8").trim().split("\n").slice(-12).join("\n  ");
    throw new StartupError(`The portal could not be built; see ${settings.log}. It ends with:\n  ${words}`);
  }
  writeFileSync(stampOf(settings), madeFrom);
}

/**
 * Builds the portal for production, or waits for another process that is at it: two builds in one folder ruin each other.
 * @throws StartupError with Next's last words
 */
export async function buildPortal(settings: Build): Promise<void> {
  // Next empties its folder before it builds, but for `cache`.
  const folder = path.join(settings.root, settings.dist, "cache");
  mkdirSync(folder, { recursive: true });
  for (;;) {
    const taken = await takeLock(path.join(folder, "building.json"));
    if (typeof taken !== "function") {
      await delay(500, undefined, { signal: settings.signal });
      continue;
    }
    try {
      if (needsBuild(settings)) await build(settings);
      return;
    } finally {
      taken();
    }
  }
}
