import type { Catalogue, CatalogueTable } from "./catalogue";

/** A table that a statement names, and what it takes of it. */
export interface TouchedTable {
  database: string;
  /** Undefined where the statement does not say and the catalogue does not know. */
  schema: string | undefined;
  table: string;
  known: CatalogueTable | undefined;
  columns: Set<string>;
}

export interface Session {
  database: string;
  user: string | undefined;
  catalogue: Catalogue | undefined;
}

/** Tables of one statement, each once. */
export class Touched {
  readonly tables = new Map<string, TouchedTable>();
  private readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  /** Takes note of a table. */
  table(schema: string | undefined, table: string, database = this.session.database): TouchedTable {
    const { catalogue, user } = this.session;
    const known = catalogue?.find({ database, schema, table, user });
    const full = { database, schema: known?.schema ?? schema, table };
    const key = JSON.stringify(Object.values(full).map((name) => name ?? null));
    const found = this.tables.get(key) ?? { ...full, known, columns: new Set<string>() };
    this.tables.set(key, found);
    return found;
  }
}
