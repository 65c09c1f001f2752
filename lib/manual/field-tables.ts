import { z } from "zod";
import type { FieldDef, KindDef } from "@/lib/log-kinds/define";
import { findKind } from "@/lib/log-kinds/registry";

const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");

/** The members of a list's objects. */
function membersOf({ schema }: FieldDef): string {
  const element = schema instanceof z.ZodArray ? schema.element : undefined;
  if (!(element instanceof z.ZodObject)) return "";
  return ` Each with ${Object.keys(element.shape)
    .map((name) => `\`${name}\``)
    .join(", ")}.`;
}

/** What else a reader of a field wants to know, in one word each. */
function marksOf(kind: KindDef, field: FieldDef): string {
  const marks = [
    kind.required.includes(field.name) && "required",
    field.derived && "set by the server",
    field.filter && "filter",
    field.words && "words",
    field.heavy && "only in the row opened whole",
    field.heavyBeyond !== undefined && "whole only in the row opened whole",
  ];
  return marks.filter(Boolean).join(", ");
}

function fieldTable(kind: KindDef): string {
  const rows = kind.fields.map((field) => {
    const values = field.values ? ` One of ${field.values.map((value) => `\`${value}\``).join(", ")}.` : "";
    return `| \`${field.name}\` | ${field.type} | ${cell(field.description + values + membersOf(field))} | ${marksOf(kind, field)} |`;
  });
  const elements = (kind.elementFilters ?? []).flatMap(({ filters }) => filters);
  const extra = elements.map(({ name, description }) => `| \`${name}\` | | ${cell(description)} | only a filter |`);
  return ["| field | type | | |", "|---|---|---|---|", ...rows, ...extra].join("\n");
}

const TABLE = /(<!-- fields: ([a-z]+) -->\n)[\s\S]*?(<!-- \/fields -->)/g;

/** docs/audit-logs.md with the fields that the kinds declare. */
export function withFieldTables(markdown: string): string {
  return markdown.replace(TABLE, (whole, begin: string, id: string, end: string) => {
    const kind = findKind(id);
    return kind ? `${begin}${fieldTable(kind)}\n${end}` : whole;
  });
}
