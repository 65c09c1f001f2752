import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { findKeySubject } from "@/lib/access/api-key";
import type { Subject } from "@/lib/access/granted";
import { controlClient } from "@/lib/db/control-client";
import { INSTALLATION, mutation, type Transaction } from "@/lib/db/mutation";
import { readPool } from "@/lib/db/pools";
import { prisma } from "@/lib/db/prisma";
import { makeTenant, type Tenant } from "@/lib/testing/api";
import { arrange } from "@/lib/testing/arrange";
import { createTestDatabase } from "@/lib/testing/database";
import { ORIGIN } from "@/lib/testing/portal";
import { systemLogRows, withoutSystemLog } from "@/lib/testing/system-log";
import { type Act, authorOf, NOTHING_CHANGED, type Told } from "./act";
import { record } from "./record";

let tenant: Tenant;
let subject: Subject;
beforeAll(async () => {
  await createTestDatabase();
  tenant = await makeTenant("One");
  subject = await findKeySubject(tenant.key, ORIGIN);
});
afterAll(() => readPool().query("drop function if exists audit.test_fault()"));

const renamedTo = (name: string): [Act] => [
  { event: "app.renamed", target: { type: "app", id: tenant.appId, name }, changes: [{ field: "name", new: name }] },
];

/** Renames the first app, and does something else before it is done. */
const renaming =
  (name: string, before: (tx: Transaction) => Promise<unknown> = async () => {}) =>
  async (tx: Transaction): Promise<Told<string>> => {
    await tx.app.update({ where: { id: tenant.appId }, data: { name } });
    await before(tx);
    return { value: name, acts: renamedTo(name) };
  };

async function stateOf(name: string) {
  // By another pool: the one under test may still hold the connection that was ended.
  const { rows: apps } = await readPool().query<{ name: string }>('select name from "App" where id = $1', [
    tenant.appId,
  ]);
  const rows = (await systemLogRows(tenant.orgId)).filter((row) => row.target_name === name);
  return { done: apps[0]?.name === name, told: rows.length };
}

/** One way of doing an act and telling of it. */
type Way = (by: Subject, fn: (tx: Transaction) => Promise<Told<string>>) => Promise<string>;

/** What ends it too early: on the way, or when its row is written. */
const FAULTS: Record<string, (way: Way, name: string) => Promise<unknown>> = {
  "an error after the act": (way, name) =>
    way(
      subject,
      renaming(name, async () => {
        throw new Error("enough");
      }),
    ),
  "the statement timeout": (way, name) =>
    way(
      subject,
      renaming(name, async (tx) => {
        await tx.$executeRaw`set local statement_timeout = 20`;
        await tx.$executeRaw`select pg_sleep(60)`;
      }),
    ),
  "the end of its connection": (way, name) =>
    way(
      subject,
      renaming(name, (tx) => tx.$executeRaw`select pg_terminate_backend(pg_backend_pid())`),
    ),
  "a row that does not go in": (way, name) => withoutSystemLog("refuses", () => way(subject, renaming(name))),
  "the end of its connection inside COMMIT": (way, name) =>
    withoutSystemLog("ends the connection", () => way(subject, renaming(name))),
};

/** Whether act and row are one in that fault. */
async function staysWhole(way: Way, fault: string): Promise<boolean> {
  const name = randomUUID();
  await FAULTS[fault]?.(way, name).then(
    () => {
      throw new Error(`${fault} did not end it`);
    },
    () => {},
  );
  const { done, told } = await stateOf(name);
  return done ? told === 1 : told === 0;
}

/** Two ways that look as good and are not: the row in a transaction of its own, after the act's or before. */
const MUTANTS: Record<string, Way> = {
  "told afterwards": async (by, fn) => {
    const { value, acts } = await arrange(fn);
    for (const act of acts === NOTHING_CHANGED ? [] : acts) await record({ ...act, by: authorOf(by) });
    return value;
  },
  "told before it is certain": (by, fn) =>
    arrange(async (tx) => {
      const { value, acts } = await fn(tx);
      for (const act of acts === NOTHING_CHANGED ? [] : acts) await record({ ...act, by: authorOf(by) });
      await tx.$executeRaw`select pg_terminate_backend(pg_backend_pid())`;
      return value;
    }),
};

describe("act and row", () => {
  test("are there together", async () => {
    const name = randomUUID();
    expect(await mutation(subject, renaming(name))).toBe(name);
    expect(await stateOf(name)).toEqual({ done: true, told: 1 });
    expect((await readPool().query("select from audit.system_outbox")).rowCount).toBe(0);
  });

  test.each(Object.keys(FAULTS))("are both missing after %s", async (fault) => {
    expect(await staysWhole(mutation, fault)).toBe(true);
    const name = randomUUID();
    await FAULTS[fault]?.(mutation, name).catch(() => {});
    expect(await stateOf(name)).toEqual({ done: false, told: 0 });
    const again = () => mutation(subject, renaming(name)).catch(() => "no connection yet");
    await expect.poll(again).toBe(name);
    expect(await stateOf(name)).toEqual({ done: true, told: 1 });
  });

  test("come apart in every other way, which these faults find", async () => {
    const { "told afterwards": after, "told before it is certain": before } = MUTANTS as Record<string, Way>;
    expect(await staysWhole(after as Way, "a row that does not go in")).toBe(false);
    const name = randomUUID();
    await expect((before as Way)(subject, renaming(name))).rejects.toThrow();
    expect(await stateOf(name)).toEqual({ done: false, told: 1 });
  });

  test("are of one transaction for every act of it, in order", async () => {
    const before = (await systemLogRows(tenant.orgId)).length;
    await mutation(subject, async (tx) => {
      await tx.app.update({ where: { id: tenant.appId }, data: { name: "three" } });
      return { value: undefined, acts: [...renamedTo("one"), ...renamedTo("two"), ...renamedTo("three")] };
    });
    const rows = (await systemLogRows(tenant.orgId)).slice(before);
    expect(rows.map((row) => row.target_name)).toEqual(["one", "two", "three"]);
    expect(rows.map((row) => row.seq)).toEqual([before, before + 1, before + 2]);
  });
});

test("an open act holds nobody up: one that begins later commits, and its row comes first", async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const order: string[] = [];
  let begun = () => {};
  const isOpen = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const slow = mutation(subject, async (tx) => {
    await tx.app.update({ where: { id: tenant.otherAppId }, data: { name: "slow" } });
    begun();
    await held;
    return { value: undefined, acts: renamedTo("slow") };
  }).then(() => order.push("slow"));
  await isOpen;
  await mutation(subject, renaming("quick")).then(() => order.push("quick"));
  release();
  await slow;
  expect(order).toEqual(["quick", "slow"]);
  const told = (await systemLogRows(tenant.orgId)).slice(-2);
  expect(told.map((row) => row.target_name)).toEqual(["quick", "slow"]);
});

describe("the database refuses what is not told", () => {
  const untold = "was told in no row of the system log";

  test("a change past mutation(), and one inside it that says that nothing changed", async () => {
    const data = { name: "untold" };
    await expect(controlClient().app.update({ where: { id: tenant.appId }, data })).rejects.toThrow(untold);
    const quiet = mutation(subject, async (tx) => {
      await tx.app.update({ where: { id: tenant.appId }, data });
      return { value: undefined, acts: NOTHING_CHANGED };
    });
    await expect(quiet).rejects.toThrow(untold);
    expect(await prisma().app.count({ where: data })).toBe(0);
  });

  test("but not bookkeeping, nor a change that changes nothing", async () => {
    const where = { id: tenant.appId };
    const { name } = await prisma().app.findUniqueOrThrow({ where });
    await controlClient().app.update({ where, data: { name } });
    await controlClient().apiKey.updateMany({ data: { lastUsedAt: new Date() } });
    await expect(controlClient().apiKey.updateMany({ data: { name: "x", lastUsedAt: new Date() } })).rejects.toThrow(
      untold,
    );
  });

  test.each(["App", "ApiKey", "CatalogueColumn"])("and whoever empties the table %s", async (table) => {
    const truncate = controlClient().$executeRawUnsafe(`truncate "${table}" cascade`);
    await expect(truncate).rejects.toThrow("is told in no row of the system log");
  });

  test("on every table of the control plane but one", async () => {
    const { rows } = await readPool().query<{ name: string; guards: number }>(`
      select c.relname as name, count(t.oid)::int as guards from pg_class c
      left join pg_trigger t on t.tgrelid = c.oid and t.tgenabled = 'O'
        and t.tgfoid in ('audit.demand_act'::regproc, 'audit.leave_act_demand'::regproc, 'audit.refuse_truncate'::regproc)
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> '_prisma_migrations'
      group by 1 order by 1`);
    const guarded = Object.fromEntries(
      rows.filter(({ guards }) => guards !== 3).map(({ name, guards }) => [name, guards]),
    );
    // By the row there are two triggers, by the statement three, and one against TRUNCATE. A token is there before a log is.
    expect(guarded).toEqual({ CatalogueColumn: 4, SetupToken: 0 });
    expect(rows.length).toBeGreaterThan(5);
  });
});

describe("of a catalogue, which is looked at by the statement", () => {
  const untold = 'a change of "CatalogueColumn" was told in no row of the system log';
  const columns = (tx: Transaction) => tx.catalogueColumn;
  beforeEach(async () => {
    const { orgId, appId } = tenant;
    const source = { orgId, appId, name: "Guarded", type: "mysql" };
    const place = { databaseName: "d", schemaName: "s", tableName: "t", dataType: "text", connected: true, tags: [] };
    await arrange(async (tx) => {
      await tx.dataSource.deleteMany();
      const { id: dataSourceId } = await tx.dataSource.create({ data: source });
      const names = ["one", "two"];
      await columns(tx).createMany({ data: names.map((columnName) => ({ dataSourceId, columnName, ...place })) });
    });
  });

  const WRITES: Record<string, (tx: Transaction) => Promise<unknown>> = {
    "a tag": (tx) => columns(tx).updateMany({ data: { tags: [{ key: "k", value: "v" }] } }),
    "one column of several": (tx) =>
      columns(tx).updateMany({ where: { columnName: "two" }, data: { connected: false } }),
    "a column that goes": (tx) => columns(tx).deleteMany({ where: { columnName: "two" } }),
    "a column that comes": (tx) => tx.$executeRaw`insert into "CatalogueColumn"
      select "dataSourceId", "databaseName", "schemaName", 'u', "columnName", "dataType", connected, tags from "CatalogueColumn"`,
    "one put over another": (tx) => tx.$executeRaw`insert into "CatalogueColumn" select * from "CatalogueColumn"
      on conflict ("dataSourceId", "databaseName", "schemaName", "tableName", "columnName") do update set connected = false`,
    "a column under another name": (tx) => tx.$executeRaw`update "CatalogueColumn"
      set "columnName" = case "columnName" when 'one' then 'three' else "columnName" end`,
  };
  const stored = async () => (await readPool().query('select * from "CatalogueColumn" order by "columnName"')).rows;

  test.each(Object.entries(WRITES))("%s is refused where it is not told, and stored with its row", async (_, write) => {
    const before = await stored();
    await expect(controlClient().$transaction((tx) => write(tx))).rejects.toThrow(untold);
    const quiet = mutation(subject, async (tx) => ({ value: await write(tx), acts: NOTHING_CHANGED }));
    await expect(quiet).rejects.toThrow(untold);
    expect(await stored()).toEqual(before);
    expect((await readPool().query("select from audit.act_demand")).rowCount).toBe(0);

    await mutation(subject, async (tx) => ({ value: await write(tx), acts: renamedTo("told") }));
    expect(await stored()).not.toEqual(before);
  });

  test("but not what changes nothing", async () => {
    const before = await stored();
    await controlClient().$executeRaw`update "CatalogueColumn" set connected = connected, tags = tags`;
    await controlClient().catalogueColumn.deleteMany({ where: { columnName: "none" } });
    expect(await stored()).toEqual(before);
  });
});

test("an act of the installation that does not say by whom it is, is refused", async () => {
  const acts = renamedTo("nobody") as never;
  await expect(mutation(INSTALLATION, async () => ({ value: undefined, acts }))).rejects.toThrow(
    "app.renamed does not say by whom it is",
  );
});

test("act and row are there where no partition was", async () => {
  const { rows } = await readPool().query<{ name: string }>(
    "select name from audit.partition where parent = 'event' and to_at > now()",
  );
  expect(rows.length).toBeGreaterThan(0);
  for (const { name } of rows) await readPool().query(`drop table audit.${name}`);
  const name = randomUUID();
  await mutation(subject, renaming(name));
  expect(await stateOf(name)).toEqual({ done: true, told: 1 });
});
