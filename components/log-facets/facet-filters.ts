import { QUERY_PARAM } from "@/lib/filters/filter";
import type { Comparison, Expression } from "@/lib/filters/language/ast";
import { parseQuery } from "@/lib/filters/language/parse";
import { printQuery } from "@/lib/filters/language/print";
import { partsOf, together } from "../log-filters/query-text";

type Filters = Readonly<Record<string, string>>;

const is = (field: string, value: string): Comparison => ({ type: "comparison", field, operator: "=", value });
const alike = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** Whether a part of a query is about this field alone. */
function isAbout(part: Expression, field: string): boolean {
  switch (part.type) {
    case "comparison":
      return part.field === field;
    case "words":
      return false;
    case "not":
      return isAbout(part.of, field);
    default:
      return part.of.every((one) => isAbout(one, field));
  }
}

/** `-field:value`. */
const isNot = (part: Expression, field: string, value: string) =>
  part.type === "not" &&
  part.of.type === "comparison" &&
  part.of.operator === "=" &&
  part.of.field === field &&
  alike(part.of.value, value);

/** What stands beside one another in the query; undefined: it cannot be read, and is left as it is. */
function readParts({ [QUERY_PARAM]: query = "" }: Filters): readonly Expression[] | undefined {
  const { expression, faults } = parseQuery(query);
  return faults.length > 0 ? undefined : partsOf(expression);
}

function withParts(filters: Filters, parts: readonly Expression[]): Filters {
  const { [QUERY_PARAM]: _, ...strict } = filters;
  const query = printQuery(together(parts));
  return query === "" ? strict : { ...strict, [QUERY_PARAM]: query };
}

/** The filters without what they say of one field: what its own values are counted under. The same object where they say nothing. */
export function withoutField(filters: Filters, field: string): Filters {
  const { [field]: value, ...rest } = filters;
  const parts = readParts(filters);
  const others = parts?.filter((part) => !isAbout(part, field));
  if (value === undefined && others?.length === parts?.length) return filters;
  return others ? withParts(rest, others) : rest;
}

/** The filters with only this value of a field, whatever they said of it. */
export function including(filters: Filters, field: string, value: string): Filters {
  const rest = withoutField(filters, field);
  // An address takes the spaces off around a value; a query keeps them.
  if (value === value.trim()) return { ...rest, [field]: value };
  const parts = readParts(rest);
  return parts ? withParts(rest, [...parts, is(field, value)]) : filters;
}

/** The filters with `-field:value`. A query that cannot be read stays as it is. */
export function excluding(filters: Filters, field: string, value: string): Filters {
  const parts = readParts(filters);
  if (!parts) return filters;
  if (parts.some((part) => isNot(part, field, value))) return filters;
  const { [field]: included, ...rest } = filters;
  // Both would find nothing at all.
  const kept = included !== undefined && alike(included, value) ? rest : filters;
  return withParts(kept, [...parts, { type: "not", of: is(field, value) }]);
}

/** The filters without `-field:value`. */
export function notExcluding(filters: Filters, field: string, value: string): Filters {
  const parts = readParts(filters);
  return parts
    ? withParts(
        filters,
        parts.filter((part) => !isNot(part, field, value)),
      )
    : filters;
}

/** What the filters say of a value. */
export function choiceOf(filters: Filters, field: string, value: string): "only" | "not" | undefined {
  const only = filters[field];
  if (only !== undefined && alike(only, value)) return "only";
  const parts = readParts(filters) ?? [];
  if (parts.some((part) => isNot(part, field, value))) return "not";
  const isSaid = (part: Expression) =>
    part.type === "comparison" && part.operator === "=" && part.field === field && alike(part.value, value);
  return parts.some(isSaid) ? "only" : undefined;
}
