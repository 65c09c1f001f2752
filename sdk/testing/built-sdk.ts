import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import ts from "typescript";
import { run } from "./programs";
import { ROOT, SDK } from "./sdk-places";

/** A folder in which a program may import `@affidavit/sdk`. */
export interface Consumer {
  folder: string;
  remove: () => void;
}

/** npm, asking nobody, and writing nothing into the home folder. */
export function npm(folder: string, args: readonly string[]): Promise<string> {
  const cache = { npm_config_cache: path.join(folder, "npm-cache"), npm_config_update_notifier: "false" };
  return run("npm", ["--prefix", folder, "--offline", ...args], cache);
}

/**
 * A checkout as it was cloned, in which nothing was built, but for two things: what it depends on is in a folder above,
 * where it is found too and no network is needed; and of its own files only those that make the SDK are there.
 */
export function makeCheckout(): Consumer {
  // A path with a space, as anybody's may have; the real one, because npm compares places.
  const above = realpathSync(mkdtempSync(path.join(tmpdir(), "afd clone-")));
  symlinkSync(path.join(ROOT, "node_modules"), path.join(above, "node_modules"));
  const folder = path.join(above, "checkout");
  const parts = ["package.json", "tsconfig.json", "README.md", "examples", "src"];
  for (const name of parts) cpSync(path.join(SDK, name), path.join(folder, "sdk", name), { recursive: true });
  cpSync(path.join(ROOT, "lib/redact"), path.join(folder, "lib/redact"), { recursive: true });
  cpSync(path.join(ROOT, ".npmrc"), path.join(folder, ".npmrc"));
  const read = (name: string) => JSON.parse(readFileSync(path.join(ROOT, name), "utf8"));
  const write = (name: string, value: unknown) => writeFileSync(path.join(folder, name), JSON.stringify(value));
  const alone = { dependencies: undefined, devDependencies: undefined };
  const lockfile = read("package-lock.json");
  const own = Object.entries(lockfile.packages).filter(([place]) =>
    /^(sdk|node_modules\/@affidavit\/sdk)$/.test(place),
  );
  write("package.json", { ...read("package.json"), ...alone });
  write("package-lock.json", {
    ...lockfile,
    packages: { "": { ...lockfile.packages[""], ...alone }, ...Object.fromEntries(own) },
  });
  return { folder, remove: () => rmSync(above, { recursive: true, force: true }) };
}

/**
 * Installs the SDK, with the examples beside it, by translating each file alone, which takes milliseconds;
 * package.int.test.ts does it as npm would.
 */
export function makeConsumer(): Consumer {
  const folder = mkdtempSync(path.join(tmpdir(), "afd-sdk-"));
  const place = path.join(folder, "node_modules/@affidavit/sdk");
  mkdirSync(path.join(place, "dist"), { recursive: true });
  cpSync(path.join(SDK, "package.json"), path.join(place, "package.json"));
  cpSync(path.join(SDK, "examples"), folder, { recursive: true });
  for (const part of ["sdk/src", "lib/redact", "lib/redact/dialects"]) translate(part, path.join(place, "dist", part));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function translate(part: string, into: string): void {
  mkdirSync(into, { recursive: true });
  for (const name of readdirSync(path.join(ROOT, part))) {
    if (!name.endsWith(".ts") || name.endsWith(".test.ts")) continue;
    const { outputText } = ts.transpileModule(readFileSync(path.join(ROOT, part, name), "utf8"), {
      compilerOptions: {
        module: ts.ModuleKind.ESNext,
        target: ts.ScriptTarget.ES2022,
        verbatimModuleSyntax: true,
        rewriteRelativeImportExtensions: true,
      },
    });
    writeFileSync(path.join(into, name.replace(/\.ts$/, ".js")), outputText);
  }
}
