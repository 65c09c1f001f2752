import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

/**
 * Every exported function of lib/ whose first parameter is a `Granted<…>` (or an alias of one), as `file#name`: found in the
 * sources, so that a new one is noticed.
 */
export function grantedFunctions(root: string): string[] {
  const files = readdirSync(path.join(root, "lib"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !/\.test\.ts$|^db\/generated|^testing\//.test(file))
    .sort();
  return files.flatMap((file) => {
    const source = ts.createSourceFile(
      file,
      readFileSync(path.join(root, "lib", file), "utf8"),
      ts.ScriptTarget.Latest,
    );
    const aliases = new Set(
      source.statements
        .filter(ts.isTypeAliasDeclaration)
        .filter((alias) => /^Granted</.test(alias.type.getText(source)))
        .map((alias) => alias.name.text),
    );
    return source.statements.filter(ts.isFunctionDeclaration).flatMap((declared) => {
      const isExported = declared.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
      const type = declared.parameters[0]?.type?.getText(source) ?? "";
      const takesGranted = /^Granted</.test(type) || aliases.has(type);
      return isExported && takesGranted ? [`lib/${file}#${declared.name?.text}`] : [];
    });
  });
}
