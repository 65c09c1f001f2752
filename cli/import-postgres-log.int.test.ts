import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { ROOT } from "@/lib/testing/program";
import { commandRunner } from "@/lib/testing/terminal";
import { main } from "./affidavit";

let api: TestApi;
let tenant: Tenant;
const folder = mkdtempSync(path.join(tmpdir(), "affidavit-postgres-log-"));
beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
  tenant = await makeTenant("Postgres log");
});
afterAll(async () => {
  await api.close();
  rmSync(folder, { recursive: true });
});

const run = commandRunner(main, () => ({ url: api.url, key: tenant.key }));
const fixture = (name: string) => path.join(ROOT, "cli/fixtures", name);
const JSON_LOG = fixture("postgres-15-pgaudit.jsonlog");

test("every statement of a log becomes one row, in either format, however often and in whatever order of files", async () => {
  const text = readFileSync(JSON_LOG, "utf8");
  const lines = text.split("\n");
  const [first, second] = [path.join(folder, "first.json"), path.join(folder, "second.json.gz")];
  writeFileSync(first, lines.slice(0, 30).join("\n"));
  writeFileSync(second, gzipSync(lines.slice(30).join("\n")));
  // 24: counted in the file, by hand: durations of statements and executions, and errors.
  const once = await run("import postgres-log", [second, first]);
  expect(once).toMatchObject({ code: 0, err: "" });
  expect(once.out).toContain("24 statements → 24 created, 0 duplicate, 0 refused");
  expect(once.out).toContain("Read 69 log records.");
  expect(once.out).toContain(`${api.url}/logs/query?app=${tenant.appId}&from=2026-11-25T08%3A49%3A54.000Z`);
  for (const args of [[JSON_LOG], [fixture("postgres-15-pgaudit.csvlog")]])
    expect((await run("import postgres-log", args)).out).toContain("24 statements → 0 created, 24 duplicate");
  const told = (await run("tail", ["--json"])).out.trim().split("\n");
  const rows = told.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(rows).toHaveLength(24);
  expect(JSON.stringify(rows)).not.toContain("canary");
  expect(rows.find(({ query_type }) => query_type === "UPDATE")).toMatchObject({
    kind: "query",
    query_id: "6b06a132.852.21",
    username: "postgres",
    client_application: "psql",
    rows_accessed: 1,
    execution_status: "success",
    table_name: "customers",
    data_source_type: "postgres",
    completed_at: "2026-11-25T08:49:54.574Z",
  });
});

test("files that are no such log are told, and the others are read", async () => {
  const other = path.join(folder, "stderr.log");
  writeFileSync(other, "2026-11-25 08:49:54.466 UTC [2119] LOG:  database system is ready\n".repeat(100));
  const { code, out, err } = await run("import postgres-log", [other, JSON_LOG, path.join(folder, "none.json")]);
  expect(code).toBe(1);
  expect(err).toContain("This is no jsonlog or csvlog of PostgreSQL");
  expect(err).toContain("There is no such file");
  expect(out).toContain("24 statements → 0 created, 24 duplicate");
});

test("a file that is cut in the middle is told with exit code 1, and what stands before it is read", async () => {
  for (const name of ["postgres-15-pgaudit.jsonlog", "postgres-15-pgaudit.csvlog"]) {
    const cut = path.join(folder, name);
    writeFileSync(cut, readFileSync(fixture(name), "utf8").trimEnd().slice(0, -60));
    const { code, out, err } = await run("import postgres-log", [cut]);
    expect([code, err]).toEqual([
      1,
      `${cut}: The file ends in the middle of a record. What stands before it was read.\n`,
    ]);
    expect(out).toContain("1 line was no whole record");
  }
  const zipped = path.join(folder, "cut.json.gz");
  writeFileSync(zipped, gzipSync(readFileSync(JSON_LOG)).subarray(0, -20));
  const { code, err } = await run("import postgres-log", [zipped]);
  expect([code, err]).toEqual([1, `${zipped}: The gzip data is damaged or cut off.\n`]);
});

test("what is counted at the end is told in the right number", async () => {
  const lines = readFileSync(JSON_LOG, "utf8").trimEnd().split("\n");
  const model = lines.find((line) => line.includes("duration:") && line.includes("statement:")) ?? "";
  const row = (line_num: number) =>
    JSON.stringify({ ...JSON.parse(model), line_num, message: "duration: 1.000 ms  statement: selec from" });
  const told = async (lines: string[]) => {
    const file = path.join(folder, "words.json");
    writeFileSync(file, `${lines.join("\n")}\n`);
    return (await run("import postgres-log", ["--dry-run", file])).out;
  };
  expect(await told([row(901)])).toContain("1 statement could not be parsed and has no objects.");
  expect(await told([row(901), "{", "{", row(902)])).toContain(
    "2 statements could not be parsed and have no objects, 2 lines were no whole record.",
  );
});
