import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { createTestDatabase } from "@/lib/testing/database";
import { assertMigrated, MIGRATIONS_FOLDER, migrate, readMigrations } from "./migrate";
import { connect } from "./preflight";

const folder = mkdtempSync(path.join(tmpdir(), "afd-migrations-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function add(name: string, sql: string): void {
  mkdirSync(path.join(folder, name), { recursive: true });
  writeFileSync(path.join(folder, name, "migration.sql"), sql);
}

describe("migrations", () => {
  let url: string;
  beforeEach(async () => {
    url = await createTestDatabase();
    rmSync(folder, { recursive: true, force: true });
    cpSync(MIGRATIONS_FOLDER, folder, { recursive: true });
  });

  test("are recorded as Prisma records them", async () => {
    const client = await connect(url);
    const { rows } = await client.query("select * from _prisma_migrations order by started_at, migration_name");
    await client.end();
    expect(rows.map((row) => row.migration_name)).toEqual(readMigrations().map(({ name }) => name));
    for (const row of rows) {
      expect(row).toMatchObject({ rolled_back_at: null, logs: null, applied_steps_count: 1 });
      expect(row.id).toMatch(/^[0-9a-f-]{36}$/);
      expect(row.checksum).toMatch(/^[0-9a-f]{64}$/);
      expect(row.finished_at.getTime()).toBeGreaterThanOrEqual(row.started_at.getTime());
    }
  });

  test("are applied once, also by several starts at once", async () => {
    add("20990101000000_more", "create table more (id int primary key); insert into more values (1);");
    const results = await Promise.all([migrate(url, folder), migrate(url, folder), migrate(url, folder)]);
    expect(results.flat()).toEqual(["20990101000000_more"]);
    await assertMigrated(url, folder);
  });

  test("leave nothing behind when one fails", async () => {
    add("20990101000000_more", "create table more (id int); select 1 / 0;");
    await expect(migrate(url, folder)).rejects.toThrow(
      "The migration 20990101000000_more failed and left nothing behind: division by zero",
    );
    await expect(assertMigrated(url, folder)).rejects.toThrow("lacks 1 migration(s): run `npm run migrate` first");
    add("20990101000000_more", "create table more (id int);");
    expect(await migrate(url, folder)).toEqual(["20990101000000_more"]);
  });

  test("refuse a changed file and a newer database", async () => {
    add("20990101000000_more", "select 1;");
    await migrate(url, folder);
    await expect(migrate(url)).rejects.toThrow("The database is newer than this program");
    await expect(assertMigrated(url)).rejects.toThrow("The database is newer than this program");
    add("20990101000000_more", "select 2;");
    await expect(migrate(url, folder)).rejects.toThrow("20990101000000_more was changed since");
  });

  test("tell an unprepared database", async () => {
    const client = await connect(url);
    await client.query("drop table _prisma_migrations");
    await client.end();
    await expect(assertMigrated(url)).rejects.toThrow("not prepared: run `npm run migrate` first");
  });
});
