/** What a schema.prisma asks of PostgreSQL, in the words with which PostgreSQL describes itself. */
export interface WantedSchema {
  /** `"Table"."column" type not null default …` */
  columns: string[];
  /** `"Name": definition`, as pg_get_constraintdef prints it. */
  constraints: string[];
  /** As pg_indexes prints them. */
  indexes: string[];
}

interface Field {
  name: string;
  type: string;
  list: boolean;
  optional: boolean;
  attributes: string;
}

const TYPES: Record<string, string> = {
  String: "text",
  Int: "int4",
  Boolean: "bool",
  Bytes: "bytea",
  DateTime: "timestamp",
  Json: "jsonb",
  BigInt: "int8",
};
const NATIVE: Record<string, string> = { Uuid: "uuid", Timestamptz: "timestamptz" };
const ON_DELETE: Record<string, string> = { Cascade: "CASCADE", SetNull: "SET NULL", Restrict: "RESTRICT" };

const quote = (name: string) => (/^[a-z_][a-z0-9_]*$/.test(name) && name !== "user" ? name : `"${name}"`);
const quoteAll = (names: string[]) => names.map(quote).join(", ");
const names = (text: string) => text.split(",").map((part) => part.trim());

function columnDefault(attributes: string): string {
  const value = /@default\(((?:[^()]|\(.*?\))*)\)/.exec(attributes)?.[1];
  if (value === undefined || value.startsWith("uuid(")) return "";
  return ` default ${value === "now()" ? "CURRENT_TIMESTAMP" : value}`;
}

function column(table: string, field: Field): string {
  const native = /@db\.(\w+)/.exec(field.attributes)?.[1];
  const type = (native ? NATIVE[native] : undefined) ?? TYPES[field.type];
  if (!type)
    throw new Error(`the drift test does not know the type of ${table}.${field.name}: ${field.type} ${native ?? ""}`);
  const notNull = field.optional ? "" : " not null";
  return `${quote(table)}.${quote(field.name)} ${type}${field.list ? "[]" : ""}${notNull}${columnDefault(field.attributes)}`;
}

function parseFields(body: string): Field[] {
  return [...body.matchAll(/^ {2}(\w+)\s+(\w+)(\[\]|\?)?(.*)$/gm)].map(
    ([, name = "", type = "", mark, attributes = ""]) => ({
      name,
      type,
      list: mark === "[]",
      optional: mark === "?",
      attributes,
    }),
  );
}

function reference(table: string, field: Field): string | undefined {
  const match = /@relation\(fields: \[(.+?)\], references: \[(.+?)\](?:, onDelete: (\w+))?/.exec(field.attributes);
  if (!match) return undefined;
  const [, own = "", theirs = "", onDelete = "Restrict"] = match;
  const definition = `FOREIGN KEY (${quoteAll(names(own))}) REFERENCES ${quote(field.type)}(${quoteAll(names(theirs))})`;
  return `${quote(`${table}_${names(own).join("_")}_fkey`)}: ${definition} ON UPDATE CASCADE ON DELETE ${ON_DELETE[onDelete]}`;
}

function indexes(table: string, body: string, fields: Field[]): string[] {
  const unique = [...body.matchAll(/^ {2}@@unique\(\[(.+?)\]/gm)].map((match) => names(match[1] ?? ""));
  const single = fields.filter(({ attributes }) => /@unique\b/.test(attributes)).map(({ name }) => [name]);
  const plain = [...body.matchAll(/^ {2}@@index\(\[(.+?)\]/gm)].map((match) => names(match[1] ?? ""));
  const line = (kind: string, suffix: string) => (columns: string[]) =>
    `CREATE ${kind} ${quote([table, ...columns, suffix].join("_"))} ON ${quote(table)} USING btree (${quoteAll(columns)})`;
  return [...[...unique, ...single].map(line("UNIQUE INDEX", "key")), ...plain.map(line("INDEX", "idx"))];
}

/** Reads as much of Prisma's language as our schema uses; a type that it does not know is an error. */
export function parseSchema(text: string): WantedSchema {
  const bare = text.replaceAll(/^\s*\/\/.*$/gm, "");
  const models = [...bare.matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm)].map(([, name = "", body = ""]) => ({
    name,
    body,
  }));
  const wanted: WantedSchema = { columns: [], constraints: [], indexes: [] };
  for (const { name, body } of models) {
    const fields = parseFields(body);
    const scalars = fields.filter(({ type }) => !models.some((model) => model.name === type));
    const key =
      /^ {2}@@id\(\[(.+?)\]/m.exec(body)?.[1] ?? scalars.find(({ attributes }) => /@id\b/.test(attributes))?.name ?? "";
    wanted.columns.push(...scalars.map((field) => column(name, field)));
    wanted.constraints.push(`${quote(`${name}_pkey`)}: PRIMARY KEY (${quoteAll(names(key))})`);
    wanted.constraints.push(...fields.map((field) => reference(name, field)).filter((line) => line !== undefined));
    wanted.indexes.push(...indexes(name, body, fields));
  }
  return wanted;
}
