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
export async function knownTables({ id }: SourceRow): Promise<Table[]> {
  return prisma().$queryRaw<Table[]>`
    select distinct "databaseName" as database, "schemaName" as schema, "tableName" as "table"
    from "CatalogueColumn" where "dataSourceId" = ${id}::uuid`;
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
