import "server-only";
import { z } from "zod";
import { SYSTEM_LOG } from "@/lib/access/door";
import type { FieldDef, KindDef } from "@/lib/log-kinds/define";
import { kinds } from "@/lib/log-kinds/registry";
import { system } from "@/lib/log-kinds/system/system";

/** What OpenAPI says of the kinds, read from their declarations. Validation itself is the kind's own `input`. */
const described = (field: FieldDef) =>
  field.schema.meta({ description: field.description, ...(field.example !== undefined && { example: field.example }) });

function eventOf(kind: KindDef): z.ZodType {
  const shape: Record<string, z.ZodType> = {
    kind: z.literal(kind.id),
    id: z.uuid().optional().meta({ description: "Your own id: the same again within 30 days is a duplicate." }),
    app_id:
      kind === system
        ? z.literal(SYSTEM_LOG).optional().meta({ description: "If sent, `system`: the organization's own log." })
        : z.uuid().optional().meta({ description: "If sent, the app that the request addresses." }),
    occurred_at: z.string().optional().meta({ description: "RFC 3339 with a zone. Default: the time of submission." }),
  };
  for (const field of kind.fields) {
    if (!field.derived)
      shape[field.name] = kind.required.includes(field.name) ? described(field) : described(field).nullish();
  }
  return z.strictObject(shape).meta({
    id: `${kind.id[0]?.toUpperCase()}${kind.id.slice(1)}Event`,
    description: `One event of the kind ${kind.id}.`,
  });
}

const eventSchemas = kinds.map(eventOf);
const events = z.array(z.union(eventSchemas)).min(1).max(1000);

/** The body of `POST /v1/events`. */
export const ingestBody = z.union([...eventSchemas, events, z.strictObject({ events })]).meta({
  description: "An event, an array of events, {events: […]}, or NDJSON; at most 1,000 events and 1 MiB decompressed.",
});

const byName = (want: (field: FieldDef) => boolean | undefined) =>
  new Map(kinds.flatMap((kind) => kind.fields.filter(want).map((field) => [field.name, field] as const)));

/** By which a reader of the document tells filters from an operation's own parameters. */
const FILTER_MARK = { "x-filter": true };

/** One optional parameter per filter. */
export function filterParameters(): Record<string, z.ZodType> {
  const id = z
    .string()
    .optional()
    .meta({ description: "Filter: the row's id.", ...FILTER_MARK });
  const entries = [...byName((field) => field.filter !== undefined)].map(([name, field]) => {
    const description = `Filter: ${field.description} One exact value, case-insensitive.`;
    return [
      name,
      z
        .string()
        .optional()
        .meta({ description, ...FILTER_MARK, ...(field.example !== undefined && { example: String(field.example) }) }),
    ] as const;
  });
  const elements = kinds.flatMap(({ elementFilters = [] }) => elementFilters.flatMap(({ filters }) => filters));
  for (const { name, description, example } of elements) {
    entries.push([
      name,
      z
        .string()
        .optional()
        .meta({
          description: `Filter: ${description} One exact value, case-insensitive.`,
          ...FILTER_MARK,
          ...(example !== undefined && { example }),
        }),
    ]);
  }
  const text = z
    .string()
    .optional()
    .meta({
      description: "Filter: words that all stand somewhere in the row's texts, in any order, case-insensitive.",
      ...FILTER_MARK,
    });
  const q = z
    .string()
    .optional()
    .meta({
      description:
        'A query: `field:value`, `-` for not, `OR`, brackets, words and `"phrases"`, `>`, `>=`, `<`, `<=` for numbers and times. It goes with the filters.',
      example: 'outcome:policy_denial -provider_id:google latency_ms:>500 "draft reply"',
      ...FILTER_MARK,
    });
  return { q, id, text, ...Object.fromEntries(entries) };
}
