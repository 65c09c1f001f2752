import type { TouchedTable } from "./touched";

/** A node of a parse tree. */
export type Tree = Record<string, unknown>;

/** What stands in FROM under a name. */
export interface Relation {
  alias: string;
  /** Undefined for subqueries, common table expressions, functions. */
  table: TouchedTable | undefined;
  /** Its columns have other names here; all of them are taken. */
  isRenamed?: boolean;
}

const NO_NAMES: ReadonlySet<string> = new Set();

/** The names that one level of a query knows, and those of the levels around it. */
export class Scope {
  readonly relations: Relation[];
  readonly outer: Scope | undefined;
  /** Names under which a changed table is known beside its own: `excluded`, `old`, `new`. */
  private readonly changed: Relation[];
  private readonly ctes: Set<string>;
  private readonly output: ReadonlySet<string>;

  constructor(outer?: Scope, like?: Scope, output = NO_NAMES) {
    this.outer = outer;
    this.relations = like?.relations ?? [];
    this.changed = like?.changed ?? [];
    this.ctes = like?.ctes ?? new Set();
    this.output = output;
  }

  /** The same, where names of the output's columns may stand. */
  withOutput(names: ReadonlySet<string>): Scope {
    return new Scope(this.outer, this, names);
  }

  isOutput(name: string): boolean {
    return this.output.has(name) && !this.relations.some(({ table }) => table?.known?.columns.has(name));
  }

  addCte(name: string): void {
    this.ctes.add(name);
  }

  hasCte(name: string): boolean {
    return this.ctes.has(name) || (this.outer?.hasCte(name) ?? false);
  }

  addChanged({ table }: Relation): void {
    for (const alias of ["excluded", "old", "new"]) this.changed.push({ alias, table });
  }

  find(alias: string): Relation | undefined {
    const is = (relation: Relation) => relation.alias === alias;
    return this.relations.find(is) ?? this.changed.find(is) ?? this.outer?.find(alias);
  }
}
