import "server-only";
import { CATALOGUE_COLUMNS_MAX, type CatalogueChange, type CatalogueColumn } from "@/lib/contracts/catalogue";
import { mutation } from "@/lib/db/mutation";
import { AppError } from "@/lib/errors/app-error";
import { putColumns } from "./catalogue";
import { readSource } from "./connect";
import { FROM_RELATIONS } from "./relations";
import { findConnected, type SourceManager } from "./source-row";

const COLUMNS = `
  select current_database() as database, n.nspname as schema, c.relname as "table", a.attname as "column",
         pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type
  ${FROM_RELATIONS}
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
