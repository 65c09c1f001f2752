import { type Relation, Scope, type Tree } from "./scope";
import type { Touched, TouchedTable } from "./touched";

const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null && !Array.isArray(value);
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const nameOf = (node: unknown): string | undefined =>
  isTree(node) && isTree(node.String) ? textOf(node.String.sval) : undefined;
const isStar = (node: unknown): boolean => isTree(node) && "A_Star" in node;

/** Nodes with tables and columns of their own. */
const QUERIES = new Set(["SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"]);
/** Members of a query that are read before the rest of it. */
const READ_FIRST = new Set(["withClause", "relation", "fromClause", "sourceRelation", "usingClause", "cols"]);
/** Members that name tables by their alias, which were met before. */
const NAMES_ONLY = new Set(["lockingClause", "portalname"]);
/** Where a name may be that of an output column. */
const SORTED = new Set(["sortClause", "groupClause", "distinctClause"]);

/** Kinds of objects that hold rows, and those that belong to one of them and are named behind it. */
const RELATIONS = new Set(["OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_FOREIGN_TABLE"]);
const PARTS = new Set(["OBJECT_TABCONSTRAINT", "OBJECT_TRIGGER", "OBJECT_RULE", "OBJECT_POLICY"]);

/** Walks the parse tree of one statement (libpg_query's JSON) and takes note of tables and columns. */
export class Walk {
  private readonly touched: Touched;

  constructor(touched: Touched) {
    this.touched = touched;
  }

  visit(node: unknown, scope: Scope): void {
    if (Array.isArray(node)) {
      for (const each of node) this.visit(each, scope);
      return;
    }
    if (!isTree(node)) return;
    if (typeof node.relname === "string") {
      this.named(node, scope);
      return;
    }
    for (const [key, child] of Object.entries(node)) this.member(key, child, scope);
  }

  private member(key: string, child: unknown, scope: Scope): void {
    if (!isTree(child)) {
      if (!NAMES_ONLY.has(key)) this.visit(child, scope);
    } else if (QUERIES.has(key) || ((key === "larg" || key === "rarg") && "op" in child)) this.query(child, scope);
    else if (key === "ColumnRef") this.column(listOf(child.fields), scope);
    else if (key === "CopyStmt") this.copy(child, scope);
    else if (key === "DropStmt") for (const each of listOf(child.objects)) this.object(String(child.removeType), each);
    else if (key === "CommentStmt" || key === "SecLabelStmt") this.object(String(child.objtype), child.object);
    else this.visit(child, scope);
  }

  /** A table outside queries, or one met where none is expected. */
  private named(range: Tree, scope: Scope): TouchedTable | undefined {
    const [schema, name] = [textOf(range.schemaname), textOf(range.relname) ?? ""];
    if (schema === undefined && scope.hasCte(name)) return undefined;
    return this.touched.table(schema, name, textOf(range.catalogname));
  }

  private copy(copy: Tree, scope: Scope): void {
    const table = isTree(copy.relation) ? this.named(copy.relation, scope) : undefined;
    const names = listOf(copy.attlist).map(nameOf);
    if (table) this.takeNamed(table, names);
    this.visit({ ...copy, relation: undefined, attlist: undefined }, scope);
  }

  /** An object that is dropped or commented on, by its kind: `drop table a.b`, `comment on column b.c`, `drop policy p on b`. */
  private object(kind: string, object: unknown): void {
    const names = isTree(object) && isTree(object.List) ? listOf(object.List.items).map(nameOf) : [];
    const isPart = kind === "OBJECT_COLUMN" || PARTS.has(kind);
    if (!isPart && !RELATIONS.has(kind)) return;
    const [table, schema] = isPart ? [names.at(-2), names.at(-3)] : [names.at(-1), names.at(-2)];
    if (table === undefined) return;
    const found = this.touched.table(schema, table);
    if (kind === "OBJECT_COLUMN") take(found, names.slice(-1));
  }

  private query(query: Tree, outer: Scope): void {
    const scope = new Scope(outer);
    this.common(query.withClause, scope);
    const target = isTree(query.relation) ? this.relation(query.relation, scope) : undefined;
    if (target) scope.addChanged(target);
    this.from(query.fromClause, scope);
    this.from(query.usingClause, scope);
    this.from(query.sourceRelation, scope);
    if (target) this.written(query, target);
    const aliases = outputNames(query.targetList);
    for (const [key, child] of Object.entries(query)) {
      if (READ_FIRST.has(key) || NAMES_ONLY.has(key)) continue;
      this.member(key, child, SORTED.has(key) ? scope.withOutput(aliases) : scope);
    }
  }

  private common(clause: unknown, scope: Scope): void {
    if (!isTree(clause)) return;
    const tables = listOf(clause.ctes)
      .map((cte) => isTree(cte) && cte.CommonTableExpr)
      .filter(isTree);
    if (clause.recursive === true) for (const { ctename } of tables) scope.addCte(String(ctename));
    for (const { ctename, ctequery } of tables) {
      this.visit(ctequery, scope);
      scope.addCte(String(ctename));
    }
  }

  private relation(range: Tree, scope: Scope): Relation {
    const table = this.named(range, scope);
    const alias = isTree(range.alias) ? textOf(range.alias.aliasname) : undefined;
    // `t as q(a, b)`: which column has which name depends on their order, which nobody here knows.
    const isRenamed = isTree(range.alias) && listOf(range.alias.colnames).length > 0;
    if (table && isRenamed) takeAll(table);
    const relation = { alias: alias ?? String(range.relname), table, isRenamed };
    scope.relations.push(relation);
    return relation;
  }

  /** What stands in FROM. */
  private from(node: unknown, scope: Scope): void {
    for (const each of Array.isArray(node) ? node : [node]) {
      if (!isTree(each)) continue;
      if (isTree(each.RangeVar)) this.relation(each.RangeVar, scope);
      else if (isTree(each.RangeTableSample)) {
        const { relation, ...rest } = each.RangeTableSample;
        this.from(relation, scope);
        this.visit(rest, scope);
      } else if (isTree(each.JoinExpr)) this.join(each.JoinExpr, scope);
      else this.derived(each, scope);
    }
  }

  private join(join: Tree, scope: Scope): void {
    const before = scope.relations.length;
    this.from(join.larg, scope);
    this.from(join.rarg, scope);
    const joined = scope.relations.slice(before);
    const names = join.isNatural === true ? commonColumns(joined) : listOf(join.usingClause).map(nameOf);
    for (const name of names) {
      for (const { table } of joined) if (name !== undefined && mayHave(table, name)) table?.columns.add(name);
    }
    this.visit(join.quals, scope);
  }

  /** A subquery, function or the like: no table itself. */
  private derived(node: Tree, scope: Scope): void {
    this.visit(node, scope);
    for (const child of Object.values(node)) {
      const alias = isTree(child) && isTree(child.alias) ? textOf(child.alias.aliasname) : undefined;
      scope.relations.push({ alias: alias ?? "", table: undefined });
    }
  }

  /** Columns that INSERT, UPDATE and MERGE write. */
  private written(query: Tree, { table }: Relation): void {
    if (!table) return;
    if ("cols" in query || "selectStmt" in query) this.takeNamed(table, listOf(query.cols).map(targetName));
    else take(table, listOf(query.targetList).map(targetName));
    if (isTree(query.onConflictClause)) {
      const { infer, targetList } = query.onConflictClause;
      take(table, listOf(targetList).map(targetName));
      take(table, isTree(infer) ? listOf(infer.indexElems).map(indexedName) : []);
    }
    for (const when of listOf(query.mergeWhenClauses)) {
      if (isTree(when) && isTree(when.MergeWhenClause))
        take(table, listOf(when.MergeWhenClause.targetList).map(targetName));
    }
  }

  /** These columns, or all where none is named. */
  private takeNamed(table: TouchedTable, names: readonly (string | undefined)[]): void {
    if (names.length === 0) takeAll(table);
    else take(table, names);
  }

  private column(fields: readonly unknown[], scope: Scope): void {
    const names = fields.map(nameOf);
    if (isStar(fields.at(-1))) {
      const qualifier = names.at(-2);
      const of = qualifier === undefined ? scope.relations : [scope.find(qualifier)];
      for (const relation of of) if (relation?.table) takeAll(relation.table);
      return;
    }
    const [name, qualifier] = [names.at(-1), names.at(-2)];
    if (name === undefined) return;
    if (qualifier !== undefined) {
      // `schema.table.column`, `alias.column`; else `column.member` of a composite type in brackets, which is no ColumnRef.
      takeColumn(scope.find(qualifier), name);
    } else this.unqualified(name, scope);
  }

  private unqualified(name: string, from: Scope): void {
    if (from.isOutput(name)) return;
    for (let scope: Scope | undefined = from; scope; scope = scope.outer) {
      const tables = scope.relations.map(({ table }) => table).filter((table) => table !== undefined);
      const having = [...new Set(tables)].filter((table) => table.known?.columns.has(name));
      for (const table of having) table.columns.add(name);
      if (having.length > 0) return;
      const whole = scope.relations.find(({ alias }) => alias === name);
      if (whole) {
        // `select t from t`: a whole row.
        if (whole.table) takeAll(whole.table);
        return;
      }
      // The catalogue does not know: it can be nobody else's.
      if (tables.length > 0 && scope.relations.length === 1) {
        takeColumn(scope.relations[0], name);
        return;
      }
    }
  }
}

const targetName = (node: unknown): string | undefined =>
  isTree(node) && isTree(node.ResTarget) ? textOf(node.ResTarget.name) : undefined;

const outputNames = (list: unknown): ReadonlySet<string> =>
  new Set(
    listOf(list)
      .map(targetName)
      .filter((name) => name !== undefined),
  );

const indexedName = (node: unknown): string | undefined =>
  isTree(node) && isTree(node.IndexElem) ? textOf(node.IndexElem.name) : undefined;

function take(table: TouchedTable, names: readonly (string | undefined)[]): void {
  for (const name of names) if (name !== undefined) table.columns.add(name);
}

/** A column under the name that it has here. */
function takeColumn(relation: Relation | undefined, name: string): void {
  if (!relation?.isRenamed) relation?.table?.columns.add(name);
}

/** `*`: every column that the catalogue has; `*` itself where it has none. */
function takeAll(table: TouchedTable): void {
  for (const name of table.known?.columns.keys() ?? ["*"]) table.columns.add(name);
}

const mayHave = (table: TouchedTable | undefined, name: string): boolean =>
  table !== undefined && (table.known === undefined || table.known.columns.has(name));

function commonColumns(relations: readonly Relation[]): string[] {
  const counts = new Map<string, number>();
  for (const { table } of relations) {
    for (const name of table?.known?.columns.keys() ?? []) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count > 1).map(([name]) => name);
}
