import type { CatalogueColumn } from "@/lib/contracts/catalogue";

export interface CatalogueTableRows {
  key: string;
  database: string;
  schema: string;
  table: string;
  columns: CatalogueColumn[];
}

/** Columns by their table, in the order in which they came. */
export function tablesOf(columns: readonly CatalogueColumn[]): CatalogueTableRows[] {
  const tables = new Map<string, CatalogueTableRows>();
  for (const column of columns) {
    const { database, schema, table } = column;
    const key = JSON.stringify([database, schema, table]);
    const found = tables.get(key) ?? { key, database, schema, table, columns: [] };
    found.columns.push(column);
    tables.set(key, found);
  }
  return [...tables.values()];
}
