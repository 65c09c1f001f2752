import "server-only";
import { type CatalogueChanged, type ChangeCatalogue, TAGS_MAX } from "@/lib/contracts/catalogue";
import { Prisma } from "@/lib/db/generated/client";
import { mutation } from "@/lib/db/mutation";
import { AppError } from "@/lib/errors/app-error";
import { findConnected, type SourceManager, targetOf } from "./source-row";

/** Tags after the change: without the keys that go, and with the one that is put on at the end. */
function tagsAfter({ tag, untag }: ChangeCatalogue): Prisma.Sql {
  const gone = [tag?.key, untag].filter((key) => key !== undefined);
  const kept = Prisma.sql`coalesce((select jsonb_agg(t.value order by t.ordinality)
    from jsonb_array_elements(tags) with ordinality t where t.value->>'key' <> all(${gone})), '[]'::jsonb)`;
  return tag ? Prisma.sql`${kept} || ${JSON.stringify([{ key: tag.key, value: tag.value }])}::jsonb` : kept;
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
    const rows = await tx.$queryRaw<{ tags: number }[]>`
      update "CatalogueColumn" set connected = coalesce(${connected ?? null}::boolean, connected), tags = ${tagsAfter(change)}
      where "dataSourceId" = ${id}::uuid and "databaseName" = ${database} and "schemaName" = ${schema}
        and "tableName" = ${table} ${one}
      returning jsonb_array_length(tags) as tags`;
    if (rows.length === 0)
      throw new AppError(
        "not_found",
        "The catalogue has no such column. Read it anew: it may have been replaced meanwhile.",
      );
    if (rows.some(({ tags }) => tags > TAGS_MAX))
      throw new AppError("invalid_request", {
        detail: `A column has at most ${TAGS_MAX} tags. Take one off first.`,
        errors: [{ pointer: "/tag", message: `would be more than ${TAGS_MAX} on a column` }],
      });
    return {
      value: { columns: rows.length },
      acts: [
        { event: "data_source.catalogued", target: targetOf(source), details: { ...change, columns: rows.length } },
      ],
    };
  });
}
