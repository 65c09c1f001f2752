import "server-only";
import type pg from "pg";
import { CATALOGUE_COLUMNS_MAX } from "@/lib/contracts/catalogue";
import type { CoverageFinding } from "@/lib/contracts/coverage";
import { prisma } from "@/lib/db/prisma";
import { FROM_RELATIONS } from "./relations";
import type { SourceRow } from "./source-row";

interface Table {
  database: string;
  schema: string;
  table: string;
}

interface KnownTable extends Table {
  /** Whether any of its columns is connected. */
  isConnected: boolean;
}

/** Tables that are named; the others are counted. */
const NAMED_MAX = 5;

const keyOf = ({ database, schema, table }: Table) => JSON.stringify([database, schema, table]);

/** The tables and views that the source has now. */
export async function readTables(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<Table>(
    `select distinct current_database()::text as database, n.nspname::text as schema, c.relname::text as "table"
     ${FROM_RELATIONS} order by 1, 2, 3 limit $1`,
    [CATALOGUE_COLUMNS_MAX],
  );
  return rows;
}

/** The tables that the catalogue knows. */
export async function knownTables({ id }: SourceRow): Promise<KnownTable[]> {
  return prisma().$queryRaw<KnownTable[]>`
    select "databaseName" as database, "schemaName" as schema, "tableName" as "table", bool_or(connected) as "isConnected"
    from "CatalogueColumn" where "dataSourceId" = ${id}::uuid group by 1, 2, 3 order by 1, 3, 2`;
}

/** Of the tables that are there, those that are not known: their statements are passed over. */
export function missingTables(known: readonly Table[], present: readonly Table[]): Table[] {
  const keys = new Set(known.map(keyOf));
  return present.filter((table) => !keys.has(keyOf(table)));
}

const NONE_KNOWN: CoverageFinding = {
  level: "error",
  setting: "catalogue",
  value: null,
  message: "Nothing is recorded: no table of it is known. Read the catalogue first.",
  fix: null,
};

/** Pure. @returns undefined where the catalogue has them all */
export function catalogueFinding(
  missing: readonly Table[],
  { cataloguedAt, known }: Pick<SourceRow, "cataloguedAt"> & { known: number },
): CoverageFinding | undefined {
  if (known === 0 && (cataloguedAt === null || missing.length > 0)) return NONE_KNOWN;
  if (missing.length === 0) return undefined;
  const names = missing.slice(0, NAMED_MAX).map(({ schema, table }) => `${schema}.${table}`);
  const others = missing.length > NAMED_MAX ? ", …" : "";
  const tables = missing.length === 1 ? "1 table is" : `${missing.length.toLocaleString("en-US")} tables are`;
  const since =
    cataloguedAt === null
      ? "which was never read"
      : `which was last read on ${cataloguedAt.toISOString().slice(0, 10)}`;
  return {
    level: "warning",
    setting: "catalogue",
    value: null,
    message: `${tables} not in the catalogue, ${since}: ${names.join(", ")}${others}. Statements on them are not recorded. Read the catalogue from the source.`,
    fix: null,
  };
}

/**
 * Names that a statement without a schema leaves open: the log does not tell the search_path. Where public's is connected, that
 * one is meant by PostgreSQL's own. Pure. @returns undefined where there is none
 */
export function ambiguousFinding(known: readonly KnownTable[]): CoverageFinding | undefined {
  const named = new Map<string, KnownTable[]>();
  for (const one of known) {
    const key = JSON.stringify([one.database, one.table]);
    named.set(key, [...(named.get(key) ?? []), one]);
  }
  const open = [...named.values()].filter(
    (tables) =>
      tables.length > 1 &&
      tables.some(({ isConnected }) => isConnected) &&
      !tables.some(({ schema, isConnected }) => schema === "public" && isConnected),
  );
  if (open.length === 0) return undefined;
  const names = open
    .slice(0, NAMED_MAX)
    .map((tables) => `${tables[0]?.table} (${tables.map(({ schema }) => schema).join(", ")})`);
  const others = open.length > NAMED_MAX ? ", …" : "";
  const are = open.length === 1 ? "1 name of a table is" : `${open.length.toLocaleString("en-US")} names of tables are`;
  return {
    level: "warning",
    setting: "search_path",
    value: null,
    message: `${are} in several schemas: ${names.join(", ")}${others}. The log does not tell the search_path, so a statement that names one without its schema is recorded with the tags of all of them. With pgaudit.log_relation the log tells which one it was.`,
    fix: null,
  };
}
