import { z } from "zod";
import { DATA_SOURCE_TYPES } from "@/lib/log-kinds/query/fields";
import { displayName } from "./apps";

/** Data sources: databases whose use is audited. */
const CONTROL = /\p{Cc}/u;
const plain = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine((value) => !CONTROL.test(value), { error: "must not hold control characters" });

export const TLS_MODES = ["require", "verify-full", "disable"] as const;
export type TlsMode = (typeof TLS_MODES)[number];
export const POSTGRES_PORT = 5432;

const MARK = "{query_id}";
/** The origin that a template leads to with one id in it; undefined where it is no address. */
function originOf(template: string, id: string): string | undefined {
  const text = template.replace(MARK, id);
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isWeb = url.protocol === "https:" || url.protocol === "http:";
  return isWeb && url.username === "" && url.password === "" ? url.origin : undefined;
}

const fields = {
  name: displayName.meta({ description: "Name of the data source; unique in the organization.", example: "Orders" }),
  type: z.enum(DATA_SOURCE_TYPES).meta({
    description: "What it is. Texts of its statements are redacted by this dialect.",
    example: "postgres",
  }),
  app_id: z.uuid().meta({
    description: "Application whose log has its rows.",
    example: "0198b6a2-52f0-7c3e-9a44-1f6f0c2f7a10",
  }),
  host: plain(253).meta({ description: "Name or address of the server. PostgreSQL only.", example: "db.example.com" }),
  port: z.int().min(1).max(65_535).meta({ description: "Its TCP port. Default 5432.", example: POSTGRES_PORT }),
  database: plain(63).meta({ description: "Database to connect to.", example: "orders" }),
  username: plain(63).meta({ description: "Role to sign in as.", example: "affidavit_reader" }),
  password: z
    .string()
    .min(1)
    .max(1_024)
    .refine((value) => !value.includes("\0"), { error: "must not hold U+0000" })
    .meta({ description: "Its password. Kept sealed and never answered.", example: "correct horse battery staple" }),
  tls: z.enum(TLS_MODES).meta({
    description:
      "`verify-full`: encrypted, with a certificate of a public authority for this host. `require` (default): encrypted, whoever answers. `disable`: in the clear.",
    example: "verify-full",
  }),
  tls_reason: plain(200).meta({
    description: "Why it goes without TLS: required with `disable`, and only there.",
    example: "the connection runs through a tunnel",
  }),
  query_link: z
    .string()
    .max(1_000)
    .refine((value) => value.split(MARK).length === 2, { error: `must hold ${MARK} once` })
    .refine((value) => originOf(value, "a") !== undefined && originOf(value, "a") === originOf(value, "b"), {
      error: `must be an http or https address with ${MARK} behind its host, such as https://db.example.com/queries/${MARK}`,
    })
    .meta({
      description: "Where a statement is found in the source's own console.",
      example: "https://console.example.com/queries/{query_id}",
    }),
};

const CONNECTION = ["host", "port", "database", "username", "password", "tls", "tls_reason"] as const;
export type ConnectionField = (typeof CONNECTION)[number];

/** What the members of a connection ask of one another, in words. Null and absent are the same. */
export function connectionFaults(
  source: { type: string } & { [K in ConnectionField]?: unknown },
): { path: string; message: string }[] {
  const given = CONNECTION.filter((name) => source[name] !== undefined && source[name] !== null);
  if (source.type !== "postgres")
    return given.map((path) => ({ path, message: "is for type postgres only: rows of other types come by API" }));
  const faults = [];
  const hasHost = given.includes("host");
  for (const path of ["host", "database", "username"] as const)
    if (given.length > 0 && !given.includes(path))
      faults.push({ path, message: "is required for a connection: give host, database and username, or none of them" });
  if (hasHost && source.tls === "disable" && !given.includes("tls_reason"))
    faults.push({ path: "tls_reason", message: "must say why the connection goes without TLS" });
  if (given.includes("tls_reason") && source.tls !== "disable")
    faults.push({ path: "tls_reason", message: "is for tls disable only" });
  return faults;
}

/** What a data source may have none of. */
const mayBeNone = {
  host: fields.host.nullish(),
  port: fields.port.nullish(),
  database: fields.database.nullish(),
  username: fields.username.nullish(),
  password: fields.password.nullish(),
  tls: fields.tls.nullish(),
  tls_reason: fields.tls_reason.nullish(),
  query_link: fields.query_link.nullish(),
};

export const CreateDataSource = z
  .strictObject({
    name: fields.name,
    app_id: fields.app_id,
    type: fields.type,
    ...mayBeNone,
  })
  .superRefine((sent, { addIssue }) => {
    for (const { path, message } of connectionFaults(sent)) addIssue({ code: "custom", path: [path], message });
  });

/** Absent: as it was. Null: none. */
export const UpdateDataSource = z.strictObject({
  name: fields.name.optional(),
  ...mayBeNone,
  state: z
    .literal("connected")
    .optional()
    .meta({ description: "Takes a disconnected data source into use again.", example: "connected" }),
});

const time = (description: string) =>
  z.string().nullable().meta({ description, example: "2026-11-22T00:01:02.345678Z" });

export const DataSource = z.strictObject({
  id: z.uuid().meta({ description: "Id of the data source.", example: "0198b6a2-52f0-7c3e-9a44-1f6f0c2f7a77" }),
  app_id: fields.app_id,
  name: fields.name,
  type: fields.type,
  host: fields.host.nullable(),
  port: fields.port.nullable(),
  database: fields.database.nullable(),
  username: fields.username.nullable(),
  has_password: z.boolean().meta({ description: "A password is kept.", example: true }),
  tls: fields.tls.nullable(),
  tls_reason: fields.tls_reason.nullable(),
  query_link: fields.query_link.nullable(),
  state: z.enum(["connected", "disconnected"]).meta({ description: "In use or not.", example: "connected" }),
  created_at: z.string().meta({ description: "When it was connected.", example: "2026-11-22T00:01:02.345678Z" }),
  disconnected_at: time("When it was disconnected; null while it is in use."),
  last_tested_at: time("When its connection was last tested; null: never."),
  last_test: z
    .strictObject({
      ok: z.boolean().meta({ description: "The connection worked.", example: true }),
      message: z
        .string()
        .meta({ description: "What was found, in a sentence.", example: "Connected to PostgreSQL 18.0." }),
    })
    .nullable(),
  catalogued_at: time("When its catalogue was last read or replaced; null: never."),
});
/** What a key is told that may only write rows: enough for a collector, nothing of how the source is reached. */
export const DataSourceBrief = DataSource.pick({
  id: true,
  app_id: true,
  name: true,
  type: true,
  host: true,
  state: true,
});
export const DataSourceList = z.strictObject({
  data_sources: z.array(DataSource).meta({ description: "Oldest first; disconnected ones too." }),
});

const sourceId = z.uuid({ error: "is no id of a data source" });
/** What the portal's forms send: the id beside the wish. */
export const DataSourceId = z.strictObject({ id: sourceId });
export const UpdateDataSourceForm = z.strictObject({ id: sourceId, changes: UpdateDataSource });

export type CreateDataSource = z.output<typeof CreateDataSource>;
export type UpdateDataSource = z.output<typeof UpdateDataSource>;
export type DataSourceBrief = z.output<typeof DataSourceBrief>;
export type DataSource = z.output<typeof DataSource>;
