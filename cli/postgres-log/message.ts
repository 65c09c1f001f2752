import { csvValues, csvValuesOfCut } from "./formats";
import { keptOf } from "./statement-text";

/** What a log message says of a statement. PostgreSQL words them in English where lc_messages is C or en_US. */
export type Said =
  /** `duration: 1.2 ms  statement: …`, `duration: 1.2 ms  execute s1: …`: it is complete. */
  | { is: "completed"; durationMs: number; text: string; isExecute: boolean }
  /** `statement: …`, `execute s1: …` of log_statement: its duration or error is still to come. */
  | { is: "begun"; text: string; isExecute: boolean }
  /** `duration: 1.2 ms` of a statement that log_statement has told already. */
  | { is: "duration"; durationMs: number }
  /** pgaudit: what a statement, or one inside a function that it called, did. */
  | { is: "audit"; audit: Audit }
  /** auto_explain: the plan of a statement, or of one inside a function, and the rows that it gave. */
  | { is: "plan"; text: string; rows: number | undefined }
  /** A phase of the extended protocol that runs nothing, or more rows of a portal that was executed before. */
  | { is: "phase"; isParse: boolean };

export interface Audit {
  /** Number of the statement in its session. */
  id: number;
  /** 1 for the statement itself, more for what it ran inside. */
  part: number;
  /** `TABLE`, `VIEW`, …; empty where pgaudit names no object. */
  objectType: string;
  /** Qualified and quoted as SQL would have it: `public."Orders"`. */
  objectName: string;
  /** Undefined where pgaudit.log_statement is off, or log_statement_once had it told before. */
  text: string | undefined;
  /** With pgaudit.log_rows; of other statements than these it says 0, whatever they did. */
  rows: number | undefined;
  /** With pgaudit.log_rows a statement is told when it has ended, else when it starts. */
  isOver: boolean;
}

const DURATION =
  /^duration: (\d+(?:\.\d+)?) ms(?: {2}(?:(statement|plan|fastpath function call):|(\w+(?: fetch from)?) .*?:)\s?)?/;
const BEGUN = /^(?:(statement):|(execute(?: fetch from)?) .*?:) /;

function readDuration(message: string): Said | undefined {
  const [head, duration, word, phase] = DURATION.exec(message) ?? [];
  if (head === undefined) return undefined;
  const durationMs = Number(duration);
  const text = message.slice(head.length);
  if (word === "statement" || phase === "execute") {
    return { is: "completed", durationMs, text: keptOf(text), isExecute: phase === "execute" };
  }
  if (word === "plan") return readPlan(text);
  return head === message ? { is: "duration", durationMs } : { is: "phase", isParse: phase === "parse" };
}

function readBegun(message: string): Said | undefined {
  const [head, statement, phase] = BEGUN.exec(message) ?? [];
  if (head === undefined) return undefined;
  if (phase !== undefined && phase !== "execute") return { is: "phase", isParse: false };
  return { is: "begun", text: keptOf(message.slice(head.length)), isExecute: statement === undefined };
}

interface JsonPlan {
  "Node Type"?: string;
  "Actual Rows"?: number;
  "Actual Loops"?: number;
  Plans?: JsonPlan[];
}

/** Rows of the top node. A change without RETURNING gives none: then those that it was fed with. */
function rowsOfPlan(plan: JsonPlan | undefined): number | undefined {
  if (typeof plan?.["Actual Rows"] !== "number") return undefined;
  const rows = Math.round(plan["Actual Rows"] * (plan["Actual Loops"] ?? 1));
  return rows === 0 && plan["Node Type"] === "ModifyTable" ? rowsOfPlan(plan.Plans?.[0]) : rows;
}

/** `(actual time=0.01..0.02 rows=5 loops=1)`, `(actual rows=5.00 loops=1)` since 18. */
const ACTUAL = /\(actual (?:time=\S+ )?rows=(\d+(?:\.\d+)?) loops=(\d+)\)/;
const TEXT_PLAN = /^Query Text: ([\s\S]*?)\n(?=(?:\S.*)?\(cost=|.* {2}\(cost=)([\s\S]*)$/;

/** Formats json and text; of xml and yaml nothing is taken. */
function readPlan(plan: string): Said {
  if (plan.trimStart().startsWith("{")) {
    try {
      const value = JSON.parse(plan) as { "Query Text"?: unknown; Plan?: JsonPlan };
      return { is: "plan", text: keptOf(String(value["Query Text"] ?? "")), rows: rowsOfPlan(value.Plan) };
    } catch {
      return { is: "plan", text: "", rows: undefined };
    }
  }
  const [, text = "", tree = ""] = TEXT_PLAN.exec(plan) ?? [];
  const nodes = tree.split("\n").map((node) => ACTUAL.exec(node));
  const [top, fed] = nodes[0]?.[1] === "0" || nodes[0]?.[1] === "0.00" ? [nodes[0], nodes[1]] : [nodes[0], undefined];
  const chosen = /^(Insert|Update|Delete|Merge) on /.test(tree) ? (fed ?? top) : top;
  return {
    is: "plan",
    text: keptOf(text),
    rows: chosen ? Math.round(Number(chosen[1]) * Number(chosen[2])) : undefined,
  };
}

/** Statements whose rows pgaudit counts. */
const COUNTED = new Set(["SELECT", "INSERT", "UPDATE", "DELETE", "MERGE"]);
const AUDIT = /^AUDIT: (?:SESSION|OBJECT),/;
/** What pgaudit writes in place of a statement. */
const UNTOLD = /^<(?:not|previously) logged>$/;

/**
 * `AUDIT: SESSION,<statement>,<part>,<class>,<command>,<object type>,<object name>,<statement>,<parameters>[,<rows>]`. The
 * parameters are bind values: nothing but the other members leaves this function.
 */
function readAudit(message: string): Said | undefined {
  if (!AUDIT.test(message)) return undefined;
  const body = message.slice("AUDIT: ".length);
  const whole = csvValues(body.trimEnd());
  const values = whole ?? csvValuesOfCut(body);
  const [, id, part, , command = "", objectType = "", objectName = "", text = ""] = values ?? [];
  if (!values || values.length < 8) return undefined;
  const rows = values.length > 9 ? Number(values[9]) : Number.NaN;
  return {
    is: "audit",
    audit: {
      id: Number(id),
      part: Number(part),
      objectType,
      objectName,
      text: UNTOLD.test(text) ? undefined : keptOf(text),
      // Where the end is cut off it may have been told then: taken for late, it makes no second row of its statement.
      isOver: !whole || values.length > 9,
      rows: COUNTED.has(command) && Number.isSafeInteger(rows) && rows >= 0 ? rows : undefined,
    },
  };
}

/** @returns undefined for what says nothing of a statement */
export const readMessage = (message: string): Said | undefined =>
  readDuration(message) ?? readBegun(message) ?? readAudit(message);
