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

/**
 * Every exported function of lib/ whose first parameter is a `Granted<…>` (or an alias of one, from whatever file), as
 * `file#name`: found in the sources, so that a new one is noticed.
 */
export function grantedFunctions(root: string): string[] {
  const sources = parse(root);
  const aliases = new Set(
    sources.flatMap((source) =>
      source.statements
        .filter(ts.isTypeAliasDeclaration)
        .filter((alias) => GRANTED.test(alias.type.getText(source)))
        .map((alias) => alias.name.text),
    ),
  );
  return sources.flatMap((source) =>
    source.statements.filter(ts.isFunctionDeclaration).flatMap((declared) => {
      const isExported = declared.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
      const type = declared.parameters[0]?.type?.getText(source) ?? "";
      const takesGranted = GRANTED.test(type) || aliases.has(type);
      return isExported && takesGranted ? [`lib/${source.fileName}#${declared.name?.text}`] : [];
    }),
  );
}
