import { z } from "zod";
import { TEXT_FILTER } from "@/lib/filters/filter";
import type { FieldDef, KindDef } from "@/lib/log-kinds/define";
import { ENVELOPE } from "./envelope";
import { KIND_PAGES, type KindPage } from "./kind-pages";
import type { FieldView, FilterView, KindView } from "./kind-view";

/** The members of a list's elements, in the order of the declaration. */
function membersOf({ schema }: FieldDef): string[] | undefined {
  if (!(schema instanceof z.ZodArray && schema.element instanceof z.ZodObject)) return undefined;
  return Object.keys(schema.element.shape);
}

function describeField(field: FieldDef, { labels, hints }: KindPage): FieldView {
  const { name, description, type, values } = field;
  const label = labels?.[name] ?? field.label;
  const members = membersOf(field);
  const hint = hints?.[name];
  return {
    name,
    label,
    description,
    type,
    ...(hint !== undefined && { hint }),
    ...(values && { options: values }),
    ...(members && { members }),
  };
}

/** Every filter of a kind: fields, members of list elements, the row's id, and words. */
function filtersOf(kind: KindDef, page: KindPage): FieldView[] {
  const fields = kind.fields.filter(({ filter }) => filter === "exact").map((field) => describeField(field, page));
  const elements = (kind.elementFilters ?? []).flatMap(({ filters }) =>
    filters.map(({ name, label, description }) => ({ name, label, description, type: "text" })),
  );
  const worded = kind.fields.filter(({ words }) => words).map(({ label }) => label);
  const words = {
    name: TEXT_FILTER,
    label: "Words",
    description: `Whole words, all of which must occur, in any order, in one of: ${worded.join(", ")}.`,
    type: "text",
  };
  return [{ ...ENVELOPE.id, type: "text" }, ...fields, ...elements, ...(worded.length > 0 ? [words] : [])];
}

function inOrder(filters: readonly FieldView[], { common, tabs }: KindPage): FilterView[] {
  const first = common.flatMap((name) => filters.find((filter) => filter.name === name) ?? []);
  const others = filters.filter((filter) => !first.includes(filter) && filter.name !== tabs);
  return [
    ...first.map((filter) => ({ ...filter, common: true })),
    ...others.map((filter) => ({ ...filter, common: false })),
  ];
}

/** A kind's declaration as plain data, for server components to hand to the browser. */
export function describeKind(kind: KindDef): KindView {
  const page = KIND_PAGES[kind.id] ?? { noun: "rows", common: [] };
  const { common: _, labels: __, hints: ___, ...view } = page;
  return {
    ...view,
    id: kind.id,
    title: kind.title,
    fields: kind.fields.map((field) => describeField(field, page)),
    filters: inOrder(filtersOf(kind, page), page),
  };
}
