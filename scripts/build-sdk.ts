import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";

const changedAt = (file: string) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/**
 * Builds `sdk/dist` where it is absent or older than its sources, so that a program in the checkout can import
 * `@affidavit/sdk`. npm would do it while installing; here nothing runs then (ADR 14).
 * @returns whether it had to be built
 * @throws Error with the compiler's own words
 */
export function ensureSdk(root: string): boolean {
  const sdk = path.join(root, "sdk");
  if (!existsSync(path.join(sdk, "src"))) return false; // An image of the server alone.
  const sources = readdirSync(path.join(sdk, "src")).map((name) => path.join(sdk, "src", name));
  const newest = Math.max(...[...sources, path.join(sdk, "tsconfig.json")].map(changedAt));
  if (changedAt(path.join(sdk, "dist/index.js")) >= newest) return false;
  const compiler = path.join(root, "node_modules/typescript/bin/tsc");
  const { status, stdout, stderr } = spawnSync(process.execPath, [compiler, "-p", sdk], { encoding: "utf8" });
  if (status !== 0) throw new Error(`The SDK could not be built: ${stdout}${stderr}`.trim());
  return true;
}
