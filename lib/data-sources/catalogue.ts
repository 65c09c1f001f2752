import "server-only";
import type {
  Catalogue,
  CatalogueChange,
  CatalogueColumn,
  CatalogueQuery,
  ReplaceCatalogue,
} from "@/lib/contracts/catalogue";
import { fromDatabase } from "@/lib/db/errors";
import { Prisma } from "@/lib/db/generated/client";
import { mutation, type Transaction } from "@/lib/db/mutation";
import { prisma } from "@/lib/db/prisma";
import { AppError, type Fault } from "@/lib/errors/app-error";
import { inTurns, type Steps } from "@/lib/ingest/time-slices";
import type { Told } from "@/lib/system-audit/act";
import { type ChangedColumn, changesOfColumns, TOLD_COLUMNS_MAX } from "./catalogue-told";
import { findConnected, findSource, lockSource, type SourceManager, type SourceReader, targetOf } from "./source-row";

type Place = readonly [database: string, schema: string, table: string, column: string];

export const placeOf = ({
  database,
  schema,
  table,
  column,
}: Omit<CatalogueColumn, "data_type" | "connected" | "tags">): Place => [database, schema, table, column];

const invalidCursor = () =>
  new AppError("invalid_cursor", "Send `next_cursor` of an earlier answer as it was, or none for the first page.");

function readCursor(text: string): Place {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
  } catch {
    throw invalidCursor();
  }
  const isPlace =
    Array.isArray(value) &&
    value.length === 4 &&
    value.every((part) => typeof part === "string" && !part.includes("\0"));
  if (!isPlace) throw invalidCursor();
  return value as unknown as Place;
}

const writeCursor = (column: CatalogueColumn) => Buffer.from(JSON.stringify(placeOf(column))).toString("base64url");

/** For LIKE: what was typed means itself. */
const escapeLike = (text: string) => text.replaceAll(/[\\%_]/g, "\\$&");

/**
 * A page of a data source's columns, in order of their names. Readable while it is disconnected.
 * @throws AppError 404, 400 `invalid_cursor`
 */
export async function readCatalogue(ctx: SourceReader, id: string, query: CatalogueQuery): Promise<Catalogue> {
  await findSource(ctx, id);
  const { limit, cursor, search } = query;
  const after = cursor === undefined ? undefined : readCursor(cursor);
  const onward = after
    ? Prisma.sql`and ("databaseName", "schemaName", "tableName", "columnName") > (${after[0]}, ${after[1]}, ${after[2]}, ${after[3]})`
    : Prisma.empty;
  const matching = search
    ? Prisma.sql`and "databaseName" || '.' || "schemaName" || '.' || "tableName" || '.' || "columnName" ilike ${`%${escapeLike(search)}%`}`
    : Prisma.empty;
  try {
    const rows = await prisma().$queryRaw<CatalogueColumn[]>`
      select "databaseName" as database, "schemaName" as schema, "tableName" as "table", "columnName" as "column",
             "dataType" as data_type, connected, tags
      from "CatalogueColumn" where "dataSourceId" = ${id}::uuid ${onward} ${matching}
      order by "databaseName", "schemaName", "tableName", "columnName" limit ${limit + 1}`;
    const columns = rows.slice(0, limit);
    const last = columns.at(-1);
    return { columns, next_cursor: rows.length > limit && last ? writeCursor(last) : null };
  } catch (error) {
    throw fromDatabase(error);
  }
}

const FAULTS_MAX = 20;

function* refuseRepeats(columns: readonly CatalogueColumn[]): Steps<void> {
  const seen = new Set<string>();
  const faults: Fault[] = [];
  for (const [index, column] of columns.entries()) {
    const key = JSON.stringify(placeOf(column));
    if (seen.has(key) && faults.length < FAULTS_MAX)
      faults.push({ pointer: `/columns/${index}`, message: "is there twice: name each column once" });
    seen.add(key);
    yield;
  }
  if (faults.length > 0)
    throw new AppError("invalid_request", { detail: "Nothing was changed: name each column once.", errors: faults });
}

/** What is written over a column that was there before. */
type Over = "everything" | "the type only";

/** What became other than it was: counts of columns, and the first that are connected or tagged otherwise. */
interface CatalogueDiff {
  added: number;
  removed: number;
  connected: number;
  disconnected: number;
  retagged: number;
  retyped: number;
  changed: ChangedColumn[];
}

/** All parts of the statement see the catalogue as it was before. */
function replacing(id: string, columns: readonly CatalogueColumn[], over: Over): Prisma.Sql {
  const everything = over === "everything";
  const set = everything
    ? Prisma.sql`("dataType", connected, tags) = (excluded."dataType", excluded.connected, excluded.tags)
        where (c."dataType", c.connected, c.tags) is distinct from (excluded."dataType", excluded.connected, excluded.tags)`
    : Prisma.sql`"dataType" = excluded."dataType" where c."dataType" is distinct from excluded."dataType"`;
  return Prisma.sql`
    with wanted as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(columns)}::jsonb)
        as w(database text, schema text, "table" text, "column" text, data_type text, connected boolean, tags jsonb)),
    gone as (
      delete from "CatalogueColumn" c where c."dataSourceId" = ${id}::uuid and not exists (
        select from wanted w where w.database = c."databaseName" and w.schema = c."schemaName"
          and w."table" = c."tableName" and w."column" = c."columnName")
      returning 1),
    put as (
      insert into "CatalogueColumn" as c
        ("dataSourceId", "databaseName", "schemaName", "tableName", "columnName", "dataType", connected, tags)
      select ${id}::uuid, database, schema, "table", "column", data_type, connected, tags from wanted
      on conflict ("dataSourceId", "databaseName", "schemaName", "tableName", "columnName") do update set ${set}
      returning (xmax = 0) as fresh),
    stayed as (
      select w.database, w.schema, w."table", w."column", w.connected, w.tags, c.connected as was_connected,
             c.tags as had_tags, c."dataType" <> w.data_type as retyped
      from wanted w join "CatalogueColumn" c on c."dataSourceId" = ${id}::uuid and c."databaseName" = w.database
        and c."schemaName" = w.schema and c."tableName" = w."table" and c."columnName" = w."column"),
    changed as (
      select database, schema, "table", "column", connected, tags, was_connected, had_tags from stayed
      where ${everything} and (connected, tags) is distinct from (was_connected, had_tags))
    select (select count(*) from put where fresh)::int as added, (select count(*) from gone)::int as removed,
           count(*) filter (where connected and not was_connected)::int as connected,
           count(*) filter (where was_connected and not connected)::int as disconnected,
           count(*) filter (where tags <> had_tags)::int as retagged,
           (select count(*) from stayed where retyped)::int as retyped,
           (select coalesce(jsonb_agg(f), '[]') from (
             select * from changed order by database, schema, "table", "column" limit ${TOLD_COLUMNS_MAX}) f) as changed
    from changed`;
}

/** Makes the catalogue these columns, in the caller's transaction: one statement, whatever their number. */
export async function putColumns(
  tx: Transaction,
  id: string,
  columns: readonly CatalogueColumn[],
  over: Over,
): Promise<Told<CatalogueChange>> {
  // Two at once would each take out what the other put in.
  const row = await lockSource(tx, id);
  const [diff] = await tx.$queryRaw<CatalogueDiff[]>(replacing(id, columns, over));
  await tx.dataSource.update({ where: { id }, data: { cataloguedAt: new Date() } });
  const { changed = [], ...counts } = diff ?? {};
  const details = { columns: columns.length, ...counts };
  const value = { columns: columns.length, added: diff?.added ?? 0, removed: diff?.removed ?? 0 };
  const changes = changesOfColumns(changed);
  return { value, acts: [{ event: "data_source.catalogued", target: targetOf(row), changes, details }] };
}

/**
 * Replaces a catalogue as a whole, for sources that we cannot reach.
 * @throws AppError 404, 409 for a disconnected one, 422 for a column that is there twice
 */
export async function replaceCatalogue(
  ctx: SourceManager,
  id: string,
  input: ReplaceCatalogue,
): Promise<CatalogueChange> {
  await findConnected(ctx, id);
  await inTurns(refuseRepeats(input.columns));
  return mutation(ctx, (tx) => putColumns(tx, id, input.columns, "everything"));
}
