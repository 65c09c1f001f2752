import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** A rule that is switched off, or whose pattern no longer matches anything, looks like a clean checkout. */
const root = path.resolve(import.meta.dirname, "..");
const bin = (name: string) => path.join(root, "node_modules/.bin", name);

function copyTo(project: string, files: string[]): void {
  for (const file of files) copyFileSync(path.join(root, file), path.join(project, file));
}

function write(project: string, file: string, text: string): void {
  mkdirSync(path.dirname(path.join(project, file)), { recursive: true });
  writeFileSync(path.join(project, file), text);
}

const lines = (count: number, line: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => line(n)).join("\n");
const nested = (depth: number): string => (depth === 0 ? "return 1;" : `if (a[${depth}]) { ${nested(depth - 1)} }`);
const longBody = lines(61, (n) => `  a.push(${n});`);

describe("Biome refuses", () => {
  const project = mkdtempSync(path.join(tmpdir(), "afd-lint-"));
  /** A file, its text, and the rule that must say no to it; `!` before a rule that must not. */
  const SAMPLES: [file: string, text: string, rule: string][] = [
    ["lib/query/environment.ts", 'export const port = process.env["PORT"];', "noProcessEnv"],
    ["lib/config/env.ts", 'export const port = process.env["PORT"];', "!noProcessEnv"],
    ["lib/query/long-file.ts", lines(301, (n) => `export const value${n} = ${n};`), "noExcessiveLinesPerFile"],
    ["lib/query/fitting-file.ts", lines(300, (n) => `export const value${n} = ${n};`), "!noExcessiveLinesPerFile"],
    [
      "lib/query/long-function.ts",
      `export function long(a: number[]): void {\n${longBody}\n}`,
      "noExcessiveLinesPerFunction",
    ],
    [
      "lib/query/tangled.ts",
      `export function tangled(a: number[]): number { ${nested(6)} return 2; }`,
      "noExcessiveCognitiveComplexity",
    ],
    ["lib/query/five.ts", "export const five = (a: 1, b: 1, c: 1, d: 1, e: 1) => [a, b, c, d, e];", "useMaxParams"],
    ["lib/query/loose.ts", "export const loose: any = 1;", "noExplicitAny"],
    ["lib/query/sure.ts", "export const sure = (a?: string) => a!.length;", "noNonNullAssertion"],
    ["lib/query/default.ts", "export default 1;", "noDefaultExport"],
    ["app/page.tsx", "export default function Page() {\n  return null;\n}", "!noDefaultExport"],
    ["lib/query/printing.ts", 'console.log("x");', "noConsole"],
    ["cli/printing.ts", 'console.log("x");', "!noConsole"],
    ["lib/query/CamelCase.ts", "export const a = 1;", "useFilenamingConvention"],
    [
      "lib/query/floating.ts",
      "async function later(): Promise<void> {}\nexport function now(): void {\n  later();\n}",
      "noFloatingPromises",
    ],
  ];
  let found: { category: string; location: { path: string } }[] = [];

  beforeAll(() => {
    copyTo(project, ["biome.json", ".gitignore", "tsconfig.json", "package.json"]);
    for (const [file, text] of SAMPLES) write(project, file, `${text}\n`);
    const { stdout } = spawnSync(bin("biome"), ["lint", "--reporter=json", "--max-diagnostics=none", "."], {
      cwd: project,
      encoding: "utf8",
      maxBuffer: 1e8,
    });
    found = JSON.parse(stdout).diagnostics;
  }, 60_000);
  afterAll(() => rmSync(project, { recursive: true }));

  test.each(SAMPLES)("%s", (file, _text, rule) => {
    const rules = found
      .filter(({ location }) => location.path === file)
      .map(({ category }) => category.split("/").at(-1));
    if (rule.startsWith("!")) expect(rules).not.toContain(rule.slice(1));
    else expect(rules).toContain(rule);
  });
});

describe("dependency-cruiser refuses", () => {
  const project = mkdtempSync(path.join(tmpdir(), "afd-imports-"));
  /** From a file to what it imports, and the rule that must say no; without one it must be allowed. */
  const IMPORTS: [from: string, to: string, rule?: string][] = [
    ["lib/contracts/a.ts", "lib/db/pools.ts", "pure-folders-stay-pure"],
    ["lib/log-kinds/a.ts", "lib/config/env.ts", "pure-folders-stay-pure"],
    ["lib/filters/a.ts", "node_modules/react/index.js", "pure-folders-no-node-or-frameworks"],
    ["lib/filters/b.ts", "lib/contracts/a.ts"],
    ["components/frame/a.tsx", "lib/db/pools.ts", "components-know-shapes-not-servers"],
    ["components/frame/b.tsx", "lib/access/door.ts", "components-know-shapes-not-servers"],
    ["components/frame/c.tsx", "lib/contracts/a.ts"],
    ["lib/query/a.ts", "app/page.tsx", "lib-knows-no-routes"],
    ["app/a.tsx", "lib/db/pools.ts", "app-holds-no-sql"],
    ["app/b.tsx", "lib/query/a.ts"],
    ["lib/query/b.ts", "node_modules/pg/esm/index.mjs", "only-lib-db-opens-connections"],
    ["lib/query/c.ts", "lib/api/app.ts", "api-is-a-door-not-a-house"],
    ["cli/a.ts", "lib/db/pools.ts", "cli-speaks-http"],
    ["server/a.ts", "lib/testing/database.ts", "no-test-support-in-product"],
    ["sdk/src/a.ts", "lib/filters/filter.ts", "sdk-stands-alone"],
    ["sdk/src/b.ts", "node_modules/react/index.js", "sdk-stands-alone"],
    ["lib/query/d.ts", "sdk/src/index.ts", "the-house-needs-no-sdk"],
    ["cli/b.ts", "sdk/src/index.ts"],
    ["lib/jobs/a.ts", "lib/jobs/b.ts", "no-cycles"],
  ];
  let found: { from: string; to: string; rule: { name: string } }[] = [];

  beforeAll(() => {
    const targets = new Set(IMPORTS.map(([, to]) => to).filter((to) => !to.startsWith("node_modules")));
    for (const target of targets) write(project, target, "export const it = 1;\n");
    for (const [from, to] of IMPORTS) {
      const address = to.startsWith("node_modules") ? to.split("/")[1] : `@/${to.replace(/\.tsx?$/, "")}`;
      write(project, from, `import * as other from "${address}";\nexport const it = other;\n`);
    }
    write(project, "lib/jobs/b.ts", 'import * as other from "./a";\nexport const it = other;\n');
    copyTo(project, [".dependency-cruiser.cjs", "tsconfig.json", "package.json"]);
    symlinkSync(path.join(root, "node_modules"), path.join(project, "node_modules"));
    const args = [
      "--config",
      ".dependency-cruiser.cjs",
      "--output-type",
      "json",
      "app",
      "components",
      "lib",
      "server",
      "cli",
      "sdk",
    ];
    const { stdout } = spawnSync(bin("depcruise"), args, { cwd: project, encoding: "utf8", maxBuffer: 1e8 });
    found = JSON.parse(stdout).summary.violations;
  }, 60_000);
  afterAll(() => rmSync(project, { recursive: true }));

  test.each(IMPORTS)("%s → %s: %s", (from, to, rule) => {
    const rules = found
      .filter((violation) => violation.from === from && violation.to.endsWith(to))
      .map((violation) => violation.rule.name);
    if (rule) expect(rules).toContain(rule);
    else expect(rules).toEqual([]);
  });
});

test("nothing tracked is over the limit that no linter sees: names that say nothing", () => {
  const files = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" }).trim().split("\n");
  const banned = /(^|\/)(utils?|helpers?|misc|common|manager|service)(\.[a-z.]+)?$/;
  expect(files.filter((file) => banned.test(file))).toEqual([]);
});
