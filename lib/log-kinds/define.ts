import type { z } from "zod";
import type { Fault } from "../errors/app-error";

/**
 * How a kind of row is declared. Everything else (validation, the filter form, terms, facets, CSV columns, API docs)
 * is read from the declaration, so that a new kind is a folder and a line in registry.ts.
 */
export type FieldType = "text" | "integer" | "time" | "list" | "json" | "objects";

export interface FieldDef {
  name: string;
  type: FieldType;
  label: string;
  description: string;
  schema: z.ZodType;
  /** All values that there are, where they are few and fixed. */
  values?: readonly string[];
  example?: unknown;
  /** In `core` (hashed, nothing personal, survives erasure) instead of `detail`. */
  core?: boolean;
  /** Has an exact filter, by the given kind of term. */
  filter?: "exact";
  /** Counted in the roll-up: few values (≤ 200), nothing personal, no ids, no text. */
  facet?: boolean;
  /** Its words are searchable. */
  words?: boolean;
  /** Numbers: a bucket term for comparisons. */
  numeric?: boolean;
  /** Left out of list answers and never shown to members. */
  heavy?: boolean;
  /** The same, of values with more characters (of JSON, where it is no text); a text's beginning stays in the list. */
  heavyBeyond?: number;
  /** In the quick CSV, in this order. */
  csv?: boolean;
  /** Set by the server and refused from producers. */
  derived?: boolean;
}

/** The producer's document after validation: plain JSON, unknown members already refused. */
export type KindDocument = Record<string, unknown>;

/** What a normaliser may rely on. */
export interface NormaliseContext {
  /** Server time of submission, µs since epoch. */
  submittedAtMicros: number;
  /** Lower-case names of headers that must not be stored, beside the kind's own list. */
  stripHeaders: ReadonlySet<string>;
  /** The type of a data source of the app by its id: which SQL dialect its texts are read in. */
  dataSourceType?: (id: string) => string | undefined;
}

/**
 * Filters over the members of a list's elements, such as the key and the value of a tag. Those that are given together
 * must hold for the same element.
 */
export interface ElementFilters {
  /** The field of type `objects`. */
  list: string;
  filters: readonly ElementFilter[];
  /** Two filters that are often given together: one more term an element, so that the index knows which values meet. */
  pair: readonly [string, string];
}

export interface ElementFilter {
  /** Its name as a parameter. */
  name: string;
  label: string;
  description: string;
  example?: string;
  /** The member of an element that it looks at. */
  member: string;
  /** A field of the row itself that says the same of the whole row: all of these together are one more element. */
  field?: string;
}

export interface Normalised {
  /** The kind's own fields as they are stored; absent fields are absent. */
  fields: KindDocument;
  /** The time by which the row is indexed, µs since epoch. */
  occurredAtMicros: number;
}

export interface KindDef {
  id: string;
  title: string;
  schemaVersion: number;
  fields: readonly FieldDef[];
  /** Fields that every event must bring. */
  required: readonly string[];
  /** The strict request schema of one event's own fields, built from `fields`. */
  input: z.ZodType<KindDocument>;
  /** What is wrong with a valid input beside what is known of the app, such as its data sources. Pure. */
  faults?(input: KindDocument, context: NormaliseContext): Fault[];
  /** Input → stored fields: strips, masks, cuts, decides the time. Pure. */
  normalise(input: KindDocument, context: NormaliseContext): Normalised;
  /** The facet field that says how it ended: the histogram is stacked by it. */
  outcome?: string;
  elementFilters?: readonly ElementFilters[];
}
