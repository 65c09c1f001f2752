import { createHash } from "node:crypto";
import { once } from "node:events";
import http from "node:http";
import { connect } from "node:net";
import { text as textOf } from "node:stream/consumers";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findKeySubject } from "@/lib/access/api-key";
import { grant } from "@/lib/access/door";
import type { Granted } from "@/lib/access/granted";
import { copyPool } from "@/lib/db/pools";
import { term } from "@/lib/terms/terms";
import { ask, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { fillLog } from "@/lib/testing/fill-log";
import { openPast, type Past, type PastLog } from "@/lib/testing/past";
import { decodeCsv } from "@/sdk/src/csv";
import { DOWNLOAD_LIMITS, downloadCsv } from "./download";

/** The real cap, with 100,000 rows and one more, over real HTTP. */
const DAY_MS = 86_400_000;
const window = () =>
  new URLSearchParams({
    kind: "call",
    from: new Date(Date.now() - DAY_MS).toISOString(),
    to: new Date(Date.now() + DAY_MS).toISOString(),
  });

let api: TestApi;
let past: Past;
let tenant: Tenant;
let log: PastLog;
let other: PastLog;
let ctx: Granted<"exports:create">;

async function logOf(client: pg.Client, appId: string): Promise<PastLog> {
  const { rows } = await client.query<{ id: number }>("select id from audit.log where app_id = $1", [appId]);
  return { id: Number(rows[0]?.id), appId };
}

beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
  tenant = await makeTenant("Large");
  past = await openPast();
  log = await logOf(past.client, tenant.appId);
  other = await logOf(past.client, tenant.otherAppId);
  ctx = grant(await findKeySubject(tenant.key, { clientIp: "", userAgent: "" }), "exports:create");
  await fillLog(past.client, log, DOWNLOAD_LIMITS.rowsMax, { terms: [term(log.id, "provider_id", "google")] });
  await past.client.query("analyze audit.event");
}, 120_000);
afterAll(async () => {
  await Promise.all([api.close(), past.close()]);
});

const pathOf = (more: Record<string, string> = {}) =>
  `/v1/exports/download?${new URLSearchParams([...window(), ...Object.entries(more)])}`;
const auth = () => ({ authorization: `Bearer ${tenant.key}` });

/** The answer's head, with the body still to be read. */
async function begin(path: string, init: http.RequestOptions = {}): Promise<http.IncomingMessage> {
  // A connection of its own: reading 100,000 rows takes longer than the server keeps one that nobody uses.
  const request = http.get(api.url + path, { headers: auth(), agent: false, ...init });
  const [response] = (await once(request, "response")) as [http.IncomingMessage];
  // A reset connection fails the response, and once more the request.
  request.on("error", () => {});
  return response;
}

interface Downloaded {
  headers: http.IncomingHttpHeaders;
  trailers: NodeJS.Dict<string>;
  csv: string;
}

async function download(more?: Record<string, string>): Promise<Downloaded> {
  const response = await begin(pathOf(more));
  expect(response.statusCode).toBe(200);
  const csv = await textOf(response);
  return { headers: response.headers, trailers: response.trailers, csv };
}

const said = ({ headers }: Pick<Downloaded, "headers">) => [
  headers["x-affidavit-rows"],
  headers["x-affidavit-truncated"],
  /-truncated\.csv"$/.test(headers["content-disposition"] ?? ""),
];
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** No connection is taken or waited for. */
const freeConnections = () => copyPool().idleCount === copyPool().totalCount && copyPool().waitingCount === 0;

describe("exactly 100,000 rows", () => {
  test("are not truncated, with and without a filter", async () => {
    for (const filter of [undefined, { provider_id: "Google" }]) {
      const answer = await download(filter);
      expect(said(answer)).toEqual(["100000", "false", false]);
      const rows = decodeCsv(answer.csv);
      expect(rows.map((row) => row.seq)).toEqual(Array.from(rows, (_, index) => 99_999 - index));
      expect(rows).toHaveLength(100_000);
      expect(answer.trailers["x-affidavit-sha256"]).toBe(sha256(answer.csv));
      expect(answer.headers["x-affidavit-filter"]).toBe(filter ? "provider_id=Google" : "");
    }
  });

  test("and one that only its hash makes match: it is neither counted nor written", async () => {
    // What a collision of 64 bits would be: the index says provider_id=google, the document says otherwise.
    await past.client.query(
      `update audit.event set detail = '{"provider_id":"impostor"}' where log_id = $1 and seq = 50000 and created_at > now() - interval '1 day'`,
      [log.id],
    );
    const answer = await download({ provider_id: "google" });
    expect(said(answer)).toEqual(["99999", "false", false]);
    expect(answer.csv).not.toContain("impostor");
    expect(decodeCsv(answer.csv)).toHaveLength(99_999);
    expect(said(await download())).toEqual(["100000", "false", false]);
  });
});

describe("100,001 rows", () => {
  beforeAll(() => fillLog(past.client, log, 1, { terms: [term(log.id, "provider_id", "google")] }));

  test("are truncated to the newest, and say so in the headers and the file's name", async () => {
    const answer = await download();
    expect(said(answer)).toEqual(["100000", "true", true]);
    const rows = decodeCsv(answer.csv);
    expect([rows.length, rows[0]?.seq, rows.at(-1)?.seq]).toEqual([100_000, 100_000, 1]);
    expect(answer.trailers["x-affidavit-sha256"]).toBe(sha256(answer.csv));
  });

  test("of which one matches by its hash only are 100,000, and whole", async () => {
    expect(said(await download({ provider_id: "google" }))).toEqual(["100000", "false", false]);
  });

  test("over two logs are cut together, the newest of both kept", async () => {
    await fillLog(past.client, other, 10);
    const answer = await download({ app_id: "all" });
    expect(said(answer)).toEqual(["100000", "true", true]);
    expect(answer.headers["x-affidavit-app"]).toBe("all");
    const rows = decodeCsv(answer.csv);
    expect(rows).toHaveLength(100_000);
    expect(rows.slice(0, 10).map((row) => row.app_id)).toEqual(Array.from({ length: 10 }, () => tenant.otherAppId));
    expect(rows.at(-1)?.seq).toBe(11);
  });
});

describe("a client", () => {
  test("over HTTP/1.0, as nginx speaks unless told otherwise, gets the file without a trailer", async () => {
    const { hostname, port } = new URL(api.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      `GET ${pathOf({ app_id: other.appId })} HTTP/1.0\r\nHost: ${hostname}\r\nAuthorization: Bearer ${tenant.key}\r\n\r\n`,
    );
    const [head = "", ...body] = (await textOf(socket)).split("\r\n\r\n");
    expect(head).toContain("200 OK");
    expect(head.toLowerCase()).not.toMatch(/trailer|chunked/);
    expect(decodeCsv(body.join("\r\n\r\n"))).toHaveLength(10);
  });

  test("that asks with HEAD gets the manifest alone", async () => {
    const response = await begin(pathOf({ app_id: other.appId }), { method: "HEAD" });
    expect(said({ headers: response.headers })).toEqual(["10", "false", false]);
    expect(await textOf(response)).toBe("");
  });

  test("that knows no trailers, such as fetch, gets the same file", async () => {
    const { csv } = await download({ app_id: other.appId });
    const answer = await fetch(api.url + pathOf({ app_id: other.appId }), { headers: auth() });
    expect(await answer.text()).toBe(csv);
  });

  test("that has enough of them under way waits, and nobody else does", async () => {
    const others = await makeTenant("Others");
    const open = await Promise.all([begin(pathOf()), begin(pathOf()), begin(pathOf())]);
    const refused = await ask(api, tenant.key, pathOf());
    expect([refused.status, refused.body.code, refused.headers.get("retry-after")]).toEqual([503, "unavailable", "5"]);
    expect((await ask(api, others.key, pathOf())).status).toBe(200);
    for (const response of open) response.destroy();
    await expect.poll(async () => (await ask(api, tenant.key, pathOf({ app_id: other.appId }))).status).toBe(200);
  });

  test("that takes its time holds no connection to the database", async () => {
    const response = await begin(pathOf());
    // More than fits into the buffers between, so in the end the server only waits for the client: free, and stays so.
    let streak = 0;
    const isSettled = () => {
      streak = freeConnections() ? streak + 1 : 0;
      return streak >= 50;
    };
    await expect.poll(isSettled, { interval: 10, timeout: 20_000 }).toBe(true);
    expect(decodeCsv(await textOf(response))).toHaveLength(100_000);
  });

  test("that goes away frees what it held, and the server goes on", async () => {
    const response = await begin(pathOf());
    response.destroy();
    await expect.poll(freeConnections, { timeout: 20_000 }).toBe(true);
    expect(said(await download({ app_id: other.appId }))).toEqual(["10", "false", false]);
  });

  test("is not left with a part that looks whole when rows go while they are sent", async () => {
    const response = await begin(pathOf());
    await past.client.query(
      "delete from audit.event where log_id = $1 and seq = 5 and created_at > now() - interval '1 day'",
      [log.id],
    );
    await expect(textOf(response)).rejects.toThrow(/aborted|ECONNRESET|terminated/);
    expect(response.complete).toBe(false);
  });
});

const COPIES = `select pid from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid() and query like 'copy %' and state = 'active'`;
const copies = async () => (await past.client.query<{ pid: number }>(COPIES)).rows.map((row) => row.pid);

test("giving up in the middle of a COPY stops it", async () => {
  const limits = { rowsMax: 100_000, chunkRowsMax: 100_000, chunkBytesMax: Number.POSITIVE_INFINITY };
  const stop = new AbortController();
  const asked = {
    appIds: [tenant.appId],
    kind: "call",
    filter: [],
    fromMicros: (Date.now() - DAY_MS) * 1_000,
    toMicros: (Date.now() + DAY_MS) * 1_000,
    limits,
    signal: stop.signal,
  };
  const { body } = await downloadCsv(ctx, asked);
  await body.next();
  const rows = body.next();
  const failed = expect(rows).rejects.toThrow("enough");
  await expect.poll(copies, { interval: 1 }).toHaveLength(1);
  stop.abort(new Error("enough"));
  await failed;
  await expect.poll(copies).toEqual([]);
  await expect.poll(freeConnections).toBe(true);
});
