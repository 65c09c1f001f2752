import type { Audit } from "./message";
import type { LogRecord } from "./record";
import type { LogPlace, Statement } from "./statement";

/** What pgaudit said of one statement of a session. */
interface AuditedStatement {
  id: number;
  /** Of the statement itself where it was audited, else of what it ran inside. */
  text: string | undefined;
  /** Its first record. */
  record: LogRecord;
  /** Told at its end, not at its start. */
  isOver: boolean;
  parts: { part: number; type: string; name: string; rows: number | undefined }[];
}

/** Statements of one session whose evidence is held, at most. */
const HELD_MAX = 1_000;
/** Logged times have a precision of 1 ms. */
const PRECISION_MICROS = 1_000;

/** What pgaudit and auto_explain told in a session, until it is known of which statement. */
export class Evidence {
  private audits: AuditedStatement[] = [];
  private plans: { text: string; rows: number }[] = [];
  /** Where its oldest record begins, when that was logged, µs, and when it was read, ms. */
  since: { place: LogPlace; micros: number; readMs: number } | undefined;

  get hasAudits(): boolean {
    return this.audits.length > 0;
  }

  /** The last statement that pgaudit told of. */
  get last(): AuditedStatement | undefined {
    return this.audits.at(-1);
  }

  /** @returns whether there is so much of it that it should be settled */
  addAudit(audit: Audit, record: LogRecord): boolean {
    const last = this.audits.at(-1);
    const part = { part: audit.part, type: audit.objectType, name: audit.objectName, rows: audit.rows };
    if (last?.id === audit.id) {
      last.parts.push(part);
      if (audit.part < Math.min(...last.parts.slice(0, -1).map((each) => each.part))) last.text = audit.text;
    } else this.audits.push({ id: audit.id, text: audit.text, record, isOver: audit.isOver, parts: [part] });
    return this.audits.length > HELD_MAX;
  }

  addPlan(text: string, rows: number | undefined): void {
    if (rows !== undefined && this.plans.length < HELD_MAX) this.plans.push({ text, rows });
  }

  /** Whether another statement than that one was audited. */
  hasOther(audit: Audit): boolean {
    const last = this.audits.at(-1);
    return last !== undefined && last.id !== audit.id && last.text !== audit.text;
  }

  /**
   * Adds to a complete statement what belongs to it: what has its text, and what happened while it ran (statements inside
   * functions).
   * @param begun when it began, µs
   * @returns beside it, statements that pgaudit alone tells of
   */
  joinInto(statement: Statement, begun: number): { joined: Statement; others: Statement[] } {
    const text = statement.prepared ?? statement.text;
    const isOwn = (audit: AuditedStatement) =>
      audit.text === undefined || audit.text === text || audit.record.micros >= begun - PRECISION_MICROS;
    const own = this.audits.filter(isOwn);
    const others = this.audits.filter((audit) => !isOwn(audit)).map(auditedStatement);
    const joined = { ...statement, audited: own.flatMap(objectsOf), rows: rowsOf(own, text) ?? this.planRows(text) };
    this.clear();
    return { joined, others };
  }

  /** All that pgaudit alone tells of. */
  settle(): Statement[] {
    const statements = this.audits.filter(({ text }) => text !== undefined).map(auditedStatement);
    this.clear();
    return statements;
  }

  private planRows(text: string): number | undefined {
    const own = this.plans.filter((plan) => plan.text === text);
    return own.length > 0 ? own.reduce((sum, { rows }) => sum + rows, 0) : undefined;
  }

  private clear(): void {
    this.audits = [];
    this.plans = [];
    this.since = undefined;
  }
}

const objectsOf = ({ parts }: AuditedStatement) =>
  parts.flatMap(({ type, name }) => (name === "" ? [] : [{ type, name }]));

/** Rows of the statements of that text. One statement is audited once for each table, each time with all its rows. */
function rowsOf(audits: readonly AuditedStatement[], text: string): number | undefined {
  const counts = audits
    .filter((audit) => audit.text === undefined || audit.text === text)
    .map(({ parts }) => {
      const first = Math.min(...parts.map(({ part }) => part));
      return parts.find(({ part, rows }) => part === first && rows !== undefined)?.rows;
    })
    .filter((rows) => rows !== undefined);
  return counts.length > 0 ? counts.reduce((sum, rows) => sum + rows, 0) : undefined;
}

function auditedStatement(audit: AuditedStatement): Statement {
  return {
    record: audit.record,
    durationMs: undefined,
    text: audit.text ?? "",
    prepared: undefined,
    isError: false,
    audited: objectsOf(audit),
    rows: rowsOf([audit], audit.text ?? ""),
  };
}
