import "server-only";
import { type CatalogueChanged, type ChangeCatalogue, TAGS_MAX } from "@/lib/contracts/catalogue";
import { Prisma } from "@/lib/db/generated/client";
import { mutation } from "@/lib/db/mutation";
import { AppError } from "@/lib/errors/app-error";
import { NOTHING_CHANGED, type Told } from "@/lib/system-audit/act";
import { type ChangedColumn, changesOfColumns } from "./catalogue-told";
import { findConnected, type SourceManager, type SourceRow, targetOf } from "./source-row";

/** Tags after the change: without the keys that go, and with the one that is put on at the end. */
function tagsAfter({ tag, untag }: ChangeCatalogue): Prisma.Sql {
  const gone = [tag?.key, untag].filter((key) => key !== undefined);
  const kept = Prisma.sql`coalesce((select jsonb_agg(t.value order by t.ordinality)
    from jsonb_array_elements(c.tags) with ordinality t where t.value->>'key' <> all(${gone})), '[]'::jsonb)`;
  return tag ? Prisma.sql`${kept} || ${JSON.stringify([{ key: tag.key, value: tag.value }])}::jsonb` : kept;
}

function actsOf(source: SourceRow, change: ChangeCatalogue, rows: readonly ChangedColumn[]): Told<unknown>["acts"] {
  const { connected: _, ...wish } = change;
  const retagged = rows.filter(({ tags, had_tags }) => JSON.stringify(tags) !== JSON.stringify(had_tags)).length;
  const connected = rows.filter((row) => row.connected && !row.was_connected).length;
  const disconnected = rows.filter((row) => row.was_connected && !row.connected).length;
  if (connected + disconnected + retagged === 0) return NOTHING_CHANGED;
  const changes = changesOfColumns(
    rows.filter((row) => changesOfColumns([row]).length > 0).sort((one, other) => (one.column < other.column ? -1 : 1)),
  );
  const details = { ...wish, columns: rows.length, connected, disconnected, retagged };
  return [{ event: "data_source.columns_changed", target: targetOf(source), changes, details }];
}

/**
 * Connects or disconnects one column or a whole table, and puts a tag on or takes one off.
 * @throws AppError 404 for a data source or columns that are not there, 409 for a disconnected source, 422 for too many tags
 */
export async function changeCatalogue(
  ctx: SourceManager,
  id: string,
  change: ChangeCatalogue,
): Promise<CatalogueChanged> {
  const source = await findConnected(ctx, id);
  const { database, schema, table, column, connected } = change;
  const one = column === undefined ? Prisma.empty : Prisma.sql`and "columnName" = ${column}`;
  return mutation(ctx, async (tx) => {
    const rows = await tx.$queryRaw<ChangedColumn[]>`
      update "CatalogueColumn" c
      set connected = coalesce(${connected ?? null}::boolean, c.connected), tags = ${tagsAfter(change)}
      from (select "dataSourceId", "databaseName", "schemaName", "tableName", "columnName", connected, tags
            from "CatalogueColumn" where "dataSourceId" = ${id}::uuid and "databaseName" = ${database}
              and "schemaName" = ${schema} and "tableName" = ${table} ${one} for update) o
      where (c."dataSourceId", c."databaseName", c."schemaName", c."tableName", c."columnName") =
            (o."dataSourceId", o."databaseName", o."schemaName", o."tableName", o."columnName")
      returning c."databaseName" as database, c."schemaName" as schema, c."tableName" as "table",
                c."columnName" as "column", c.connected, c.tags, o.connected as was_connected, o.tags as had_tags`;
    if (rows.length === 0)
      throw new AppError(
        "not_found",
        "The catalogue has no such column. Read it anew: it may have been replaced meanwhile.",
      );
    if (rows.some(({ tags }) => tags.length > TAGS_MAX))
      throw new AppError("invalid_request", {
        detail: `A column has at most ${TAGS_MAX} tags. Take one off first.`,
        errors: [{ pointer: "/tag", message: `would be more than ${TAGS_MAX} on a column` }],
      });
    return { value: { columns: rows.length }, acts: actsOf(source, change, rows) };
  });
}
