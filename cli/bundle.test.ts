import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { CLEAN_ENVIRONMENT, ROOT } from "@/lib/testing/program";

const folder = mkdtempSync(path.join(tmpdir(), "affidavit-bundle-"));
const bundle = path.join(folder, "cache/affidavit.mjs");
afterAll(() => rmSync(folder, { recursive: true }));

/** `affidavit --help` with the bundle at that place. */
function help(place = bundle): string {
  const module = pathToFileURL(path.join(ROOT, "cli/bundle.mjs")).href;
  const script = `import { loadCommandLine } from ${JSON.stringify(module)};
    const { runProcess } = await loadCommandLine(process.argv[1]); await runProcess();`;
  const args = ["--input-type=module", "-e", script, place, "--help"];
  return execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8", env: CLEAN_ENVIRONMENT });
}

// Each help is a process of its own, some of which make the bundle first.
test("is made once, used while it is fresh, and made anew when a source is another, or it is damaged", {
  timeout: 60_000,
}, () => {
  const words = help();
  expect(words).toContain("Usage: affidavit <command> [options]");
  const made = readFileSync(bundle, "utf8");
  appendFileSync(bundle, 'console.log("from the bundle");\n');
  expect(help()).toBe(`from the bundle\n${words}`);
  // As if it had been made when that file was another.
  for (const other of [made.replace(/("lib\/config\/env\.ts":")\d+/, "$11"), made.slice(1), ""]) {
    expect(other).not.toBe(made);
    writeFileSync(bundle, `${other}console.log("stale");\n`);
    expect(help()).toBe(words);
    expect(readFileSync(bundle, "utf8")).toBe(made);
  }
});

test("is made anew when a source was written while it was made", () => {
  const source = path.join(ROOT, "cli/words.ts");
  const { atime, mtime } = statSync(source);
  rmSync(bundle);
  // As late as a save during the build would be.
  utimesSync(source, atime, new Date(Date.now() + 60_000));
  try {
    help();
  } finally {
    utimesSync(source, atime, mtime);
  }
  expect(readFileSync(bundle, "utf8")).toContain('"cli/words.ts":"written meanwhile"');
  help();
  expect(readFileSync(bundle, "utf8")).not.toContain("written meanwhile");
});

test("where it cannot be written, the sources run", () => {
  const file = path.join(folder, "file");
  writeFileSync(file, "");
  expect(help(path.join(file, "affidavit.mjs"))).toContain("Usage: affidavit <command> [options]");
});
