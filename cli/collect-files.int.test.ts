import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { eventually } from "@/lib/testing/program";
import { commandRunner } from "@/lib/testing/terminal";
import { takeLock } from "@/sdk/src/process-lock";
import { main } from "./affidavit";
import { LogFolder } from "./postgres-log/log-folder";

let api: TestApi;
let tenant: Tenant;
let folder = "";
let session = 0;
const made: string[] = [];
beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
});
afterAll(async () => {
  await api.close();
  for (const each of made) rmSync(each, { recursive: true });
});
beforeEach(async () => {
  tenant = await makeTenant("Files");
  folder = mkdtempSync(path.join(tmpdir(), "affidavit-files-"));
  mkdirSync(path.join(folder, "log"));
  made.push(folder);
});

const run = commandRunner(main, () => ({ url: api.url, key: tenant.key }));
const log = (name: string) => path.join(folder, "log", name);
const state = () => path.join(folder, "state.json");

/** Reads what there is. */
async function collect(...more: string[]): Promise<{ code: number; err: string; lost_bytes?: number }> {
  const at = more.includes("--log-file") ? [] : ["--log-dir", path.join(folder, "log")];
  const { code, out, err } = await run("collect postgres", [...at, "--state", state(), "--once", "--json", ...more]);
  const told = out === "" ? {} : (JSON.parse(out) as Record<string, number>);
  return { ...told, code, err };
}

/** Records of a session of its own, one a message. */
function lines(...messages: string[]): string {
  session += 1;
  return messages
    .map((message, index) => {
      const record = {
        timestamp: `2026-11-25 08:00:0${index}.000 UTC`,
        user: "ana",
        dbname: "shop",
        session_id: `6b0695${(session % 256).toString(16).padStart(2, "0")}.${session.toString(16)}`,
        line_num: index + 1,
        session_start: "2026-11-25 08:00:00 UTC",
        error_severity: "LOG",
        message,
        backend_type: "client backend",
      };
      return `${JSON.stringify(record)}\n`;
    })
    .join("");
}
const statements = (count: number, from = 0) =>
  lines(...Array.from({ length: count }, (_, n) => `duration: 1.000 ms  statement: select ${n + from} from t`));

test("goes on where it was, also in a file that was renamed, and in the next one", async () => {
  writeFileSync(log("a.json"), statements(3));
  const from = `Following ${path.join(folder, "log")}, from`;
  const all = "all tables, as there is no data source";
  const first = { code: 0, created: 3, err: `${from} the beginning of what is there; ${all}.\n` };
  expect(await collect()).toMatchObject(first);
  const { offset } = JSON.parse(readFileSync(state(), "utf8")).files[0];
  const place = `a.json, byte ${offset.toLocaleString("en-US")}`;
  expect(await collect()).toMatchObject({ code: 0, created: 0, log_records: 0, err: `${from} ${place}; ${all}.\n` });
  renameSync(log("a.json"), log("a.json.1"));
  appendFileSync(log("a.json.1"), statements(2));
  writeFileSync(log("b.json"), statements(4));
  expect(await collect()).toMatchObject({ created: 6, duplicate: 0 });
  expect(readFileSync(state(), "utf8")).not.toContain("select");
});

test("old files that are read are left alone until they are written to", async () => {
  for (let n = 0; n < 20; n += 1) writeFileSync(log(`a${n}.json`), statements(1));
  const folderOfLogs = new LogFolder(
    { folder: path.join(folder, "log") },
    { marks: [], onLoss: () => {}, isFromNow: true },
  );
  await folderOfLogs.look();
  expect(folderOfLogs.due).toHaveLength(2);
  appendFileSync(log("a3.json"), statements(1));
  utimesSync(log("a3.json"), 1, 1); // Not among the newest.
  await eventually("it is seen", async () => (await folderOfLogs.look()) && folderOfLogs.due.length === 3);
  await folderOfLogs.close();
});

test("a log record beyond 16 MiB is a row, and a line that is none is counted", async () => {
  const text = `select ${" ".repeat(17_000_000)}id from t`;
  writeFileSync(log("a.json"), `${lines(`duration: 1.000 ms  statement: ${text}`)}{"timestamp":"\n${statements(1)}`);
  const args = ["--log-dir", path.join(folder, "log"), "--state", state(), "--once"];
  const { out } = await run("collect postgres", args);
  expect(out).toContain(
    "2 statements → 2 created, 0 duplicate, 0 refused; 0 touched no connected column, 1 without objects",
  );
  expect(out).toContain(", 1 line was no whole record.");
  const tail = (await run("tail", ["--json", "--kind", "query"])).out.split("\n").filter(Boolean);
  expect(tail.map((row) => JSON.parse(row).abridged_fields)).toEqual([["query_text"], null]);
});

test("half a record is left until it is whole", async () => {
  const text = statements(2);
  writeFileSync(log("a.json"), text.slice(0, -20));
  expect(await collect()).toMatchObject({ created: 1, damaged: 0 });
  appendFileSync(log("a.json"), text.slice(-20));
  expect(await collect()).toMatchObject({ created: 1, damaged: 0, duplicate: 0 });
});

test("an emptied file is read from its beginning, also when it is longer than before", async () => {
  writeFileSync(log("a.json"), statements(2));
  expect(await collect("--log-file", log("a.json"))).toMatchObject({ created: 2 });
  truncateSync(log("a.json"));
  appendFileSync(log("a.json"), statements(1).replace("08:00:00.000", "09:00:00.000"));
  expect(await collect("--log-file", log("a.json"))).toMatchObject({ code: 1, created: 1 });
  truncateSync(log("a.json"));
  appendFileSync(log("a.json"), statements(9).replace("08:00:00.000", "10:00:00.000"));
  // What it held between the last reading and its emptying is gone.
  expect(await collect("--log-file", log("a.json"))).toMatchObject({
    code: 1,
    created: 9,
    duplicate: 0,
    lost_bytes: 0,
  });
});

test("a renamed file of one that is followed by name is read to its end, and then the new one", async () => {
  writeFileSync(log("server.json"), statements(2));
  const at = ["--log-file", log("server.json")];
  expect(await collect(...at)).toMatchObject({ created: 2 });
  appendFileSync(log("server.json"), statements(3));
  renameSync(log("server.json"), log("server.json.1"));
  writeFileSync(log("server.json"), statements(4));
  expect(await collect(...at)).toMatchObject({ code: 0, created: 7 });
});

test("log that is deleted before it was read is told with its bytes", async () => {
  // The first statement has no end yet, so that the place before it is held.
  writeFileSync(log("a.json"), statements(2) + lines("statement: select 9 from t"));
  expect(await collect()).toMatchObject({ code: 0, created: 2 });
  const kept = JSON.parse(readFileSync(state(), "utf8"));
  kept.files[0].offset = 100;
  writeFileSync(state(), JSON.stringify(kept));
  rmSync(log("a.json"));
  const { code, err, lost_bytes } = await collect();
  expect(code).toBe(1);
  expect(err).toMatch(/^LOST: a\.json is gone or was emptied/m);
  expect(lost_bytes).toBe(kept.files[0].size - 100);
});

test.each([
  ["is deleted", (file: string) => rmSync(file)],
  ["is emptied", (file: string) => truncateSync(file, 10)],
])("the newest log that %s while nobody reads may have held more: that is told, once", async (_, end) => {
  writeFileSync(log("a.json"), statements(1));
  writeFileSync(log("b.json"), statements(2));
  utimesSync(log("a.json"), 1, 1);
  expect(await collect()).toMatchObject({ code: 0, created: 3 });
  // One that was read to its end when a newer one was there is missed by nobody.
  rmSync(log("a.json"));
  expect(await collect()).toMatchObject({ code: 0 });
  end(log("b.json"));
  writeFileSync(log("c.json"), statements(1));
  const { code, err, lost_bytes } = await collect();
  expect({ code, lost_bytes }).toEqual({ code: 1, lost_bytes: 0 });
  expect(err).toMatch(/^MAY BE LOST: b\.json is gone or was emptied while nobody read it/m);
  expect(await collect()).toMatchObject({ code: 0 });
});

test("with both formats on, each statement is read once", async () => {
  writeFileSync(log("a.json"), statements(2));
  writeFileSync(log("a.csv"), '2026-11-25 08:00:00.000 UTC,"ana","shop",1,"[local]",6b069580.1\n');
  writeFileSync(log("a.log"), "2026-11-25 08:00:00.000 UTC [1] LOG:  ready\n".repeat(200));
  expect(await collect()).toMatchObject({ code: 0, created: 2, damaged: 0 });
});

test("--from-now passes over what is there", async () => {
  writeFileSync(log("a.json"), statements(2));
  const passed = await collect("--from-now");
  expect(passed).toMatchObject({ created: 0, err: expect.stringContaining("from the end of what is there; ") });
  appendFileSync(log("a.json"), statements(1));
  expect(await collect("--from-now")).toMatchObject({ created: 1 });
});

test("only connected tables, and the rest is counted; an id whose row is another by now is recorded already", async () => {
  const columns = ["t", "u"].map((table) => ({
    database: "shop",
    schema: "public",
    table,
    column: "id",
    connected: table === "t",
    tags: [],
  }));
  writeFileSync(path.join(folder, "catalogue.json"), JSON.stringify({ columns }));
  const rows =
    statements(2) + lines("duration: 1.000 ms  statement: select id from u", "duration: 1.000 ms  statement: sel");
  writeFileSync(log("a.json"), rows);
  const known = ["--catalogue", path.join(folder, "catalogue.json")];
  const counts = { created: 3, skipped: 1, unparsed: 1, err: expect.stringContaining("; 1 connected table.\n") };
  expect(await collect(...known)).toMatchObject(counts);
  rmSync(state());
  // Without the catalogue their objects are others.
  expect(await collect("--all")).toMatchObject({ code: 0, created: 1, duplicate: 3, refused: 0 });
});

test("a statement with more tags than fifty has them all, as many as an event can hold, and says so where it had more", async () => {
  const columns = Array.from({ length: 200 }, (_, n) => ({
    database: "shop",
    schema: "public",
    table: "t",
    column: `c${n}`,
    connected: true,
    tags: [{ key: "T", value: `v${n}` }],
  }));
  writeFileSync(path.join(folder, "catalogue.json"), JSON.stringify({ columns }));
  const select = (count: number) =>
    `duration: 1.000 ms  statement: select ${columns.slice(0, count).map(({ column }) => column)} from t`;
  writeFileSync(log("a.json"), lines(select(150), select(200)));
  expect(await collect("--catalogue", path.join(folder, "catalogue.json"))).toMatchObject({ created: 2, refused: 0 });
  const { out } = await run("tail", ["--json", "--kind", "query"]);
  const rows = out
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { tags_accessed: unknown[]; abridged_fields?: string[] });
  expect(rows.map(({ tags_accessed }) => tags_accessed.length)).toEqual([150, 80]);
  expect(rows.map(({ abridged_fields }) => abridged_fields)).toEqual([null, ["tags_accessed"]]);
});

test("settings with which nothing will be recorded are told", async () => {
  const off = 'parameter "log_min_duration_statement" changed to "-1"';
  writeFileSync(log("a.json"), lines(off, "duration: 1.000 ms"));
  const { err } = await collect();
  expect(err).toContain(
    "log_min_duration_statement is -1: no statement will be recorded. Set log_min_duration_statement = 0",
  );
  expect(err).toContain("durations without their statements (log_duration alone)");
  // What a log says further on is what holds.
  const on = 'parameter "log_min_duration_statement" changed to "0ms"';
  writeFileSync(log("b.json"), lines(off, on, "duration: 1.000 ms  statement: select 1 from t"));
  expect((await collect()).err).not.toContain("log_min_duration_statement");
  const gone = 'parameter "log_min_duration_statement" removed from configuration file, reset to default';
  writeFileSync(log("c.json"), lines(on, gone));
  expect((await collect()).err).toContain("log_min_duration_statement is -1: no statement will be recorded.");
});

test("one collector a state; a damaged state, and folders that are not there, are told", async () => {
  const lock = await takeLock(`${state()}.lock`);
  expect(await collect()).toMatchObject({ code: 1, err: expect.stringMatching(/^Another collector \(process \d+\)/) });
  if (typeof lock === "function") lock();
  writeFileSync(state(), "{");
  expect(await collect()).toMatchObject({ code: 1, err: expect.stringContaining("is no state of a collector") });
  const none = await run("collect postgres", ["--log-dir", path.join(folder, "none")]);
  expect(none).toMatchObject({ code: 2, err: expect.stringContaining("There is no folder") });
  expect((await run("collect postgres", [])).code).toBe(2);
});
