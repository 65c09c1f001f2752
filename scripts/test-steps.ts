import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ROOT } from "../server/places";

/** Counted checks: a linter's run is one, a test is one. */
export interface Tally {
  passed: number;
  failed: number;
}

/** Runs a program of node_modules with our terminal. @returns whether it ended well */
export function runBin(name: string, args: string[], env: Record<string, string> = {}): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(path.join(ROOT, "node_modules/.bin", name), args, {
      cwd: ROOT,
      stdio: "inherit",
      env: { ...process.env, ...env },
    });
    child.once("error", (error) => {
      console.error(error.message);
      resolve(false);
    });
    child.once("close", (code) => resolve(code === 0));
  });
}

/** One check that passes or fails as a whole. */
export const check = (ok: boolean): Tally => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1 });

function readReport<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as T;
  } catch {
    return undefined; // It ended before it could write one.
  } finally {
    rmSync(file, { force: true });
  }
}

/** A runner that ends badly without a failed test (an unhandled error, a file that does not load) counts as one failure. */
function honest(tally: Tally, ok: boolean): Tally {
  return ok || tally.failed > 0 ? tally : { ...tally, failed: 1 };
}

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  testResults: { status: string; assertionResults: unknown[] }[];
}

/** All unit and integration tests. A skipped one counts as failed: we keep none. */
export async function runVitest(): Promise<Tally> {
  const file = path.join(ROOT, "node_modules/.cache/vitest-report.json");
  const ok = await runBin("vitest", ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${file}`]);
  const report = readReport<VitestReport>(file);
  if (!report) return check(false);
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  ).length;
  return honest(
    { passed: report.numPassedTests, failed: report.numFailedTests + report.numPendingTests + unloaded },
    ok,
  );
}

interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
}

/** All browser tests. A flaky one counts as failed. */
export async function runPlaywright(chromium: string): Promise<Tally> {
  const file = path.join(ROOT, "node_modules/.cache/playwright-report.json");
  const data = mkdtempSync(path.join(tmpdir(), "affidavit-e2e-"));
  chmodSync(data, 0o711);
  const folders = { AFFIDAVIT_E2E_DATA: path.join(data, "demo"), AFFIDAVIT_E2E_SETUP_DATA: path.join(data, "setup") };
  const env = { PLAYWRIGHT_JSON_OUTPUT_NAME: file, AFFIDAVIT_E2E_CHROMIUM: chromium, ...folders };
  const ok = await runBin("playwright", ["test", "--reporter=list,json"], env);
  rmSync(data, { recursive: true, force: true });
  const stats = readReport<PlaywrightReport>(file)?.stats;
  if (!stats) return check(false);
  return honest({ passed: stats.expected, failed: stats.unexpected + stats.flaky + stats.skipped }, ok);
}
