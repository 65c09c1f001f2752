import { z } from "zod";
import type { FieldDef, KindDef } from "@/lib/log-kinds/define";
import type { FieldView, KindView } from "./kind-view";

function describeField({ name, label, description, type, filter, schema }: FieldDef): FieldView {
  const view: FieldView = { name, label, description, type, filterable: filter === "exact" };
  return schema instanceof z.ZodEnum ? { ...view, options: schema.options.map(String) } : view;
}

/** A kind's declaration as plain data, for server components to hand to the browser. */
export function describeKind(kind: KindDef): KindView {
  return { id: kind.id, title: kind.title, fields: kind.fields.map(describeField) };
}
