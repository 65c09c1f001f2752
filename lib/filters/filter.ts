import { AppError, type Fault } from "@/lib/errors/app-error";
import type { ElementFilters, FieldDef, KindDef } from "@/lib/log-kinds/define";
import { fold } from "@/lib/log-kinds/fold";
import { wordsOf } from "@/lib/terms/words";
import type { Operator } from "./language/ast";

/** One field and what it must be: case-insensitive, exact. */
export interface Condition {
  field: string;
  /** As given; compared folded. */
  value: string;
  /** Instead of being equal, the field's number or time (µs) is on this side of `bound`. */
  compared?: { operator: Exclude<Operator, "=">; bound: number };
  /** It is about one of the elements of a list. */
  among?: ElementFilters;
  /** It is about words, wherever they stand in these fields. */
  wordsOf?: readonly string[];
  /** Those words, in that order, behind one another. */
  isPhrase?: true;
}

export type Test = Condition | { all: readonly Test[] } | { any: readonly Test[] } | { not: Test };

/** What was asked in the query language. */
export interface Asked {
  /** As `printQuery` writes it. */
  text: string;
  test: Test;
}

/**
 * What a reader of rows asks for: the seed's strict form, one value a filter, and a query of the query language, all ANDed.
 * Every reader (search, tail, facets, CSV) takes this same shape, makes terms of it, and re-checks its rows with `matches`.
 */
export type Filter = readonly (Condition | Asked)[];

/** The whole of a filter as one test. What stands beside one another in the query stands beside the strict form, too. */
export function testOf(filter: Filter): Test {
  const parts = filter.map((part) => ("test" in part ? part.test : part));
  return { all: parts.flatMap((test) => ("all" in test ? test.all : [test])) };
}

/** A filter as parameters: what the strict form has, and `q`. */
export const paramsOf = (filter: Filter): [name: string, value: string][] =>
  filter.map((part) => ("test" in part ? [QUERY_PARAM, part.text] : [part.field, part.value]));

export type FilterField = Pick<FieldDef, "name" | "type" | "values"> & Pick<Condition, "among" | "wordsOf">;

const ID_FIELD: FilterField = { name: "id", type: "text" };
/** The name of the filter by words. */
export const TEXT_FILTER = "text";
/** The name of the parameter that holds a query of the query language. */
export const QUERY_PARAM = "q";

/** Kinds may have fields of one name; then it may have the values of either. */
function withValuesOf(field: FieldDef, other: FilterField | undefined): FilterField {
  if (!other) return field;
  const { values: _, ...rest } = field;
  return field.values && other.values ? { ...field, values: [...new Set([...other.values, ...field.values])] } : rest;
}

/** The filters of these kinds: fields and list elements with an exact one, `id`, and `text`. */
export function filterFields(kinds: readonly KindDef[]): FilterField[] {
  const byName = new Map<string, FilterField>([["id", ID_FIELD]]);
  for (const { fields, elementFilters = [] } of kinds) {
    for (const field of fields) if (field.filter) byName.set(field.name, withValuesOf(field, byName.get(field.name)));
    for (const among of elementFilters)
      for (const { name } of among.filters) byName.set(name, { name, type: "text", among });
  }
  const worded = kinds.flatMap(({ fields }) => fields.filter(({ words }) => words).map(({ name }) => name));
  byName.set(TEXT_FILTER, { name: TEXT_FILTER, type: "text", wordsOf: [...new Set(worded)] });
  return [...byName.values()];
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

export function didYouMean(name: string, known: readonly string[]): string {
  const near = known.map((one) => ({ one, far: distance(name.slice(0, 64), one) })).sort((a, b) => a.far - b.far)[0];
  // A third of it may be mistyped; more is another word.
  return near && near.far <= Math.ceil(near.one.length / 4) ? ` Did you mean ${near.one}?` : "";
}

export function checkValue(field: FilterField, value: string): string | undefined {
  if (value.length > 8192) return "is longer than any value of this field";
  if (field.wordsOf && wordsOf([value]).found.size === 0) return "needs a word of two or more letters or digits";
  // Finding nothing would say that there is no such row: a slip of the pen must not read as "nothing was denied".
  if (field.values && !field.values.some((one) => fold(one) === fold(value)))
    return `must be one of: ${field.values.join(", ")}`;
  if (field.type !== "integer") return undefined;
  if (!/^\d{1,16}$/.test(value.trim())) return "must be a whole number";
  // Rounded, it would find the rows of another number.
  if (!Number.isSafeInteger(Number(value))) return `must be at most ${Number.MAX_SAFE_INTEGER}`;
  return undefined;
}

/** @param value one that `checkValue` has nothing against */
export function conditionOf({ name, type, among, wordsOf: worded }: FilterField, value: string): Condition {
  return {
    field: name,
    value: type === "integer" ? String(Number(value)) : value,
    ...(among && { among }),
    ...(worded && { wordsOf: worded }),
  };
}

/**
 * Query parameters → filter. Never ignores one: an unknown name and a second value for the same filter are errors.
 * @throws AppError 400 `invalid_query`
 */
export function parseFilterParams(params: Iterable<readonly [string, string]>, kinds: readonly KindDef[]): Filter {
  const fields = new Map(filterFields(kinds).map((field) => [field.name, field]));
  const conditions = new Map<string, Condition>();
  const faults: Fault[] = [];
  for (const [name, value] of params) {
    const field = fields.get(name);
    const fault = field
      ? checkValue(field, value)
      : `is not a parameter or filter here.${didYouMean(name, [...fields.keys()])}`;
    if (fault) faults.push({ pointer: name, message: fault });
    else if (conditions.has(name)) faults.push({ pointer: name, message: "was given twice: a filter takes one value" });
    else if (field) conditions.set(name, conditionOf(field, value));
  }
  if (faults.length > 0) {
    const [first] = faults;
    throw new AppError("invalid_query", { detail: `${first?.pointer} ${first?.message}`, errors: faults });
  }
  return [...conditions.values()];
}
