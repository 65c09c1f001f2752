import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const stampFile = path.join(root, "lib/db/generated/.made-from");

function fingerprint(): string {
  const version = JSON.parse(readFileSync(path.join(root, "node_modules/prisma/package.json"), "utf8")).version;
  return createHash("sha256")
    .update(readFileSync(path.join(root, "prisma/schema.prisma")))
    .update(String(version))
    .digest("hex");
}

function stamp(): string | undefined {
  try {
    return readFileSync(stampFile, "utf8");
  } catch {
    return undefined;
  }
}

/**
 * Makes lib/db/generated when it is absent or made from another schema or Prisma version. Needs no network: Prisma wants
 * to download its schema engine here although generating does not use it, so it is pointed to a file that does nothing.
 * @returns whether something had to be made
 * @throws Error with Prisma's own words
 */
export function ensurePrismaClient(): boolean {
  const wanted = fingerprint();
  if (stamp() === wanted) return false;
  // A copy of our own, because the executable bit of the committed file does not survive every way of copying a checkout.
  const folder = mkdtempSync(path.join(tmpdir(), "afd-prisma-"));
  try {
    const engine = path.join(folder, "no-engine.sh");
    copyFileSync(path.join(root, "scripts/no-engine.sh"), engine);
    chmodSync(engine, 0o755);
    const done = spawnSync(process.execPath, [path.join(root, "node_modules/prisma/build/index.js"), "generate"], {
      cwd: root,
      encoding: "utf8",
      env: {
        ...process.env,
        PRISMA_SCHEMA_ENGINE_BINARY: engine,
        PRISMA_HIDE_UPDATE_MESSAGE: "1",
        CHECKPOINT_DISABLE: "1",
      },
    });
    if (done.status !== 0) throw new Error(`prisma generate failed:\n${done.stdout}${done.stderr}`);
    writeFileSync(stampFile, wanted);
    return true;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  console.log(ensurePrismaClient() ? "Prisma client made." : "Prisma client is up to date.");
}
