import "server-only";
import { CATALOGUE_COLUMNS_MAX, type CatalogueChange, type CatalogueColumn } from "@/lib/contracts/catalogue";
import { mutation } from "@/lib/db/mutation";
import { AppError } from "@/lib/errors/app-error";
import { putColumns } from "./catalogue";
import { type Attempt, readSource, tellFailure } from "./connect";
import { FROM_RELATIONS } from "./relations";
import { findConnected, type SourceManager } from "./source-row";

const COLUMNS = `
  select current_database() as database, n.nspname as schema, c.relname as "table", a.attname as "column",
         pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type
  ${FROM_RELATIONS}
  order by 1, 2, 3, a.attnum
  limit $1`;

const ATTEMPT: Attempt = { event: "data_source.catalogued" };

type ReadColumn = Pick<CatalogueColumn, "database" | "schema" | "table" | "column" | "data_type">;

/**
 * Reads the catalogue from the data source. Columns that stay keep their tags and whether they are connected; new ones are
 * connected, so that nothing new goes unseen. One row of the system log, whatever comes of it.
 * @throws AppError 404, 409 where it cannot be reached, is disconnected, or has more columns than a catalogue holds
 */
export async function refreshCatalogue(ctx: SourceManager, id: string): Promise<CatalogueChange> {
  const row = await findConnected(ctx, id);
  const { rows } = await readSource(ctx, row, ATTEMPT, (client) =>
    client.query<ReadColumn>(COLUMNS, [CATALOGUE_COLUMNS_MAX + 1]),
  );
  if (rows.length > CATALOGUE_COLUMNS_MAX) {
    await tellFailure(ctx, row, ATTEMPT, "too_many_columns");
    throw new AppError(
      "source_unreachable",
      `“${row.database}” has more than ${CATALOGUE_COLUMNS_MAX.toLocaleString("en-US")} columns. Send those that matter with PUT /v1/data-sources/{id}/catalogue.`,
    );
  }
  const columns = rows.map((column) => ({ ...column, connected: true, tags: [] }));
  try {
    return await mutation(ctx, (tx) => putColumns(tx, id, columns, "the type only"));
  } catch (error) {
    // Its own row went with the transaction; that the source was read stays true.
    await tellFailure(ctx, row, ATTEMPT, "not_stored");
    throw error;
  }
}
