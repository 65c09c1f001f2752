import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

const GRANTED = /^Granted(Any)?</;

function parse(root: string): ts.SourceFile[] {
  return readdirSync(path.join(root, "lib"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !/\.test\.ts$|^db\/generated|^testing\//.test(file))
    .sort()
    .map((file) =>
      ts.createSourceFile(file, readFileSync(path.join(root, "lib", file), "utf8"), ts.ScriptTarget.Latest),
    );
}

const isExported = (node: ts.TypeAliasDeclaration | ts.FunctionDeclaration) =>
  node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;

const aliasesIn = (source: ts.SourceFile) =>
  source.statements.filter(ts.isTypeAliasDeclaration).filter((alias) => GRANTED.test(alias.type.getText(source)));

/**
 * Every exported function of lib/ whose first parameter is a `Granted<…>` (or an alias of one, of its own file or imported),
 * as `file#name`: found in the sources, so that a new one is noticed.
 */
export function grantedFunctions(root: string): string[] {
  const sources = parse(root);
  const shared = new Set(
    sources
      .flatMap(aliasesIn)
      .filter(isExported)
      .map(({ name }) => name.text),
  );
  return sources.flatMap((source) => {
    const imports = source.statements
      .filter(ts.isImportDeclaration)
      .map((one) => one.getText(source))
      .join();
    const isAlias = (type: string) =>
      aliasesIn(source).some(({ name }) => name.text === type) ||
      (shared.has(type) && new RegExp(`\\b${type}\\b`).test(imports));
    return source.statements.filter(ts.isFunctionDeclaration).flatMap((declared) => {
      const type = declared.parameters[0]?.type?.getText(source) ?? "";
      const takesGranted = GRANTED.test(type) || isAlias(type);
      return isExported(declared) && takesGranted ? [`lib/${source.fileName}#${declared.name?.text}`] : [];
    });
  });
}
