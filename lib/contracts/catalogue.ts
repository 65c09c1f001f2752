import { z } from "zod";

/** The catalogue of a data source: its columns, with what they are tagged with. */
export const CATALOGUE_COLUMNS_MAX = 100_000;
/** Bytes of a request that replaces a catalogue. */
export const CATALOGUE_BYTES_MAX = 33_554_432;
export const CATALOGUE_PAGE_MAX = 10_000;
export const TAGS_MAX = 32;
/** All four names are one key of an index, which holds 2,704 bytes. */
const PLACE_BYTES_MAX = 2_000;

const name = (description: string, example: string) =>
  z
    .string()
    .min(1)
    .max(255)
    .refine((value) => !value.includes("\0"), { error: "must not hold U+0000" })
    .meta({ description, example });

const tagText = (description: string, example: string) =>
  z
    .string()
    .min(1)
    .max(128)
    .refine((value) => !/\p{Cc}/u.test(value), { error: "must not hold control characters" })
    .meta({ description, example });
export const CatalogueTag = z.strictObject({
  key: tagText("What the tag says something about.", "sensitivity"),
  value: tagText("What it says.", "personal"),
});

const place = {
  database: name("Database.", "orders"),
  schema: name("Schema.", "public"),
  table: name("Table or view.", "customers"),
  column: name("Column.", "email"),
};
const bytesOf = (names: readonly string[]) => new TextEncoder().encode(names.join("")).length;

export const CatalogueColumn = z.strictObject({
  ...place,
  data_type: z
    .string()
    .max(255)
    .refine((value) => !value.includes("\0"), { error: "must not hold U+0000" })
    .meta({ description: "As the source names it.", example: "text" }),
  connected: z.boolean().meta({ description: "Statements that touch it are recorded.", example: true }),
  tags: z.array(CatalogueTag).meta({ description: "At most 32; a key at most once." }),
});

/** One column of a request that replaces a catalogue. */
export const SentColumn = z
  .strictObject({
    ...place,
    data_type: CatalogueColumn.shape.data_type.default(""),
    connected: CatalogueColumn.shape.connected.default(true),
    tags: CatalogueColumn.shape.tags
      .max(TAGS_MAX)
      .refine((tags) => new Set(tags.map(({ key }) => key)).size === tags.length, {
        error: "must name each key once",
      })
      .default([]),
  })
  .refine(({ database, schema, table, column }) => bytesOf([database, schema, table, column]) <= PLACE_BYTES_MAX, {
    error: "has names that are too long together: at most 2,000 bytes",
  });

export const ReplaceCatalogue = z.strictObject({
  columns: z
    .array(SentColumn)
    .max(CATALOGUE_COLUMNS_MAX)
    .meta({ description: "All of them, at most 100,000: what is not here is taken out." }),
});
/** The same but for what each column must be, which is looked at one by one. */
export const ReplaceCatalogueList = z.strictObject({ columns: z.array(z.unknown()).max(CATALOGUE_COLUMNS_MAX) });

export const CatalogueQuery = z.strictObject({
  limit: z
    .string()
    .regex(/^\d{1,6}$/, { error: "must be a whole number" })
    .transform(Number)
    .refine((value) => value >= 1 && value <= CATALOGUE_PAGE_MAX, { error: `must be from 1 to ${CATALOGUE_PAGE_MAX}` })
    .default(CATALOGUE_PAGE_MAX)
    .meta({ description: `How many columns, at most ${CATALOGUE_PAGE_MAX}; also the default.`, example: "1000" }),
  cursor: z.string().max(8_192).optional().meta({ description: "The `next_cursor` of the previous answer." }),
  search: z
    .string()
    .max(255)
    .optional()
    .meta({ description: "Only columns with this text in one of their names, in any case.", example: "customers" }),
});

export const Catalogue = z.strictObject({
  columns: z.array(CatalogueColumn).meta({ description: "In order of database, schema, table and column." }),
  next_cursor: z
    .string()
    .nullable()
    .meta({ description: "Where the next page begins; null: there is none.", example: null }),
});
/** What became of a catalogue that was read or replaced. */
export const CatalogueChange = z.strictObject({
  columns: z.int().meta({ description: "How many columns it has now.", example: 412 }),
  added: z.int().meta({ description: "How many of them are new.", example: 3 }),
  removed: z.int().meta({ description: "How many are no longer there.", example: 0 }),
});

export type CatalogueColumn = z.output<typeof CatalogueColumn>;
export type ReplaceCatalogue = z.output<typeof ReplaceCatalogue>;
export type CatalogueQuery = z.output<typeof CatalogueQuery>;
export type Catalogue = z.output<typeof Catalogue>;
export type CatalogueChange = z.output<typeof CatalogueChange>;

/** A change of one column, or of all columns of a table. */
export const ChangeCatalogue = z.strictObject({
  database: place.database,
  schema: place.schema,
  table: place.table,
  column: place.column.optional().meta({ description: "Absent: every column of the table.", example: "email" }),
  connected: CatalogueColumn.shape.connected.optional(),
  tag: CatalogueTag.optional().meta({
    description: "Put on; the key's value before it is replaced.",
    example: { key: "sensitivity", value: "personal" },
  }),
  untag: z.string().max(128).optional().meta({ description: "Key of a tag to take off.", example: "sensitivity" }),
});
export const ChangeCatalogueForm = z.strictObject({
  id: z.uuid({ error: "is no id of a data source" }),
  change: ChangeCatalogue,
});
export const CatalogueChanged = z.strictObject({
  columns: z.int().meta({ description: "How many columns it was done to.", example: 1 }),
});
export type ChangeCatalogue = z.output<typeof ChangeCatalogue>;
export type CatalogueChanged = z.output<typeof CatalogueChanged>;
