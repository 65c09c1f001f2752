import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";

let api: TestApi;
let tenant: Tenant;
beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
  tenant = await makeTenant("Catalogue");
});
afterAll(() => api.close());

async function connect(): Promise<string> {
  const body = { name: randomUUID(), app_id: tenant.appId, type: "mysql" };
  return (await ask(api, tenant.key, "/v1/data-sources", { body })).body.id;
}
const put = (id: string, columns: unknown[]) =>
  ask(api, tenant.key, `/v1/data-sources/${id}/catalogue`, { method: "PUT", body: { columns } });
const get = (id: string, query = "") => ask(api, tenant.key, `/v1/data-sources/${id}/catalogue${query}`);
const column = (name: string, more: object = {}) => ({
  database: "shop",
  schema: "public",
  table: "people",
  column: name,
  data_type: "text",
  connected: true,
  tags: [],
  ...more,
});

describe("PUT", () => {
  test("replaces the whole catalogue, and says what was new and what is gone", async () => {
    const id = await connect();
    const tagged = column("email", { connected: false, tags: [{ key: "sensitivity", value: "personal" }] });
    expect((await put(id, [tagged, column("name")])).body).toEqual({ columns: 2, added: 2, removed: 0 });
    expect((await get(id)).body).toEqual({ columns: [tagged, column("name")], next_cursor: null });
    expect((await put(id, [column("email"), column("age")])).body).toEqual({ columns: 2, added: 1, removed: 1 });
    expect((await get(id)).body.columns).toEqual([column("age"), column("email")]);
    expect((await put(id, [])).body).toEqual({ columns: 0, added: 0, removed: 2 });
  });

  test("fills in what is left out", async () => {
    const id = await connect();
    await put(id, [{ database: "d", schema: "s", table: "t", column: "c" }]);
    expect((await get(id)).body.columns).toEqual([
      { database: "d", schema: "s", table: "t", column: "c", data_type: "", connected: true, tags: [] },
    ]);
  });

  test.each([
    ["a column twice", [column("a"), column("b"), column("a")], "/columns/2"],
    [
      "a tag's key twice",
      [
        column("a", {
          tags: [
            { key: "k", value: "1" },
            { key: "k", value: "2" },
          ],
        }),
      ],
      "/columns/0/tags",
    ],
    ["an empty name", [column("")], "/columns/0/column"],
    ["U+0000", [column("a\0")], "/columns/0/column"],
    [
      "names that no index holds",
      [column("ü".repeat(255), { table: "ü".repeat(255), schema: "ü".repeat(255), database: "ü".repeat(255) })],
      "/columns/0",
    ],
    ["an unknown member", [column("a", { extra: 1 })], "/columns/0/extra"],
  ])("refuses %s and changes nothing", async (_what, columns, pointer) => {
    const id = await connect();
    await put(id, [column("kept")]);
    const { status, body } = await put(id, columns);
    expect(status).toBe(422);
    expect(body.errors[0].pointer).toBe(pointer);
    expect((await get(id)).body.columns).toEqual([column("kept")]);
  });

  test("tells the first 20 faults, each at its column", async () => {
    const columns = [column("kept"), ...Array.from({ length: 25 }, () => column("", { connected: 1 }))];
    const { status, body } = await put(await connect(), columns);
    expect(status).toBe(422);
    expect(body.errors).toHaveLength(20);
    expect(body.errors.slice(1, 3)).toEqual([
      { pointer: "/columns/1/connected", message: "must be true or false, not a number" },
      { pointer: "/columns/2/column", message: "must not be empty" },
    ]);
    expect((await put(await connect(), [1])).body.errors).toEqual([
      { pointer: "/columns/0", message: "must be an object, not a number" },
    ]);
  });

  test("keeps names as they are: quotes, dots, letters of every script, case", async () => {
    const id = await connect();
    const names = ['a"b', "a.b", "Ä", "ä", "表", "%_\\", "'; drop table x; --", "\u202e"];
    await put(
      id,
      names.map((name) => column(name)),
    );
    const found = (await get(id)).body.columns.map((one: { column: string }) => one.column);
    expect(found.sort()).toEqual([...names].sort());
  });

  test("takes 100,000 columns, and no more", async () => {
    const id = await connect();
    const columns = Array.from({ length: 100_000 }, (_, n) => column(`c${n}`, { table: `table ${n % 1_000}` }));
    expect((await put(id, columns)).body).toEqual({ columns: 100_000, added: 100_000, removed: 0 });
    expect((await put(id, columns)).body).toEqual({ columns: 100_000, added: 0, removed: 0 });
    const { status, body } = await put(id, [...columns, column("one too many")]);
    expect(status).toBe(422);
    expect(body.errors[0].message).toContain("100,000");
    let seen = 0;
    for (let cursor: string | null = ""; cursor !== null; ) {
      const page: { columns: unknown[]; next_cursor: string | null } = (await get(id, cursor && `?cursor=${cursor}`))
        .body;
      seen += page.columns.length;
      cursor = page.next_cursor;
    }
    expect(seen).toBe(100_000);
  }, 60_000);
});

describe("GET", () => {
  test("pages without loss or repetition, whatever the size", async () => {
    const id = await connect();
    const names = Array.from({ length: 23 }, (_, n) => `c${String(n).padStart(2, "0")}`);
    await put(
      id,
      names.map((name) => column(name)),
    );
    for (const limit of [1, 5, 22, 23, 24]) {
      const found: string[] = [];
      for (let cursor: string | null = ""; cursor !== null; ) {
        const { body } = await get(id, `?limit=${limit}${cursor && `&cursor=${cursor}`}`);
        found.push(...body.columns.map((one: { column: string }) => one.column));
        cursor = body.next_cursor;
      }
      expect(found, `limit ${limit}`).toEqual(names);
    }
  });

  test("searches in all names, literally and in any case", async () => {
    const id = await connect();
    await put(id, [column("email"), column("50%_off"), column("x", { table: "Orders" })]);
    const search = async (text: string) =>
      (await get(id, `?search=${encodeURIComponent(text)}`)).body.columns.map((one: { column: string }) => one.column);
    expect(await search("EMAIL")).toEqual(["email"]);
    expect(await search("%_")).toEqual(["50%_off"]);
    expect(await search("public.orders")).toEqual(["x"]);
    expect(await search("nothing")).toEqual([]);
  });

  test.each([
    "x",
    "W10",
    Buffer.from('["a","b","c"]').toString("base64url"),
    Buffer.from('["a","b","c","\\u0000"]').toString("base64url"),
  ])("answers 400 to the cursor %s", async (cursor) => {
    const { status, body } = await get(await connect(), `?cursor=${cursor}`);
    expect([status, body.code]).toEqual([400, "invalid_cursor"]);
  });
});

describe("PATCH", () => {
  const patch = (id: string, change: object) =>
    ask(api, tenant.key, `/v1/data-sources/${id}/catalogue`, {
      method: "PATCH",
      body: { database: "shop", schema: "public", table: "people", ...change },
    });

  test("tags one column, replaces a tag of the same key and takes it off again", async () => {
    const id = await connect();
    await put(id, [column("a"), column("b")]);
    const tagsOf = async () => (await get(id)).body.columns.map((one: { tags: unknown }) => one.tags);
    await patch(id, { column: "a", tag: { key: "k", value: "1" } });
    await patch(id, { column: "a", tag: { key: "l", value: "1" } });
    expect((await patch(id, { column: "a", tag: { key: "k", value: "2" } })).body).toEqual({ columns: 1 });
    expect(await tagsOf()).toEqual([
      [
        { key: "l", value: "1" },
        { key: "k", value: "2" },
      ],
      [],
    ]);
    await patch(id, { column: "a", untag: "l" });
    expect(await tagsOf()).toEqual([[{ key: "k", value: "2" }], []]);
  });

  test("connects and disconnects a whole table, and no other", async () => {
    const id = await connect();
    await put(id, [column("a"), column("b"), column("c", { table: "other" })]);
    expect((await patch(id, { connected: false })).body).toEqual({ columns: 2 });
    const flags = (await get(id)).body.columns.map((one: { connected: boolean }) => one.connected);
    expect(flags).toEqual([true, false, false]);
  });

  test("knows its limits: columns that are not there, and more tags than a column holds", async () => {
    const id = await connect();
    const tags = Array.from({ length: 32 }, (_, n) => ({ key: `k${n}`, value: "v" }));
    await put(id, [column("a", { tags })]);
    expect((await patch(id, { column: "nothing", connected: true })).status).toBe(404);
    expect((await patch(id, { column: "a", tag: { key: "one more", value: "v" } })).status).toBe(422);
    expect((await get(id)).body.columns[0].tags).toEqual(tags);
  });
});
