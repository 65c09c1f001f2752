import { counted, grouped } from "../ui/amounts";
import { cellText, NoValue } from "./cell-text";
import type { Row } from "./kind-view";
import { Outcome, outcomeOfDecision, outcomeRowClass, outcomeWord } from "./outcome";

/** In a table of middling width only the icon is seen; screen readers have the word in any. */
const STATUS_MARK = "ml-1 text-xs @2xl:@max-[84rem]:w-3.5 @2xl:@max-[84rem]:overflow-hidden";

type Element = Readonly<Record<string, unknown>>;

/** The elements of a list field; none where it is empty. */
function elementsOf(value: unknown): readonly Element[] {
  return Array.isArray(value) ? value : [];
}

const named = (...values: unknown[]) => values.map(cellText).filter((text) => text !== "");

/** Tables with their columns in short: `customers (email, name)`. */
function tablesOf(row: Row): string[] {
  const byTable = new Map<string, string[]>();
  for (const { table, column } of elementsOf(row.objects_accessed)) {
    const [name] = named(table);
    if (name === undefined) continue;
    byTable.set(name, [...(byTable.get(name) ?? []), ...named(column)]);
  }
  // A schema's or a database's name in this column would be taken for a table's.
  const whole = named(row.table_name);
  if (byTable.size === 0) return whole;
  return [...byTable].map(([name, columns]) => (columns.length > 0 ? `${name} (${columns.join(", ")})` : name));
}

function Joined({ texts }: { texts: readonly string[] }) {
  if (texts.length === 0) return <NoValue />;
  return <span title={texts.join("\n")}>{texts.join(", ")}</span>;
}

export const objectsCell = (row: Row) => <Joined texts={tablesOf(row)} />;

export const tagsCell = (row: Row) => (
  <Joined texts={elementsOf(row.tags_accessed).map(({ key, value }) => named(key, value).join(": "))} />
);

/** Beside the time of a statement that did not run to its end: the word, too, where there is room for it. */
export function statusMark({ execution_status: status }: Row) {
  if (status !== "error" && status !== "canceled") return null;
  return (
    <span title={outcomeWord(status)} className={STATUS_MARK}>
      <Outcome value={status} />
    </span>
  );
}

/** What the policies came to. */
export function decisionCell(row: Row) {
  const policies = elementsOf(row.policies_applied);
  const decision = cellText(row.decision);
  if (decision === "" && policies.length === 0) return <NoValue />;
  const title = policies.map((one) => named(one.name ?? one.policy_id, one.decision, one.reason).join(": ")).join("\n");
  const denied = outcomeOfDecision(row.decision);
  return (
    <span title={title === "" ? decision : title} className="flex min-w-0 items-center gap-1.5">
      <span className="min-w-0 shrink-0">{denied ? <Outcome value={denied} word={decision} /> : decision}</span>
      {policies.length > 0 ? (
        <span className="truncate text-faint">{counted(policies.length, "policy", "policies")}</span>
      ) : null}
    </span>
  );
}

export const rowsCell = ({ rows_accessed: rows }: Row) =>
  typeof rows === "number" ? <span className="font-mono text-xs">{grouped(rows)}</span> : <NoValue />;

/** A statement that failed, or one that a policy refused. */
export const queryRowClass = (row: Row) =>
  outcomeRowClass(row.execution_status) ?? outcomeRowClass(outcomeOfDecision(row.decision));
