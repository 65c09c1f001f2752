/** One column, as `GET /v1/data-sources/{id}/catalogue` gives it. */
export interface CatalogueColumn {
  database: string;
  schema: string;
  table: string;
  column: string;
  connected: boolean;
  tags: readonly { key: string; value?: string | null }[];
}

export interface CatalogueTable {
  database: string;
  schema: string;
  table: string;
  columns: ReadonlyMap<string, CatalogueColumn>;
  /** Whether any of its columns is connected. */
  isConnected: boolean;
}

const keyOf = (...names: string[]) => JSON.stringify(names);

/** Tables and columns of a data source, found by name. Names are compared to the letter: SQL has folded them before. */
export class Catalogue {
  private readonly tables = new Map<string, CatalogueTable & { columns: Map<string, CatalogueColumn> }>();
  private readonly byName = new Map<string, CatalogueTable[]>();

  constructor(columns: readonly CatalogueColumn[]) {
    for (const column of columns) this.add(column);
  }

  get connectedTables(): number {
    return [...this.tables.values()].filter(({ isConnected }) => isConnected).length;
  }

  private add(column: CatalogueColumn): void {
    const { database, schema, table } = column;
    const key = keyOf(database, schema, table);
    let found = this.tables.get(key);
    if (!found) {
      found = { database, schema, table, columns: new Map(), isConnected: false };
      this.tables.set(key, found);
      const named = keyOf(database, table);
      this.byName.set(named, [...(this.byName.get(named) ?? []), found]);
    }
    found.columns.set(column.column, column);
    found.isConnected ||= column.connected;
  }

  /**
   * The table that a name means: without a schema that of "$user", then public (PostgreSQL's own search_path; the log does
   * not tell another), else the only one of that name.
   */
  find(name: { database: string; schema?: string | undefined; table: string; user?: string | undefined }) {
    const { database, schema, table, user } = name;
    if (schema !== undefined) return this.tables.get(keyOf(database, schema, table));
    const own = user === undefined ? undefined : this.tables.get(keyOf(database, user, table));
    const found = own ?? this.tables.get(keyOf(database, "public", table));
    if (found) return found;
    const named = this.byName.get(keyOf(database, table)) ?? [];
    return named.length === 1 ? named[0] : undefined;
  }
}
