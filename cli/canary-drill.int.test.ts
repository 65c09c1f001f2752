import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closePools } from "@/lib/db/pools";
import { closePrisma } from "@/lib/db/prisma";
import { makeTenant, type Tenant } from "@/lib/testing/api";
import { type ApiProcess, startApiProcess } from "@/lib/testing/api-process";
import { canariesInFiles, canariesInTables, canaryIn, canaryQuery, makeCanary } from "@/lib/testing/canaries";
import { startTestCluster, type TestCluster } from "@/lib/testing/cluster";
import { useCluster } from "@/lib/testing/database";
import { commandRunner } from "@/lib/testing/terminal";
import { Affidavit } from "@/sdk/src/index";
import { main } from "./affidavit";

// The drill: statements with secrets go in by every way there is, and nothing of them may be anywhere afterwards.

let cluster: TestCluster;
let web: ApiProcess;
let tenant: Tenant;
let database: pg.Client;
const folder = mkdtempSync(path.join(tmpdir(), "afd-canary-"));
/** Everything that anybody was told, by the request or command that it answers. */
const said: [what: string, words: string][] = [];

beforeAll(async () => {
  cluster = await startTestCluster();
  await useCluster(cluster);
  web = await startApiProcess({ logLevel: "debug" });
  tenant = await makeTenant("Canaries");
  await Promise.all([closePools(), closePrisma()]);
  database = new pg.Client({ connectionString: cluster.url });
  await database.connect();
});
afterAll(async () => {
  await database.end();
  await web.close();
  await cluster.remove();
  rmSync(folder, { recursive: true });
});

let made = 0;
const queries = (count: number) => Array.from({ length: count }, () => canaryQuery(made++));
const linesOf = (events: readonly unknown[]) => events.map((event) => JSON.stringify(event)).join("\n");

interface Sent {
  type?: string;
  headers?: Record<string, string>;
  path?: string;
  key?: string;
}

/** One request; its answer is noted, with its headers. */
async function post(body: string | Uint8Array, sent: Sent = {}): Promise<number> {
  const { type = "application/json", headers = {}, path = "/v1/events", key = tenant.key } = sent;
  const response = await fetch(web.url + path, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": type, ...headers },
    body: body as BodyInit,
  });
  const text = await response.text();
  said.push([`POST ${path} → ${response.status}`, JSON.stringify([...response.headers]) + text]);
  return response.status;
}

async function get(address: string): Promise<string> {
  const response = await fetch(web.url + address, { headers: { authorization: `Bearer ${tenant.key}` } });
  const text = await response.text();
  said.push([`GET ${address} → ${response.status}`, JSON.stringify([...response.headers]) + text]);
  expect(response.status, text).toBe(200);
  return text;
}

const NDJSON = "application/x-ndjson";
const GZIP = { "content-encoding": "gzip" };
const runCommand = commandRunner(main, () => ({ url: web.url, key: tenant.key }));

/** A command; its words are noted. */
async function command(words: string, args: readonly string[], input?: string[]): Promise<number> {
  const { code, out, err } = await runCommand(words, args, input ? { input } : {});
  said.push([`affidavit ${words} → ${code}`, out + err]);
  return code;
}

function file(content: string | Uint8Array): string {
  const place = path.join(folder, randomUUID());
  writeFileSync(place, content);
  return place;
}

const spool = (name: string) => path.join(folder, name);
function connect(url: string, name?: string): Affidavit {
  const options = name && { spool: { folder: spool(name), onReport: () => {} } };
  return new Affidavit({ url, apiKey: tenant.key, timeoutMs: 5_000, ...(options || {}) });
}

/** What a search over today finds, page by page. */
async function everything(): Promise<string[]> {
  const from = new Date(Date.now() - 3_600_000).toISOString();
  const window = `kind=query&from=${from}&to=${new Date(Date.now() + 60_000).toISOString()}`;
  const pages: string[] = [];
  for (let cursor = ""; ; ) {
    const page = await get(`/v1/events/search?${window}&limit=200${cursor && `&cursor=${cursor}`}`);
    pages.push(page);
    cursor = JSON.parse(page).next_cursor ?? "";
    if (!cursor) break;
  }
  for (let cursor = ""; ; ) {
    const page = await get(`/v1/events?limit=1000${cursor && `&after=${cursor}`}`);
    const { events, next_cursor } = JSON.parse(page);
    if (events.length === 0) break;
    pages.push(page);
    cursor = next_cursor;
    for (const { id } of events.filter((_: unknown, index: number) => index % 20 === 0))
      pages.push(await get(`/v1/events/${id}`));
  }
  for (const address of ["facets?", "histogram?buckets=10&"]) pages.push(await get(`/v1/events/${address}${window}`));
  pages.push(await get(`/v1/exports/download?format=csv&${window}`));
  return pages;
}

describe("statements that are taken", () => {
  test("over HTTP, in every form of a body", async () => {
    for (const event of queries(60)) expect(await post(JSON.stringify(event))).toBe(201);
    expect(await post(JSON.stringify(queries(150)))).toBe(201);
    expect(await post(JSON.stringify({ events: queries(100) }))).toBe(201);
    expect(await post(linesOf(queries(100)), { type: NDJSON })).toBe(201);
    expect(await post(gzipSync(JSON.stringify(queries(100))), { headers: GZIP })).toBe(201);
    expect(await post(gzipSync(linesOf(queries(50))), { type: NDJSON, headers: GZIP })).toBe(201);
    // With ids and a key of the producer's own, which are remembered with a digest of the body, and sent twice.
    const own = JSON.stringify(queries(40).map((event) => ({ ...event, id: randomUUID() })));
    for (const _ of [1, 2]) expect(await post(own, { headers: { "idempotency-key": "canaries" } })).toBe(201);
    expect(await post(own)).toBe(201);
  });

  test("by `affidavit send`", async () => {
    expect(await command("send", [file(linesOf(queries(60)))])).toBe(0);
    expect(await command("send", [file(JSON.stringify(queries(40)))])).toBe(0);
    expect(await command("send", [file(gzipSync(linesOf(queries(50))))])).toBe(0);
    expect(await command("send", [], [linesOf(queries(50))])).toBe(0);
  });

  test("by the SDK, also from its spool", async () => {
    const client = connect(web.url);
    await client.record(queries(100));
    await client.close();
    const away = connect("http://127.0.0.1:1", "outage");
    expect(await away.record(queries(100))).toMatchObject([{ status: "spooled" }, ...Array(99).fill({})]);
    await away.close();
    expect(await canariesInFiles(spool("outage"))).toEqual({});
    const back = connect(web.url, "outage");
    await back.flush();
    await back.close();
    expect(made).toBe(1_000);
  });
});

/** A server's log in which statements, values and everything else that it may quote hold canaries. */
function postgresLog(count: number): string {
  const records = Array.from({ length: count }, (_, n) => {
    const { word, digits } = makeCanary();
    // Each ninth query is PostgreSQL's.
    const text = canaryQuery(9 * (2_000 + n)).query_text;
    const detail = `parameters: $1 = '${word}', $2 = '${digits}'`;
    const forms = [
      { message: `duration: 2.5 ms  statement: ${text}`, detail },
      { message: `duration: 0.3 ms  bind p: ${text}`, detail },
      { message: `duration: 0.3 ms  execute p: ${text}`, detail },
      { message: `AUDIT: SESSION,1,1,READ,SELECT,,,"${text.replaceAll('"', '""')}","${word},${digits}",7` },
      {
        error_severity: "ERROR",
        state_code: "23505",
        message: `duplicate key value violates unique constraint "${word}"`,
        detail: `Key (email)=(${word}) already exists.`,
        hint: word,
        context: `PL/pgSQL function f(${digits}) line 1`,
        internal_query: `select '${word}'`,
        statement: text,
      },
    ];
    return {
      timestamp: new Date(Date.now() - count + n).toISOString().replace("T", " ").replace("Z", " UTC"),
      user: "ana",
      dbname: "shop",
      pid: 7,
      session_id: "6b06a132.852",
      line_num: n + 1,
      error_severity: "LOG",
      application_name: "psql",
      backend_type: "client backend",
      ...forms[n % forms.length],
    };
  });
  return `${linesOf(records)}\n`;
}

describe("statements in a server's log", () => {
  test("by `affidavit import postgres-log`", async () => {
    expect(await command("import postgres-log", [file(postgresLog(100))])).toBe(0);
    expect(said.at(-1)?.[1]).toMatch(/[4-9]\d statements → /);
    const strange = file(`${postgresLog(3)}{"message": "duration: 1 ms  statement: select 'qzxjkvw`);
    await command("import postgres-log", [strange]);
  });

  test("by `affidavit collect postgres`, also where the server refuses it", async () => {
    const log = file(postgresLog(100));
    const places = mkdtempSync(path.join(folder, "collect-"));
    const args = ["--all", "--once", "--log-file", log, "--state", path.join(places, "state.json")];
    const refused = await runCommand("collect postgres", args, { key: "afd_live_wrong" });
    said.push(["affidavit collect postgres", refused.out + refused.err]);
    expect(refused.code).not.toBe(0);
    expect(await command("collect postgres", args)).toBe(0);
    expect(said.at(-1)?.[1]).toMatch(/[4-9]\d statements → /);
    expect(await canariesInFiles(places)).toEqual({});
  });
});

describe("statements that come to a dead end", () => {
  const [event, other] = [canaryQuery(1_001), canaryQuery(1_002)];
  const withOwnId = { ...event, id: randomUUID() };

  test.each<[string, number, unknown, Sent]>([
    ["another field is no field", 422, { ...event, nonsense: 1 }, {}],
    ["another field has a wrong value", 422, [event, { ...other, rows_accessed: -1, execution_status: "fine" }], {}],
    ["the statement is no text", 422, { ...event, query_text: [event] }, {}],
    ["the statement is sent under another kind", 422, { ...event, kind: "call" }, {}],
    ["the kind is unknown", 422, { ...event, kind: "statement" }, {}],
    ["the message is too long", 422, { ...event, error_message: JSON.stringify(event).repeat(100) }, {}],
    ["the time is none", 422, { ...event, completed_at: JSON.stringify(event) }, {}],
    ["the id is none", 422, { ...event, id: JSON.stringify(event) }, {}],
    ["the app is another", 422, { ...event, app_id: JSON.stringify(event) }, {}],
    ["a batch has something beside it", 422, { events: [event], note: 1 }, {}],
    ["an event is too long", 413, { ...event, query_text: "x".repeat(300_000) + JSON.stringify(event) }, {}],
    ["a body is too long", 413, Array(6_000).fill(event), {}],
    ["there are too many events", 413, Array(1_001).fill({ kind: "query", query_text: "select 'qzxjkvw'" }), {}],
    ["the type is not taken", 415, event, { type: "text/plain" }],
    ["the key is wrong", 401, event, { key: "afd_live_wrong" }],
    ["the address is wrong", 404, event, { path: "/v1/event" }],
    ["the body is no gzip", 400, event, { headers: GZIP }],
  ])("%s", async (_, status, body, sent) => {
    expect(await post(JSON.stringify(body), sent)).toBe(status);
  });

  test.each([
    ["ends early", (json: string) => json.slice(0, -2)],
    ["has a statement where a name belongs", (json: string) => json.replace('"query_text":', "")],
    ["has a statement where a value belongs", (json: string) => json.replace(/"query_text":"/, '"query_text":')],
    ["has a wrong escape", (json: string) => json.replace("select", "\\select")],
  ])("JSON that %s", async (_, damage) => {
    expect(await post(damage(JSON.stringify(event)))).toBe(400);
    expect(await post(damage(JSON.stringify(event)), { type: NDJSON })).toBe(400);
  });

  test("half a surrogate pair, a name twice, bytes that are no UTF-8", async () => {
    const json = JSON.stringify(event);
    expect(await post(json.replace("select", "select \\ud800"))).toBe(422);
    expect(await post(json.replace("{", '{"query_text":"select 1",'))).toBe(422);
    expect(await post(Buffer.from(json.replace("select", "sélect"), "latin1"))).toBe(400);
  });

  test("an id, and a key, that stand for another body", async () => {
    expect(await post(JSON.stringify(withOwnId))).toBe(201);
    expect(await post(JSON.stringify({ ...withOwnId, query_text: "select 'qzxjkvw'" }))).toBe(409);
    expect(await post(JSON.stringify([withOwnId, { ...withOwnId, query_text: "select 'qzxjkvw'" }]))).toBe(409);
    expect(await post(JSON.stringify(other), { headers: { "idempotency-key": "canaries" } })).toBe(409);
  });

  test("refused to the command line and to the SDK", async () => {
    expect(await command("send", [file(linesOf([event, { ...other, rows_accessed: -1 }]))])).not.toBe(0);
    expect(await command("send", [file(`${JSON.stringify(event)}\n{"query_text": "select 'qzxjkvw'`)])).not.toBe(0);
    const client = connect(web.url);
    const wrong = client.record({ ...canaryQuery(1), rows_accessed: -1 });
    await wrong.catch((error: Error) => said.push(["SDK", `${error.message} ${JSON.stringify(error)}`]));
    await expect(wrong).rejects.toMatchObject({ status: 422 });
    await client.close();
    const away = connect("http://127.0.0.1:1", "refused");
    await away.record({ ...canaryQuery(2), rows_accessed: -1 });
    await away.close();
    const back = connect(web.url, "refused");
    await back.flush();
    await back.close();
    expect(await canariesInFiles(spool("refused"))).toEqual({});
  });

  test("the database fails in the middle", async () => {
    await database.query("alter table audit.event rename to event_away");
    expect(await post(JSON.stringify(queries(3)))).toBeGreaterThanOrEqual(500);
    await database.query("alter table audit.event_away rename to event");
    await database.query("alter table audit.event add constraint full_disk check (false) not valid");
    expect(await post(JSON.stringify(queries(3)))).toBeGreaterThanOrEqual(422);
    await database.query("alter table audit.event drop constraint full_disk");
  });
});

describe("afterwards nothing of them is", { timeout: 180_000 }, () => {
  test("in anything that the API answers", async () => {
    const pages = await everything();
    expect(JSON.parse(pages[0] ?? "").events).toHaveLength(200);
    expect(pages.join("").match(/'literal_string'/g)?.length).toBeGreaterThan(1_000);
    expect(said.length).toBeGreaterThan(150);
    const hits = said.map(([what, words]) => [what, canaryIn(words)]).filter(([, canary]) => canary !== undefined);
    expect(hits).toEqual([]);
  });

  test("in the product's log", () => {
    expect(web.logged()).toContain("request failed");
    expect(canaryIn(web.logged())).toBeUndefined();
  });

  test("in the tables, the data folder, the WAL and PostgreSQL's log", async () => {
    expect(await canariesInTables(database)).toEqual({});
    expect(await canariesInFiles(cluster.folder)).toEqual({});
    await database.query("checkpoint");
    await database.query("select pg_switch_wal()");
    expect(await canariesInFiles(cluster.folder)).toEqual({});
  });
});

test("one that is not taken out is found in all of these places", { timeout: 180_000 }, async () => {
  const { word, digits } = makeCanary();
  const planted = { kind: "call", outcome: "success", reason: `${word} ${digits}` };
  expect(await post(JSON.stringify(planted))).toBe(201);
  expect(canaryIn(await get("/v1/events?limit=1000&kind=call"))).toBe(word);
  expect(Object.keys(await canariesInTables(database))).toEqual([expect.stringMatching(/^audit\.event/)]);
  await database.query("do $$ begin raise warning '%', $1; end $$".replace("$1", `'${digits}'`));
  expect(Object.keys(await canariesInFiles(cluster.folder))).toEqual(
    expect.arrayContaining([expect.stringMatching(/pg_wal\//), expect.stringMatching(/log$/)]),
  );
  await database.query("checkpoint");
  expect(Object.keys(await canariesInFiles(cluster.folder))).toEqual(
    expect.arrayContaining([expect.stringMatching(/base\/\d+\/\d+$/)]),
  );
});
