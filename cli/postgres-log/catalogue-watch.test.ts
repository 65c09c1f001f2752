import { beforeAll, expect, test } from "vitest";
import { Catalogue } from "./catalogue";
import { CatalogueWatch } from "./catalogue-watch";
import type { Maker } from "./query-event";
import type { Statement } from "./statement";
import { StatementParser } from "./statement-parser";

let parser: StatementParser;
beforeAll(async () => {
  parser = await StatementParser.load();
});

const statement = (text: string): Statement => ({
  record: {
    number: 1,
    micros: 1_764_000_000_000_000,
    sessionId: "6b0695.1",
    line: 1,
    severity: "LOG",
    backend: "client backend",
    message: "",
    database: "shop",
  },
  text,
  prepared: undefined,
  durationMs: 1,
  rows: undefined,
  audited: [],
  isError: false,
});

const catalogueOf = (tables: Record<string, boolean>) =>
  new Catalogue(
    Object.entries(tables).map(([table, connected]) => ({
      database: "shop",
      schema: "public",
      table,
      column: "id",
      connected,
      tags: [],
    })),
  );

/** A catalogue that others change, and a clock, in ms. */
function watched(tables: Record<string, boolean>, tookMs = 0) {
  const world = { tables, ms: 0, reads: 0 };
  const maker: Maker = {
    parser,
    catalogue: catalogueOf(tables),
    dataSourceId: undefined,
    host: undefined,
    isAll: false,
  };
  const read = async () => {
    world.reads += 1;
    world.ms += tookMs;
    maker.catalogue = catalogueOf(world.tables);
  };
  const watch = new CatalogueWatch({ maker, read, now: () => world.ms });
  const isRecorded = async (text: string, ms: number) => {
    world.ms = ms;
    return (await watch.make(statement(text))).event !== undefined;
  };
  return { world, isRecorded };
}

test("a table that was connected is recorded within 10 seconds, and one that was made at once", async () => {
  const { world, isRecorded } = watched({ a: false });
  expect(await isRecorded("select id from a", 5_000)).toBe(false);
  world.tables = { a: true, b: true };
  expect(await isRecorded("select id from a", 9_000)).toBe(false);
  expect(await isRecorded("select id from b", 9_000)).toBe(true);
  world.tables = { a: false, b: true };
  expect(await isRecorded("select id from a", 18_000)).toBe(true);
  expect(await isRecorded("select id from a", 19_000)).toBe(false);
  expect(world.reads).toBe(2);
});

test("tables that stay unknown have it read every 3 seconds at most, the system's never, a slow one a tenth of the time", async () => {
  const some = watched({ a: true });
  for (let ms = 0; ms < 9_000; ms += 100) await some.isRecorded("select id from temporary", ms);
  expect(some.world.reads).toBe(2);
  const system = watched({ a: true });
  await system.isRecorded("select * from pg_stat_activity, information_schema.tables, pg_catalog.pg_class", 9_000);
  expect(system.world.reads).toBe(0);
  const slow = watched({ a: true }, 4_000);
  for (const ms of [10_000, 30_000, 53_999, 54_000]) await slow.isRecorded("select id from a", ms);
  expect(slow.world.reads).toBe(2);
});
