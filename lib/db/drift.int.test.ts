import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createTestDatabase } from "@/lib/testing/database";
import { parseSchema } from "@/lib/testing/prisma-schema";
import { connect } from "./preflight";

const schema = parseSchema(readFileSync("prisma/schema.prisma", "utf8"));

async function rowsOf(sql: string): Promise<string[]> {
  const client = await connect(await createTestDatabase());
  try {
    const { rows } = await client.query<{ line: string }>(sql);
    return rows.map(({ line }) => line).sort();
  } finally {
    await client.end();
  }
}

test("columns are those of schema.prisma", async () => {
  const found = await rowsOf(`
    select format('%I.%I %s%s%s', c.table_name, c.column_name,
      case when c.data_type = 'ARRAY' then substr(c.udt_name, 2) || '[]' else c.udt_name end,
      -- Prisma makes lists nullable and reads null as empty.
      case when c.is_nullable = 'NO' or c.data_type = 'ARRAY' then ' not null' else '' end,
      coalesce(' default ' || c.column_default, '')) as line
    from information_schema.columns c
    where c.table_schema = 'public' and c.table_name <> '_prisma_migrations'`);
  expect(found).toEqual(schema.columns.sort());
});

test("keys, unique rules and references are those of schema.prisma", async () => {
  const found = await rowsOf(`
    select format('%I: %s', conname, pg_get_constraintdef(oid)) as line from pg_constraint
    where connamespace = 'public'::regnamespace and conrelid <> '_prisma_migrations'::regclass and contype not in ('n', 't')`);
  expect(found).toEqual(schema.constraints.sort());
});

test("indexes are those of schema.prisma", async () => {
  const found = await rowsOf(`
    select regexp_replace(replace(indexdef, 'public.', ''), 'CREATE (UNIQUE )?INDEX', 'CREATE \\1INDEX') as line from pg_indexes
    where schemaname = 'public' and tablename <> '_prisma_migrations' and indexname not like '%_pkey'`);
  expect(found).toEqual(schema.indexes.sort());
});
