import { randomInt } from "node:crypto";
import { createReadStream, readdirSync } from "node:fs";
import path from "node:path";
import type pg from "pg";
import { DATA_SOURCE_TYPES } from "@/lib/log-kinds/query/fields";

// Secrets that must not be found again. Each begins and ends with a mark that occurs nowhere else, so that one search finds
// any of them, and a part of one, too.

export const WORD_MARK = "qzxjkvw";
/** Ten digits: in 100 MB of random digits they would stand by chance in one of a hundred runs. */
export const DIGITS_MARK = "7391466082";
const MARK = new RegExp(`${WORD_MARK}\\w*|\\d*${DIGITS_MARK}\\d*`, "i");

const letters = (count: number) =>
  Array.from({ length: count }, () => String.fromCharCode(97 + randomInt(26))).join("");

export interface Canary {
  word: string;
  digits: string;
}

export function makeCanary(): Canary {
  return {
    word: WORD_MARK + letters(12) + WORD_MARK,
    digits: DIGITS_MARK + String(randomInt(1_000_000)).padStart(6, "0") + DIGITS_MARK,
  };
}

type Texts = readonly ((canary: Canary) => string)[];

const ANY: Texts = [
  ({ word, digits }) => `select a from t where ssn = '${word}' and b > ${digits}`,
  ({ word, digits }) => `select a /* ${word} ${digits} */ from t -- ${word}`,
  ({ word, digits }) => `insert into t (a, b) values ('it''s ${word}', -${digits}), ('${digits}', ${digits}.5)`,
  ({ word }) => `select a from t where b = '${word}`,
  ({ word, digits }) => `select ‘${word}’, ${digits}`,
  ({ word, digits }) => `create user ana password '${word}' identified by ${word}; select ${digits}e10, .${digits}`,
  ({ word, digits }) => `${"select 'x', 1 union all\n".repeat(150)}select '${word}', ${digits}`,
];
const ESCAPES: Texts = [({ word, digits }) => `select 'it\\'s ${word}', '\\\\', ${digits}`];
const DOUBLE: Texts = [({ word, digits }) => `select a from t where b = "${word} it's" and c = "${digits}"`];
const OWN: Readonly<Record<(typeof DATA_SOURCE_TYPES)[number], Texts>> = {
  postgres: [
    ({ word, digits }) => `select $$${word} it's$$, $t$${digits} $$ '$t$, E'\\'${word}', U&'${word}'`,
    ({ word, digits }) => `select /* /* ' */ ${word} */ 1, $1, b'01', x'${digits}'`,
    ({ word, digits }) => `copy t (a, b) from stdin;\n${word}\t${digits}\n\\.`,
  ],
  redshift: [({ word, digits }) => `select $$${word}$$, ${digits}`],
  mysql: [
    ...ESCAPES,
    ...DOUBLE,
    ({ word, digits }) => `select a # ${word}\n, _utf8mb4'${word}', 0x${digits} /*! ${word} */`,
  ],
  snowflake: [...ESCAPES, ({ word, digits }) => `select a // it's ${word}\n, $$${word}$$, {'${word}': ${digits}}`],
  bigquery: [...ESCAPES, ...DOUBLE, ({ word, digits }) => `select r'''${word}''', b"${word}", NUMERIC '${digits}'`],
  tsql: [({ word, digits }) => `select N'${word}', $${digits}, [a] from t where b = "${word}"`],
  databricks: [...ESCAPES, ...DOUBLE, ({ word, digits }) => `select r'${word}', ${digits}L /*+ x('${word}') */`],
  sqlite: [({ word, digits }) => `select x'${digits}', "${word}" /* ${word}`],
};
const MESSAGES: Texts = [
  ({ word, digits }) => `relation "${word}" does not exist at character ${digits}`,
  ({ word, digits }) => `duplicate key value: Key (email, n)=(${word}@example.com, ${digits}) already exists.`,
  ({ word, digits }) => `syntax error at or near "${word}" LINE 1: select '${word}', ${digits}`,
  // Databases quote values as they are, with the quotes in them.
  ({ word, digits }) => `You have an error in your SQL syntax near ''${word}' WHERE id = ${digits}' at line 1`,
  ({ word, digits }) => `invalid input syntax for type integer: "the "${word}" "${digits}" one"`,
  ({ word, digits }) => `Numeric value 'it's ${word} "${digits}" 's' is not recognized`,
  ({ word, digits }) => `unterminated quoted string at or near "'John "${word}" ${digits}`,
  ({ word, digits }) => `Bad int64 value: ${word} '${digits}'`,
];
const REASONS: Texts = [
  ({ word, digits }) => `row filter a = '${word}' or b > ${digits}`,
  ({ word, digits }) => `row filter failed near ''${word}' or b > ${digits}' in "x"`,
];

/** The n-th query with canaries of its own; its dialect is each in turn, and sometimes unknown. */
export function canaryQuery(n: number, canary = makeCanary()) {
  const dialect = DATA_SOURCE_TYPES[n % (DATA_SOURCE_TYPES.length + 1)];
  const texts = [...ANY, ...(dialect === undefined ? Object.values(OWN).flat() : OWN[dialect])];
  const turn = Math.floor(n / (DATA_SOURCE_TYPES.length + 1));
  // Every other query has one.
  const message = n % 2 === 0 ? MESSAGES[(n / 2) % MESSAGES.length] : undefined;
  const reason = REASONS[turn % REASONS.length]?.(canary);
  return {
    kind: "query" as const,
    username: `user-${n}`,
    query_id: `canary-${n}`,
    completed_at: new Date().toISOString(),
    query_text: texts[turn % texts.length]?.(canary) ?? "",
    ...(dialect === undefined ? {} : { data_source_type: dialect }),
    ...(message ? { error_message: message(canary) } : {}),
    tags_accessed: [{ key: "PII", rationale: `as "city = "${canary.word}" "` }],
    policies_applied: [{ name: "rows", reason }],
  };
}

/** The first canary in a text, or a part of it with its mark. */
export const canaryIn = (text: string): string | undefined => MARK.exec(text)?.[0];

const OVERLAP = 64;

async function canaryInFile(file: string): Promise<string | undefined> {
  let tail = "";
  for await (const chunk of createReadStream(file, { encoding: "latin1", highWaterMark: 4 * 1024 * 1024 })) {
    const text = tail + chunk;
    const found = canaryIn(text);
    if (found !== undefined) return found;
    tail = text.slice(-OVERLAP);
  }
  return undefined;
}

/** Every file of a folder, as it is on disk, that holds one: by its path in the folder. */
export async function canariesInFiles(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const canary = await canaryInFile(file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error; // PostgreSQL recycles files while they are listed.
      return undefined;
    });
    if (canary !== undefined) found[path.relative(folder, file)] = canary;
  }
  return found;
}

/** Every table that holds one, read as text: files may be compressed, rows are not. */
export async function canariesInTables(client: Pick<pg.ClientBase, "query">): Promise<Record<string, string>> {
  const { rows: tables } = await client.query<{ name: string }>(
    `select oid::regclass::text as name from pg_class
      where relkind in ('r', 'm') and relnamespace::regnamespace::text not in ('pg_catalog', 'information_schema')`,
  );
  const found: Record<string, string> = {};
  for (const { name } of tables) {
    const { rows } = await client.query<{ row: string }>(`select t::text as row from ${name} t where t::text ~* $1`, [
      MARK.source.replaceAll("\\w", "[a-z]").replaceAll("\\d", "[0-9]"),
    ]);
    if (rows[0]) found[name] = rows[0].row;
  }
  return found;
}
