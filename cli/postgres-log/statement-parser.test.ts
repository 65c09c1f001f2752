import { beforeAll, describe, expect, test } from "vitest";
import { Catalogue } from "./catalogue";
import { StatementParser } from "./statement-parser";

let parser: StatementParser;
beforeAll(async () => {
  parser = await StatementParser.load();
});

const TABLES: Record<string, string[]> = {
  "public.customers": ["id", "name", "email"],
  "public.orders": ["id", "customer_id", "total"],
  'public.Odd "Name"': ["Id", "x"],
  "sales.deals": ["id", "amount"],
  "hr.people": ["id", "salary"],
  "archive.people": ["id"],
  "ana.notes": ["id", "body"],
  "public.notes": ["id", "text"],
};
const catalogue = new Catalogue(
  Object.entries(TABLES).flatMap(([name, columns]) => {
    const [schema = "", table = ""] = name.split(".");
    return columns.map((column) => ({ database: "shop", schema, table, column, connected: true, tags: [] }));
  }),
);

/** `schema.table: columns`, one line a table. */
function touched(text: string, user = "bob", known: Catalogue | undefined = catalogue): string[] | undefined {
  return parser
    .touchedBy(text, { database: "shop", user, catalogue: known })
    ?.map(({ schema, table, columns }) => `${schema ?? "?"}.${table}: ${[...columns].sort().join(" ")}`.trim())
    .sort();
}

describe("tables and columns of a statement", () => {
  test.each<[string, string[]]>([
    ["select name from customers", ["public.customers: name"]],
    ["select * from Customers c", ["public.customers: email id name"]],
    ["select c.*, total from customers c, orders", ["public.customers: email id name", "public.orders: total"]],
    ["select c from customers c", ["public.customers: email id name"]],
    ["table customers", ["public.customers: email id name"]],
    ["select count(*) from customers", ["public.customers:"]],
    ['select "Id" from "Odd ""Name"""', ['public.Odd "Name": Id']],
    [`select "Name" from customers`, ["public.customers: Name"]],
    ["select amount from sales.deals where deals.id = 1", ["sales.deals: amount id"]],
    ["select sales.deals.amount from sales.deals", ["sales.deals: amount"]],
    ["select amount from shop.sales.deals", ["sales.deals: amount"]],
    ["select amount from deals", ["sales.deals: amount"]],
    ["select id from people", ["?.people: id"]],
    [
      "select name from customers c join orders o on o.customer_id = c.id",
      ["public.customers: id name", "public.orders: customer_id"],
    ],
    [
      "select name, total from customers join orders using (id)",
      ["public.customers: id name", "public.orders: id total"],
    ],
    ["select 1 from customers natural join orders", ["public.customers: id", "public.orders: id"]],
    [
      "select name from customers where exists (select from orders where customer_id = customers.id)",
      ["public.customers: id name", "public.orders: customer_id"],
    ],
    ["select x.name from (select name, email from customers) x", ["public.customers: email name"]],
    [
      "select name from customers, lateral (select total from orders where customer_id = customers.id) o",
      ["public.customers: id name", "public.orders: customer_id total"],
    ],
    ["with customers as (select total from orders) select * from customers", ["public.orders: total"]],
    ["with customers as (select name from customers) select name from customers", ["public.customers: name"]],
    ["with c as (select 1) select * from public.c", ["public.c: *"]],
    ["with recursive t as (select id from customers union select id from t) table t", ["public.customers: id"]],
    [
      "with gone as (delete from orders where total = 0 returning *) insert into customers (id) select id from gone",
      ["public.customers: id", "public.orders: customer_id id total"],
    ],
    [
      "select name from customers union all (select total::text from orders order by 1)",
      ["public.customers: name", "public.orders: total"],
    ],
    ["select sum(total) as name from orders group by customer_id order by name", ["public.orders: customer_id total"]],
    [
      "select max(total) over (partition by customer_id) from orders for update of orders",
      ["public.orders: customer_id total"],
    ],
    ["insert into customers values (1, 'a', 'b')", ["public.customers: email id name"]],
    [
      "insert into customers as c (id) values (1) on conflict (id) do update set name = excluded.email returning c.email",
      ["public.customers: email id name"],
    ],
    ["insert into orders (id) select id from customers", ["public.customers: id", "public.orders: id"]],
    ["update customers set name = 'x' where email = 'y'", ["public.customers: email name"]],
    [
      "update customers c set (name, email) = (select 'a', body from notes) from orders o where o.customer_id = c.id",
      ["public.customers: email id name", "public.notes: body", "public.orders: customer_id"],
    ],
    ["delete from customers", ["public.customers:"]],
    [
      "delete from customers using orders where customers.id = customer_id",
      ["public.customers: id", "public.orders: customer_id"],
    ],
    [
      "merge into customers c using orders o on c.id = o.customer_id when matched then update set name = o.total when not matched then insert (email) values (o.id)",
      ["public.customers: email id name", "public.orders: customer_id id total"],
    ],
    ["copy customers (name) to stdout", ["public.customers: name"]],
    ["copy customers from stdin", ["public.customers: email id name"]],
    ["copy (select name from customers) to stdout", ["public.customers: name"]],
    ["truncate customers, sales.deals", ["public.customers:", "sales.deals:"]],
    ["drop table customers", ["public.customers:"]],
    ["alter table customers drop column email", ["public.customers:"]],
    ["select q.b from customers as q(a, b, c)", ["public.customers: email id name"]],
    ["select b from customers as q(a, b, c)", ["public.customers: email id name"]],
    [
      "select q.b, total from customers as q(a, b), orders",
      ["public.customers: email id name", "public.orders: total"],
    ],
    [
      "select 1 from customers q join orders as o(x) on o.x = q.id",
      ["public.customers: id", "public.orders: customer_id id total"],
    ],
    ["comment on column customers.email is 'x'", ["public.customers: email"]],
    ["comment on column sales.deals.amount is 'x'", ["sales.deals: amount"]],
    ["comment on table sales.deals is 'x'", ["sales.deals:"]],
    ["comment on constraint k on sales.deals is 'x'", ["sales.deals:"]],
    ["drop policy p on customers", ["public.customers:"]],
    ["comment on function f(int) is 'x'", []],
    ["security label on table customers is 'x'", ["public.customers:"]],
    ["security label for p on column customers.email is 'x'", ["public.customers: email"]],
    ["explain analyze select name from customers", ["public.customers: name"]],
    ["declare c cursor for select name from customers", ["public.customers: name"]],
    ["create table copy_of as select name from customers", ["?.copy_of:", "public.customers: name"]],
    [
      "select 1; select name from customers; select total from orders",
      ["public.customers: name", "public.orders: total"],
    ],
    ["select name from customers tablesample system (1)", ["public.customers: name"]],
    ["select generate_series(1, id) from customers", ["public.customers: id"]],
    ["select * from unknown_one", ["?.unknown_one: *"]],
    ["select 1", []],
    ["begin", []],
  ])("%s", (text, expected) => {
    expect(touched(text)).toEqual(expected);
  });

  test("an unqualified name is of the user's schema first, then of public", () => {
    expect(touched("select * from notes", "ana")).toEqual(["ana.notes: body id"]);
    expect(touched("select * from notes", "bob")).toEqual(["public.notes: id text"]);
  });

  test("an unqualified name that may be a connected table's is taken for it, whatever stands in public", () => {
    const column = (schema: string, name: string, isConnected: boolean) => ({
      database: "shop",
      schema,
      table: schema === "a" || schema === "b" ? "orders" : "inv",
      column: name,
      connected: isConnected,
      tags: [{ key: "of", value: schema }],
    });
    const several = new Catalogue([
      column("a", "id", true),
      column("b", "id", false),
      column("b", "total", true),
      column("public", "id", false),
      column("sales", "id", true),
      column("sales", "cost", true),
    ]);
    const session = { database: "shop", user: "ana", catalogue: several };
    const found = (text: string) =>
      parser.touchedBy(text, session)?.map(({ schema, table, known, columns }) => ({
        name: `${schema ?? "?"}.${table}`,
        columns: [...columns].map((name) => `${name}: ${known?.columns.get(name)?.tags.map(({ value }) => value)}`),
        isConnected: known?.isConnected,
      }));
    expect(found("select id from orders")).toEqual([{ name: "?.orders", columns: ["id: a,b"], isConnected: true }]);
    expect(found("select * from inv")).toEqual([
      { name: "?.inv", columns: ["id: public,sales", "cost: sales"], isConnected: true },
    ]);
    expect(found("select id from public.inv")).toMatchObject([{ name: "public.inv", isConnected: false }]);
  });

  test("without a catalogue, names are as they are written", () => {
    const found = parser.touchedBy("select c.name, * from Shop.Customers c", {
      database: "shop",
      user: "bob",
      catalogue: undefined,
    });
    expect(found?.map(({ schema, table, columns }) => [schema, table, [...columns]])).toEqual([
      ["shop", "customers", ["name", "*"]],
    ]);
  });

  test("what cannot be parsed is told as such, and the parser goes on", () => {
    const deep = `select ${"(".repeat(50_000)}1${")".repeat(50_000)}`;
    for (const text of ["select * from", "selec 1", "select 'open", " ", `select '${"x".repeat(300_000)}'`, deep]) {
      expect(touched(text), text.slice(0, 20)).toBe(undefined);
      expect(touched("select name from customers")).toEqual(["public.customers: name"]);
    }
  });

  test("the type of a statement", () => {
    expect(
      ["select 1", "create table x as select 1", "update t set a = 1; select 1", "nonsense"].map((text) =>
        parser.typeOf(text),
      ),
    ).toEqual(["SELECT", "CREATE TABLE AS", "UPDATE", undefined]);
  });
});
