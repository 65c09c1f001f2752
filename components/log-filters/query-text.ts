import { QUERY_PARAM, TEXT_FILTER } from "@/lib/filters/filter";
import type { Comparison, Expression, QueryFault } from "@/lib/filters/language/ast";
import { checkQuery, type QueryField } from "@/lib/filters/language/check";
import { parseQuery } from "@/lib/filters/language/parse";
import { printQuery } from "@/lib/filters/language/print";
import type { FieldView, FilterView } from "../log-table/kind-view";

type Filters = Readonly<Record<string, string>>;

const TIME = "time";

/** What may be written before a colon on this page. */
export function fieldsOfPage(filters: readonly FilterView[], fields: readonly FieldView[]): QueryField[] {
  const strict = filters.map(({ name, type, options }) => ({
    name,
    type: type as QueryField["type"],
    ...(options && { values: options }),
    ...(name === TEXT_FILTER && { wordsOf: [] }),
  }));
  const times = ["occurred_at", ...fields.filter(({ type }) => type === TIME).map(({ name }) => name)];
  return [...strict, ...times.map((name) => ({ name, type: TIME, isTime: true }) as const)];
}

export const partsOf = (expression: Expression | undefined): readonly Expression[] => {
  if (!expression) return [];
  return expression.type === "all" ? expression.of : [expression];
};

export const together = (parts: readonly Expression[]): Expression | undefined =>
  parts.length > 1 ? { type: "all", of: parts } : parts[0];

/** The filters of a page as one query: those of the panel first, then what only the query language says. */
export function queryOfFilters({ [QUERY_PARAM]: query = "", ...strict }: Filters): string {
  const comparisons = Object.keys(strict)
    .sort()
    .map((field): Comparison => ({ type: "comparison", field, operator: "=", value: strict[field] ?? "" }));
  const { expression, faults } = parseQuery(query);
  // What cannot be read is shown as it is.
  if (faults.length > 0) return [printQuery(together(comparisons)), query].filter(Boolean).join(" ");
  return printQuery(together([...comparisons, ...partsOf(expression)]));
}

/** What the panel can show: one exact value of a field. */
function isStrict(part: Expression, fields: readonly QueryField[]): part is Comparison {
  if (part.type !== "comparison" || part.operator !== "=") return false;
  const { field, value } = part;
  return value !== "" && value === value.trim() && fields.some(({ name, isTime }) => name === field && !isTime);
}

export interface ReadQuery {
  /** Meaningless where there are faults. */
  filters: Record<string, string>;
  faults: readonly QueryFault[];
}

/** A query as the filters of a page: what the panel can show goes there, the rest into `q`. */
export function filtersOfQuery(text: string, fields: readonly QueryField[]): ReadQuery {
  const { expression, faults } = checkQuery(text, fields);
  const filters: Record<string, string> = {};
  const rest: Expression[] = [];
  for (const part of partsOf(expression)) {
    if (isStrict(part, fields) && !Object.hasOwn(filters, part.field)) filters[part.field] = part.value;
    else rest.push(part);
  }
  const query = printQuery(together(rest));
  return { filters: query === "" ? filters : { ...filters, [QUERY_PARAM]: query }, faults };
}
