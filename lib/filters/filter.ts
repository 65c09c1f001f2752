import { AppError, type Fault } from "@/lib/errors/app-error";
import type { ElementFilters, FieldDef, KindDef } from "@/lib/log-kinds/define";
import { fold } from "@/lib/log-kinds/fold";
import { textsOf, wordsOf } from "@/lib/terms/words";

/**
 * The seed's strict form: case-insensitive, exact, one value per filter, all ANDed. Every reader (search, tail, facets,
 * CSV) takes this same shape, makes terms of it, and re-checks its rows with `matches`.
 */
export interface Condition {
  field: string;
  /** As given; compared folded. */
  value: string;
  /** It is about one of the elements of a list. */
  among?: ElementFilters;
  /** It is about words, wherever they stand in these fields. */
  wordsOf?: readonly string[];
}
export type Filter = readonly Condition[];

type FilterField = Pick<FieldDef, "name" | "type" | "values"> & Pick<Condition, "among" | "wordsOf">;

const ID_FIELD: FilterField = { name: "id", type: "text" };
/** The name of the filter by words. */
export const TEXT_FILTER = "text";

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

/** The fields that a reader must bring for `matches`. */
export function fieldsRead(filter: Filter): string[] {
  const names = filter.flatMap(({ field, among, wordsOf: worded }) => {
    if (worded) return worded;
    if (!among) return [field];
    return [among.list, ...among.filters.flatMap((one) => one.field ?? [])];
  });
  return [...new Set(names)];
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

function didYouMean(name: string, known: readonly string[]): string {
  const near = known.map((one) => ({ one, far: distance(name.slice(0, 64), one) })).sort((a, b) => a.far - b.far)[0];
  // A third of it may be mistyped; more is another word.
  return near && near.far <= Math.ceil(near.one.length / 4) ? ` Did you mean ${near.one}?` : "";
}

function checkValue(field: FilterField, value: string): string | undefined {
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
    else {
      conditions.set(name, {
        field: name,
        value: field?.type === "integer" ? String(Number(value)) : value,
        ...(field?.among && { among: field.among }),
        ...(field?.wordsOf && { wordsOf: field.wordsOf }),
      });
    }
  }
  if (faults.length > 0) {
    const [first] = faults;
    throw new AppError("invalid_query", { detail: `${first?.pointer} ${first?.message}`, errors: faults });
  }
  return [...conditions.values()];
}

const isSame = (has: unknown, wanted: string) =>
  has !== undefined && has !== null && fold(String(has)) === fold(wanted);

type Row = Record<string, unknown>;

/** A list matches if any element equals. */
function hasValue(row: Row, { field, value }: Condition): boolean {
  const has = row[field];
  return Array.isArray(has) ? has.some((element) => isSame(element, value)) : isSame(has, value);
}

/** Every word stands somewhere in the row. */
function hasWords(row: Row, value: string, fields: readonly string[]): boolean {
  const has = wordsOf(
    fields.flatMap((name) => textsOf(row[name])),
    Number.POSITIVE_INFINITY,
  ).found;
  return [...wordsOf([value]).found].every((word) => has.has(word));
}

/** Elements as the filters see them: those of the list, and what the row says of itself as a whole. */
export function elementsOf(row: Row, { list, filters }: ElementFilters): Row[] {
  const listed = row[list];
  const whole = Object.fromEntries(filters.flatMap(({ member, field }) => (field ? [[member, row[field]]] : [])));
  return [...(Array.isArray(listed) ? (listed as Row[]) : []), whole];
}

/** One element has all the wanted values. */
function hasElement(row: Row, among: ElementFilters, conditions: readonly Condition[]): boolean {
  const memberOf = new Map(among.filters.map(({ name, member }) => [name, member]));
  return elementsOf(row, among).some((element) =>
    conditions.every(({ field, value }) => isSame(element[memberOf.get(field) ?? ""], value)),
  );
}

/** Whether a flat row satisfies every condition. */
export function matches(row: Row, filter: Filter): boolean {
  return filter.every((condition) => {
    const { among, value, wordsOf: worded } = condition;
    if (worded) return hasWords(row, value, worded);
    if (!among) return hasValue(row, condition);
    // All of one list's conditions are judged together, each time that one of them comes up.
    return hasElement(
      row,
      among,
      filter.filter((other) => other.among === among),
    );
  });
}
