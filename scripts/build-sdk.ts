import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";

const changedAt = (file: string) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

const filesIn = (folder: string) =>
  existsSync(folder) ? readdirSync(folder).map((name) => path.join(folder, name)) : [];

/**
 * Builds `sdk/dist` where it is absent or older than its sources, so that a program in the checkout can import
 * `@affidavit/sdk`. npm would do it while installing; here nothing runs then (ADR 14).
 * @returns whether it had to be built
 * @throws Error with the compiler's own words
 */
export function ensureSdk(root: string): boolean {
  const sdk = path.join(root, "sdk");
  if (!existsSync(path.join(sdk, "src"))) return false; // An image of the server alone.
  // The redactor is the server's own, and becomes a part of the package.
  const sources = ["sdk/src", "lib/redact", "lib/redact/dialects"].flatMap((folder) =>
    filesIn(path.join(root, folder)),
  );
  const newest = Math.max(...[...sources, path.join(sdk, "tsconfig.json")].map(changedAt));
  if (changedAt(path.join(sdk, "dist/sdk/src/index.js")) >= newest) return false;
  const compiler = path.join(root, "node_modules/typescript/bin/tsc");
  const { status, stdout, stderr } = spawnSync(process.execPath, [compiler, "-p", sdk], { encoding: "utf8" });
  if (status !== 0) throw new Error(`The SDK could not be built: ${stdout}${stderr}`.trim());
  return true;
}
