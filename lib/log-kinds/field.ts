import { z } from "zod";
import type { FieldDef } from "./define";

/** What the kinds' declarations are made of. */
export const text = (max: number) => z.string().max(max);
export const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
export const list = z.array(text(512)).max(256);

export const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
// Zod leaves a member named __proto__ out of what it returns, without an error: an audit row would lack what was sent.
// So such objects are only looked at and handed on as they came.
export const jsonObject = z.unknown().refine(isObject, { error: "must be an object" });

/** Texts of the one-word fields that producers choose themselves: ids, names, codes. */
export const WORD_MAX = 512;

type Extra = Partial<Omit<FieldDef, "name" | "type" | "schema">> & { description: string };

const titleCase = (name: string) =>
  name
    .replaceAll("_", " ")
    .replace(/^./, (first) => first.toUpperCase())
    .replace(/\bId\b|\bid\b/g, "ID")
    .replace(/\bUrl\b/, "URL")
    .replace(/\bIp\b|\bip\b/g, "IP")
    .replace(/\bids\b/g, "IDs")
    .replace(/ ms$/, " (ms)");

export const field = (name: string, type: FieldDef["type"], schema: z.ZodType, extra: Extra): FieldDef => ({
  name,
  type,
  schema,
  ...(schema instanceof z.ZodEnum && { values: schema.options.map(String) }),
  label: titleCase(name),
  ...extra,
});

/** A text of at most WORD_MAX characters with an exact filter. */
export const word = (name: string, description: string, extra: Partial<FieldDef> = {}): FieldDef =>
  field(name, "text", text(WORD_MAX), { description, filter: "exact", ...extra });

/** Set by the server; refused from producers. */
export const note = (
  name: string,
  type: FieldDef["type"],
  schema: z.ZodType,
  extra: string | (Omit<Extra, "derived"> & { description: string }),
): FieldDef =>
  field(name, type, schema, { ...(typeof extra === "string" ? { description: extra } : extra), derived: true });
