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
  /** Undefined: it may be any of those of that name. */
  schema: string | undefined;
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
  private readonly merged = new Map<string, CatalogueTable>();

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
   * The table that a name means. Without a schema that is the one of "$user", then of public (PostgreSQL's own search_path),
   * then the only one of that name. The log tells no search_path: where such a guess is not connected but another table of
   * that name is, or where there is none to prefer, it may be any of them, and nothing may be passed over.
   */
  find(name: { database: string; schema?: string | undefined; table: string; user?: string | undefined }) {
    const { database, schema, table, user } = name;
    if (schema !== undefined) return this.tables.get(keyOf(database, schema, table));
    const own = user === undefined ? undefined : this.tables.get(keyOf(database, user, table));
    const guess = own ?? this.tables.get(keyOf(database, "public", table));
    const named = this.byName.get(keyOf(database, table)) ?? [];
    if (guess?.isConnected || named.length < 2) return guess ?? named[0];
    return guess && !named.some(({ isConnected }) => isConnected) ? guess : this.anyOf(named);
  }

  /** One that stands for all of these: it has the columns and tags of each. */
  private anyOf(tables: readonly CatalogueTable[]): CatalogueTable | undefined {
    const [first] = tables;
    if (!first) return undefined;
    const { database, table } = first;
    const key = keyOf(database, table);
    const known = this.merged.get(key);
    if (known) return known;
    const columns = new Map<string, CatalogueColumn>();
    for (const column of tables.flatMap((one) => [...one.columns.values()])) {
      const same = columns.get(column.column);
      const connected = column.connected || same?.connected === true;
      columns.set(column.column, { ...column, connected, tags: [...(same?.tags ?? []), ...column.tags] });
    }
    const isConnected = tables.some((one) => one.isConnected);
    const merged = { database, schema: undefined, table, columns, isConnected };
    this.merged.set(key, merged);
    return merged;
  }
}
