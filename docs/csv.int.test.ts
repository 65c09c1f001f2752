import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";

/** Every sample of docs/csv.md, one after the other as a reader would. */
const root = fileURLToPath(new URL("..", import.meta.url));
const page = readFileSync(path.join(root, "docs/csv.md"), "utf8");
const samples = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(([, text = ""]) => text);
const folder = mkdtempSync(path.join(tmpdir(), "afd-csv-"));
const data = path.join(folder, "data");

let api: TestApi;
let tenant: Tenant;
beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
  tenant = await makeTenant("Samples");
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await api.close();
});

const run = (program: string, args: string[]) => execFileSync(program, args, { cwd: folder, encoding: "utf8" });
/** Not in this process's time, which is also the server's. */
const shell = (script: string) => promisify(execFile)("bash", ["-c", script], { cwd: folder });

test("the samples download, check and read a file", async () => {
  const event = (hour: number, context: unknown) => ({
    kind: "call",
    outcome: "policy_denial",
    occurred_at: new Date(Date.now() - hour * 3_600_000).toISOString(),
    reason: "=1+1",
    context,
  });
  const body = [event(2, { ticket: "OPS-12" }), event(1, { note: '"quoted",\nand broken' })];
  expect((await ask(api, tenant.key, "/v1/events", { body })).status).toBe(201);
  const [curl = "", check = "", ...others] = samples("sh");
  expect(others).toEqual([]);
  mkdirSync(data);
  writeFileSync(path.join(data, "demo-credentials.json"), JSON.stringify({ url: api.url, api_key: tenant.key }));
  await shell(curl);
  const [sum, trailer] = run("bash", ["-c", check]).split("\n");
  expect(trailer?.trim()).toBe(`x-affidavit-sha256: ${sum?.split(" ")[0]}`);

  const [typescript = "", ...more] = samples("ts");
  expect(more).toEqual([]);
  writeFileSync(
    path.join(folder, "read.mts"),
    typescript.replace('"@affidavit/sdk"', JSON.stringify(path.join(root, "sdk/src/csv.ts"))),
  );
  const inNode = run(process.execPath, ["--import", path.join(root, "node_modules/tsx/dist/loader.mjs"), "read.mts"]);
  expect(inNode.split("\n").slice(0, 2)).toEqual([
    `1 policy_denial { note: '"quoted",\\nand broken' }`,
    "0 policy_denial { ticket: 'OPS-12' }",
  ]);

  const [python = "", ...rest] = samples("python");
  expect(rest).toEqual([]);
  writeFileSync(path.join(folder, "read.py"), python);
  expect(run("python3", ["read.py"]).split("\n").slice(0, 2)).toEqual([
    `1 policy_denial {'note': '"quoted",\\nand broken'}`,
    "0 policy_denial {'ticket': 'OPS-12'}",
  ]);
});

test("the Python reader takes the JSON of every kind", async () => {
  const body = [
    { kind: "query", query_text: "select 1", objects_accessed: [{ table: "customers" }], rows_accessed: 1 },
    { kind: "custom", event_type: "LOGIN", content_type: "application/json", event_details: { user: "ana" } },
  ];
  expect((await ask(api, tenant.key, "/v1/events", { body })).status).toBe(201);
  const act = { kind: "system", category: "locks", action: "remove", event: "lock.removed", source_system: "engine" };
  const changes = [{ field: "columns", old: [], new: ["email"] }];
  expect((await ask(api, tenant.key, "/v1/events", { body: [{ ...act, changes }] })).status).toBe(201);
  const [python = ""] = samples("python");
  writeFileSync(path.join(folder, "kinds.py"), python.replace(/print\(.*\)/, "print(json.dumps(row))"));
  const window = `from=2020-01-01T00:00:00Z&to=${new Date(Date.now() + 60_000).toISOString()}`;
  for (const [kind, wanted] of [
    ["query", { objects_accessed: [expect.objectContaining({ table: "customers" })], rows_accessed: 1 }],
    ["custom", { event_details: { user: "ana" }, seq: expect.any(Number) }],
    ["system", { event: "lock.removed", changes }],
  ] as const) {
    const response = await fetch(`${api.url}/v1/exports/download?format=csv&kind=${kind}&${window}`, {
      headers: { Authorization: `Bearer ${tenant.key}` },
    });
    writeFileSync(path.join(data, "last-day.csv"), await response.text());
    const rows = run("python3", ["kinds.py"]).trim().split("\n");
    expect(rows.map((line) => JSON.parse(line) as unknown)).toContainEqual(expect.objectContaining(wanted));
  }
});
