import { Scope, type Tree } from "./scope";
import { PARSED_MAX } from "./statement-text";
import { type Session, Touched, type TouchedTable } from "./touched";
import { Walk } from "./walk";

type Parse = (text: string) => unknown;

/** Trees that are kept: programs send the same text again and again. */
const KEPT_MAX = 1_000;
const KEPT_LENGTH_MAX = 16_384;

/** PostgreSQL's own parser. Loading it takes 0.1 s, so nobody does who does not need it. */
async function loadParse(): Promise<Parse> {
  const { loadModule, parseSync } = await import("libpg-query");
  await loadModule();
  return parseSync;
}

/** Finds the tables and columns that a statement names. */
export class StatementParser {
  private readonly kept = new Map<string, readonly unknown[] | undefined>();
  private readonly parse: Parse;

  private constructor(parse: Parse) {
    this.parse = parse;
  }

  static async load(): Promise<StatementParser> {
    return new StatementParser(await loadParse());
  }

  /** @returns undefined where the text cannot be read as PostgreSQL's SQL */
  touchedBy(text: string, session: Session): TouchedTable[] | undefined {
    const statements = this.treesOf(text);
    if (!statements) return undefined;
    const touched = new Touched(session);
    new Walk(touched).visit(statements, new Scope());
    return [...touched.tables.values()];
  }

  /** `SELECT`, `CREATE TABLE AS`, … of the first statement. */
  typeOf(text: string): string | undefined {
    const first = this.treesOf(text)?.[0] as { stmt?: Tree } | undefined;
    const [node] = Object.keys(first?.stmt ?? {});
    return node
      ?.replace(/Stmt$/, "")
      .replace(/(?<=[a-z])(?=[A-Z])/g, " ")
      .toUpperCase();
  }

  private treesOf(text: string): readonly unknown[] | undefined {
    if (this.kept.has(text)) {
      const trees = this.kept.get(text);
      // Moved to the end: the first one is dropped.
      this.kept.delete(text);
      this.kept.set(text, trees);
      return trees;
    }
    const trees = this.parseNow(text);
    if (text.length <= KEPT_LENGTH_MAX) this.kept.set(text, trees);
    if (this.kept.size > KEPT_MAX) {
      for (const oldest of this.kept.keys()) {
        this.kept.delete(oldest);
        break;
      }
    }
    return trees;
  }

  private parseNow(text: string): readonly unknown[] | undefined {
    if (text.length > PARSED_MAX || text.trim() === "") return undefined;
    try {
      return (this.parse(text) as { stmts?: unknown[] }).stmts ?? [];
    } catch {
      // Errors of syntax, another server's dialect, a text that was cut off: the statement is told without its objects.
      return undefined;
    }
  }
}
