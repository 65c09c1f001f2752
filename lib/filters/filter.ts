import { AppError, type Fault } from "@/lib/errors/app-error";
import type { FieldDef, KindDef } from "@/lib/log-kinds/define";
import { fold } from "@/lib/log-kinds/fold";

/**
 * The seed's strict form: case-insensitive, exact, one value per filter, all ANDed. Every reader (search, tail, facets,
 * CSV) takes this same shape, makes terms of it, and re-checks its rows with `matches`.
 */
export interface Condition {
  field: string;
  /** As given; compared folded. */
  value: string;
}
export type Filter = readonly Condition[];

type FilterField = Pick<FieldDef, "name" | "type" | "values">;

const ID_FIELD: FilterField = { name: "id", type: "text" };

/** The fields of these kinds that have an exact filter, and `id`. */
export function filterFields(kinds: readonly KindDef[]): FilterField[] {
  const byName = new Map<string, FilterField>([["id", ID_FIELD]]);
  for (const kind of kinds) for (const field of kind.fields) if (field.filter) byName.set(field.name, field);
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

function didYouMean(name: string, known: readonly string[]): string {
  const near = known.map((one) => ({ one, far: distance(name.slice(0, 64), one) })).sort((a, b) => a.far - b.far)[0];
  // A third of it may be mistyped; more is another word.
  return near && near.far <= Math.ceil(near.one.length / 4) ? ` Did you mean ${near.one}?` : "";
}

function checkValue(field: FilterField, value: string): string | undefined {
  if (value.length > 8192) return "is longer than any value of this field";
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
    else conditions.set(name, { field: name, value: field?.type === "integer" ? String(Number(value)) : value });
  }
  if (faults.length > 0) {
    const [first] = faults;
    throw new AppError("invalid_query", { detail: `${first?.pointer} ${first?.message}`, errors: faults });
  }
  return [...conditions.values()];
}

/** Whether a flat row satisfies every condition. A list matches if any element equals. */
export function matches(row: Record<string, unknown>, filter: Filter): boolean {
  return filter.every(({ field, value }) => {
    const has = row[field];
    if (has === undefined || has === null) return false;
    const wanted = fold(value);
    return Array.isArray(has) ? has.some((element) => fold(String(element)) === wanted) : fold(String(has)) === wanted;
  });
}
