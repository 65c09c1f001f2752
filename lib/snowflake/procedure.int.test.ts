import { execFile } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { procedureCode } from "./procedure";

let api: TestApi;
let tenant: Tenant;
beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
  tenant = await makeTenant("Procedure");
});
afterAll(() => api.close());

/** Stands for what Snowflake gives a procedure: its session, and its module of secrets. */
const HARNESS = `
import json, sys, types
given = json.load(sys.stdin)
snowflake = types.ModuleType("_snowflake")
snowflake.get_generic_secret_string = lambda name: given["secrets"][name]
sys.modules["_snowflake"] = snowflake
scope = {"__name__": "procedure"}
exec(given["code"], scope)
scope["time"].sleep = lambda seconds: print("waited", file=sys.stderr)

class Session:
    def sql(self, query):
        assert query == given["query"], query
        return self
    def collect(self):
        return [{"record": record} for record in given["records"]]

print(json.dumps(scope["send_logins"](Session())))
`;
const QUERY = 'SELECT "record"\nFROM "logins"';

async function run(url: string, records: string[], key = tenant.key) {
  const code = procedureCode({ url, query: QUERY });
  const running = promisify(execFile)("python3", ["-c", HARNESS]);
  running.child.stdin?.end(JSON.stringify({ code, query: QUERY, records, secrets: { api_key: key } }));
  const { stdout, stderr } = await running;
  return { answer: JSON.parse(stdout), stderr };
}

const login = (user: string, padding = 0) =>
  JSON.stringify({
    event_type: "LOGIN",
    content_type: "application/json",
    event_time: null,
    event_details: { user_name: user, error_code: null, ...(padding && { padding: "é".repeat(padding) }) },
  });
const endpoint = () => `${api.url}/v1/custom-events?data_source_id=sf`;
const head = async (): Promise<number> => (await ask(api, tenant.key, "/v1/events?limit=1")).body.head_seq;

test("delivers the records in order, split by bytes and by count, and a second run stores nothing twice", async () => {
  const before = await head();
  const records = [
    ...Array.from({ length: 5 }, (_, index) => login(`big-${index}`, 60_000)),
    ...Array.from({ length: 1_001 }, (_, index) => login(`user-${index}`)),
  ];
  const first = await run(endpoint(), records);
  expect(first.answer).toEqual({ records: 1_006, submissions: 4 });
  expect(await head()).toBe(before + 1_006);
  expect((await run(endpoint(), records)).answer).toEqual(first.answer);
  expect(await head()).toBe(before + 1_006);
  const { body } = await ask(api, tenant.key, "/v1/events?kind=custom&data_source_id=sf&limit=7");
  expect(body.events.map((row: { event_details: { user_name: string } }) => row.event_details.user_name)).toEqual([
    ...[0, 1, 2, 3, 4].map((index) => `big-${index}`),
    "user-0",
    "user-1",
  ]);
});

test("an hour without logins sends nothing", async () => {
  expect((await run(endpoint(), [])).answer).toEqual({ records: 0, submissions: 0 });
});

test("fails with what the server says where a record is refused, and where the key is wrong", async () => {
  await expect(run(endpoint(), [login("ANA"), '{"event_type":"A"}'])).rejects.toThrow(/answered 422: .*is required/);
  await expect(run(endpoint(), [login("ANA")], "afd_live_no_key")).rejects.toThrow(/answered 401/);
});

test("sends again what was answered 503 or 429", async () => {
  const statuses = [503, 429];
  const gate: Server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const status = statuses.shift();
    if (status !== undefined) return response.writeHead(status).end();
    const answer = await ask(api, tenant.key, "/v1/custom-events", { body: new Uint8Array(Buffer.concat(chunks)) });
    return response.writeHead(answer.status).end();
  });
  await new Promise<void>((resolve) => gate.listen(0, "127.0.0.1", resolve));
  try {
    const before = await head();
    const { port } = gate.address() as AddressInfo;
    const { answer, stderr } = await run(`http://127.0.0.1:${port}/`, [login("ANA")]);
    expect([answer.submissions, stderr.match(/waited/g)?.length]).toEqual([1, 2]);
    expect(await head()).toBe(before + 1);
  } finally {
    gate.close();
  }
});
