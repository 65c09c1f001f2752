import { ENVELOPE } from "../log-table/envelope";
import type { FieldView, KindView, Row } from "../log-table/kind-view";
import { GROUPS } from "./group-names";

/** A field of a row that has a value. */
export interface ShownField extends FieldView {
  value: unknown;
}

export interface FieldGroup {
  title: string;
  fields: readonly ShownField[];
}

/** Where the log keeps it, after all that the kind says. */
const PLACE: readonly FieldView[] = [ENVELOPE.id, ENVELOPE.seq, ENVELOPE.occurredAt, ENVELOPE.createdAt].map(
  (field) => ({ ...field, type: "text" }),
);

const isEmpty = (value: unknown) =>
  value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);

/** A row's fields that have a value, in groups. Every declared field is in one: what no group names comes under Others. */
export function fieldGroups({ id, fields }: Pick<KindView, "id" | "fields">, row: Row): FieldGroup[] {
  const shown = (field: FieldView): ShownField[] => {
    const value = row[field.name];
    return isEmpty(value) ? [] : [{ ...field, value }];
  };
  const byName = new Map(fields.map((field) => [field.name, field]));
  const wanted = GROUPS[id] ?? [];
  const named = new Set(wanted.flatMap(({ names }) => names));
  const groups = wanted.map(({ title, names }) => ({
    title,
    fields: names.flatMap((name) => byName.get(name) ?? []).flatMap(shown),
  }));
  const others = fields.filter(({ name }) => !named.has(name)).flatMap(shown);
  const all = [
    ...groups,
    { title: "Others", fields: others },
    { title: "Place in the log", fields: PLACE.flatMap(shown) },
  ];
  return all.filter((group) => group.fields.length > 0);
}
