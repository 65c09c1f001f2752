import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import * as formatter from "sql-formatter";
import { beforeAll, describe, expect, test } from "vitest";
import { FORMS } from "./cases/forms.ts";
import { type Foreign, partlyShown } from "./cases/shown.ts";
import { type Dialect, readingsOf } from "./dialects/dialects.ts";
import { STANDARD } from "./dialects/standard.ts";
import { type CompiledReading, compile } from "./reading.ts";
import { scan } from "./scan.ts";
import { unite } from "./spans.ts";

// Against another lexer, sql-formatter's: it is no oracle as PostgreSQL's own scanner is, and it is wrong where `misread` says so.

interface Comparison {
  readonly options: formatter.DialectOptions;
  /** Texts that it reads otherwise than the database does. */
  readonly misread: RegExp;
}

const DIALECTS = {
  // `--` opens a comment only before white space, and no carriage return ends one.
  mysql: { options: formatter.mysql, misread: /--\S|\r/ },
  // `:1` is a parameter.
  snowflake: { options: formatter.snowflake, misread: /:\d/ },
  // A raw string goes over a quote that follows a backslash, and so do bytes: their escapes are those of strings.
  bigquery: { options: formatter.bigquery, misread: /[rb]["'][\s\S]*\\/i },
  // It takes braces for quotes.
  tsql: { options: formatter.transactsql, misread: /\{/ },
  // Comments nest, and E'…' has escapes, as in the PostgreSQL that Redshift was made of.
  redshift: { options: formatter.redshift, misread: /e'[\s\S]*\\|\/\*[\s\S]*\/\*/i },
  // X'…' is a string like others.
  databricks: { options: formatter.spark, misread: /x["'][\s\S]*\\/i },
  sqlite: { options: formatter.sqlite, misread: /^$/ },
} satisfies Partial<Record<Dialect, Comparison>>;
type Compared = keyof typeof DIALECTS;

interface Tokenizer {
  tokenize: (text: string, parameters: object) => { type: string; raw: string; start: number }[];
}
/** Not among the package's exports, so it is read from its file. */
let dialectOf: (options: formatter.DialectOptions) => { tokenizer: Tokenizer };
beforeAll(async () => {
  const root = path.dirname(createRequire(import.meta.url).resolve("sql-formatter/package.json"));
  ({ createDialect: dialectOf } = await import(pathToFileURL(path.join(root, "dist/esm/dialect.js")).href));
});

const HIDDEN = new Set(["STRING", "NUMBER", "LINE_COMMENT", "BLOCK_COMMENT"]);

/** What the other lexer calls a literal or a comment, without a number's sign and a string's prefix; none where it gives up. */
function literalsOf(text: string, dialect: Compared): (Foreign & { raw: string })[] {
  try {
    return dialectOf(DIALECTS[dialect].options)
      .tokenizer.tokenize(text, {})
      .filter(({ type }) => HIDDEN.has(type))
      .map(({ type, raw, start }) => {
        const before = type === "NUMBER" ? /^-\s*/ : /^[A-Za-z_&]*/;
        return { raw, start: start + (before.exec(raw)?.[0].length ?? 0), end: start + raw.length };
      });
  } catch {
    return [];
  }
}

const ODD = [
  ...'" ` \\ $ $$ [ ] ( ) { } - -- # // /* */ ; : . , @ ? 7 a _ E N x r b _a = || select from é 1e 0x1F t_2024'.split(
    " ",
  ),
  " ",
  "\n",
];
const soupOf = (dialect: Compared) => {
  const quiet = fc.constantFrom(" ", ", ", "\n", " = ", " from t_2024 ", "(", ")", " 12 ", " 'a' ", " 1.5e3", " as a");
  const part = fc.oneof(fc.constantFrom(...FORMS[dialect]), quiet, quiet, fc.constantFrom(...ODD));
  return fc.array(part, { minLength: 1, maxLength: 9 }).map((parts) => parts.join(""));
};

/** Compares so many texts: how many literals there were, and those that showed. */
function compare(dialect: Compared, readings: readonly CompiledReading[], texts: number) {
  const { misread } = DIALECTS[dialect];
  let checks = 0;
  const leaks: string[] = [];
  fc.assert(
    fc.property(soupOf(dialect), (text) => {
      fc.pre(!misread.test(text));
      const tokens = literalsOf(text, dialect);
      checks += tokens.length;
      const spans = readings.map((reading) => scan(text, reading, () => undefined).spans).reduce(unite, []);
      for (const { raw } of partlyShown(text, tokens, spans)) leaks.push(JSON.stringify({ raw, text }));
    }),
    { numRuns: texts, maxSkipsPerRun: 10 },
  );
  return { checks, leaks };
}

describe.each(Object.keys(DIALECTS) as Compared[])("%s", (dialect) => {
  test("hides what sql-formatter's lexer calls a literal or a comment", { timeout: 120_000 }, () => {
    const { checks, leaks } = compare(dialect, readingsOf(dialect), 20_000);
    expect(leaks).toEqual([]);
    expect(checks).toBeGreaterThan(10_000);
  });

  test("a lexer of another language is found out", { timeout: 60_000 }, () => {
    const reading = compile({ ...STANDARD, dashNeedsSpace: true });
    expect(compare(dialect, [reading], 2_000).leaks).not.toEqual([]);
  });
});
