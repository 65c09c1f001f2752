import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import ts from "typescript";

export const SDK = path.resolve(import.meta.dirname, "..");

/** A folder in which a program may import `@affidavit/sdk`, with the examples in it. */
export interface Consumer {
  folder: string;
  remove: () => void;
}

/**
 * Installs the SDK by translating each file alone, which takes milliseconds; package.int.test.ts does it as npm would.
 */
export function makeConsumer(): Consumer {
  const folder = mkdtempSync(path.join(tmpdir(), "afd-sdk-"));
  const place = path.join(folder, "node_modules/@affidavit/sdk");
  mkdirSync(path.join(place, "dist"), { recursive: true });
  cpSync(path.join(SDK, "package.json"), path.join(place, "package.json"));
  cpSync(path.join(SDK, "examples"), folder, { recursive: true });
  for (const name of readdirSync(path.join(SDK, "src"))) {
    if (!name.endsWith(".ts") || name.endsWith(".test.ts")) continue;
    const { outputText } = ts.transpileModule(readFileSync(path.join(SDK, "src", name), "utf8"), {
      compilerOptions: {
        module: ts.ModuleKind.ESNext,
        target: ts.ScriptTarget.ES2022,
        verbatimModuleSyntax: true,
        rewriteRelativeImportExtensions: true,
      },
    });
    writeFileSync(path.join(place, "dist", name.replace(/\.ts$/, ".js")), outputText);
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
