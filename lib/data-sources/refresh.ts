import "server-only";
import { CATALOGUE_COLUMNS_MAX, type CatalogueChange, type CatalogueColumn } from "@/lib/contracts/catalogue";
import { mutation } from "@/lib/db/mutation";
import { AppError } from "@/lib/errors/app-error";
import { putColumns } from "./catalogue";
import { readSource } from "./connect";
import { findConnected, type SourceManager } from "./source-row";

/**
 * Columns of what people query: tables, partitioned and foreign ones, views and materialized views. pg_catalog rather than
 * information_schema, which shows only what the role may use: a role that may read nothing would have an empty catalogue.
 */
const COLUMNS = `
  select current_database() as database, n.nspname as schema, c.relname as "table", a.attname as "column",
         pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  join pg_catalog.pg_attribute a on a.attrelid = c.oid
  where c.relkind in ('r', 'p', 'v', 'm', 'f') and a.attnum > 0 and not a.attisdropped
    and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and n.nspname !~ '^pg_(toast_)?temp_'
  order by 1, 2, 3, a.attnum
  limit $1`;

type ReadColumn = Pick<CatalogueColumn, "database" | "schema" | "table" | "column" | "data_type">;

/**
 * Reads the catalogue from the data source. Columns that stay keep their tags and whether they are connected; new ones are
 * connected, so that nothing new goes unseen.
 * @throws AppError 404, 409 where it cannot be reached, is disconnected, or has more columns than a catalogue holds
 */
export async function refreshCatalogue(ctx: SourceManager, id: string): Promise<CatalogueChange> {
  const row = await findConnected(ctx, id);
  const { rows } = await readSource(ctx, row, (client) =>
    client.query<ReadColumn>(COLUMNS, [CATALOGUE_COLUMNS_MAX + 1]),
  );
  if (rows.length > CATALOGUE_COLUMNS_MAX)
    throw new AppError(
      "source_unreachable",
      `“${row.database}” has more than ${CATALOGUE_COLUMNS_MAX.toLocaleString("en-US")} columns. Send those that matter with PUT /v1/data-sources/{id}/catalogue.`,
    );
  const columns = rows.map((column) => ({ ...column, connected: true, tags: [] }));
  return mutation(ctx, (tx) => putColumns(tx, id, columns, "the type only"));
}
