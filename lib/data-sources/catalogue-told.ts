import type { CatalogueColumn } from "@/lib/contracts/catalogue";
import { WORD_MAX } from "@/lib/log-kinds/field";
import type { Change } from "@/lib/system-audit/act";

/** A column that is connected or tagged otherwise than before. */
export type ChangedColumn = Omit<CatalogueColumn, "data_type"> & {
  was_connected: boolean;
  had_tags: CatalogueColumn["tags"];
};

/** Most columns that an act names one by one; its counts are of all. */
export const TOLD_COLUMNS_MAX = 50;
/** Of JSON in UTF-8: below what a row of the system log takes (CHANGES_BYTES_MAX). */
const TOLD_BYTES_MAX = 48_000;

function changesOfColumn(column: ChangedColumn): Change[] {
  const place = [column.database, column.schema, column.table, column.column].join(".");
  const of = (what: string) => `${place.slice(0, WORD_MAX - what.length - 1)} ${what}`;
  const changes: Change[] = [];
  if (column.was_connected !== column.connected)
    changes.push({ field: of("connected"), old: column.was_connected, new: column.connected });
  if (JSON.stringify(column.had_tags) !== JSON.stringify(column.tags))
    changes.push({ field: of("tags"), old: column.had_tags, new: column.tags });
  return changes;
}

/** Old and new of the first changed columns, as far as they fit into a row. */
export function changesOfColumns(columns: readonly ChangedColumn[]): Change[] {
  const told: Change[] = [];
  let room = TOLD_BYTES_MAX;
  for (const change of columns.slice(0, TOLD_COLUMNS_MAX).flatMap(changesOfColumn)) {
    room -= Buffer.byteLength(JSON.stringify(change)) + 1;
    if (room < 0) break;
    told.push(change);
  }
  return told;
}
