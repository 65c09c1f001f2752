import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { ROOT } from "@/lib/testing/program";
import { Catalogue } from "./catalogue";
import { Pairing } from "./pairing";
import { type Maker, makeEvent } from "./query-event";
import { LogReader } from "./reader";
import type { LogRecord } from "./record";
import type { Statement } from "./statement";
import { StatementParser } from "./statement-parser";

let parser: StatementParser;
beforeAll(async () => {
  parser = await StatementParser.load();
});

test("a server's own log, in both formats: rows without bind values, DETAIL or plans", () => {
  const made = ["json", "csv"].map((format) => {
    const reader = new LogReader();
    const bytes = readFileSync(path.join(ROOT, `cli/fixtures/postgres-15-pgaudit.${format}log`));
    const pairing = new Pairing();
    const records = [...reader.push(bytes)].map(({ record }) => record);
    const place = { order: 1, file: "f", offset: 0 };
    const statements = [...records.flatMap((record) => pairing.push(record, place, 0)), ...pairing.finish()];
    const maker = { parser, catalogue: undefined, dataSourceId: undefined, host: "db1", isAll: false };
    return statements.map((statement) => makeEvent(statement, maker).event?.json ?? "");
  });
  expect(made[1]).toEqual(made[0]);
  const events = (made[0] ?? []).map((json) => JSON.parse(json));
  expect(JSON.stringify(events)).not.toMatch(/canary|prepare: |Node Type/);
  const of = (type: string) => events.find(({ query_type }) => query_type === type);
  expect(of("EXECUTE")).toMatchObject({ rows_accessed: 1, objects_accessed: [{ column: "email" }, { column: "id" }] });
  expect(of("COPY")).not.toHaveProperty("rows_accessed");
  expect(of("DO")).toMatchObject({ objects_accessed: [{ schema: "public", table: "customers" }] });
  expect(events.map(({ execution_status }) => execution_status).filter((status) => status !== "success")).toEqual([
    "error",
    "error",
    "error",
    "error",
    "canceled",
  ]);
});

const record: LogRecord = {
  number: 1,
  micros: Date.parse("2026-11-25T08:00:00Z") * 1_000,
  sessionId: "s",
  line: 1,
  severity: "ERROR",
  backend: "client backend",
  sqlState: "22012",
  statement: "select $1::int",
  message: 'invalid input syntax for type integer: "canary 4711"',
};
const failed: Statement = {
  record,
  durationMs: 1,
  text: "x",
  prepared: undefined,
  isError: true,
  audited: [],
  rows: undefined,
};
const everything = (): Maker => ({
  parser,
  catalogue: undefined,
  dataSourceId: undefined,
  host: undefined,
  isAll: true,
});

test("messages of errors are sent without the values that they quote", () => {
  const [statement, maker] = [failed, everything()];
  const json = makeEvent(statement, maker).event?.json ?? "";
  expect(json).not.toMatch(/canary|4711/);
  // The same however often it is made: a second sending must be the same event.
  expect(makeEvent(statement, maker).event?.json).toBe(json);
  // No code of PostgreSQL's, so the server would refuse all that is sent beside it.
  const strange = { ...statement, record: { ...record, sqlState: "'x'", command: "A'x'" } };
  expect(JSON.parse(makeEvent(strange, maker).event?.json ?? "")).not.toMatchObject({ error_code: expect.anything() });
  expect(makeEvent(strange, maker).event?.json).not.toContain("query_type");
});

test("what an event cannot hold is cut, and the event says of which fields", () => {
  const columns = Array.from({ length: 201 }, (_, n) => `c${n}`);
  const cut: Statement = {
    ...failed,
    text: `select ${columns} from t where a = '${"é".repeat(200_000)}'`,
    record: { ...record, user: `${"u".repeat(511)}😀`, message: "x ".repeat(3_000) },
  };
  const event = JSON.parse(makeEvent({ ...cut, prepared: `select ${columns} from t` }, everything()).event?.json ?? "");
  expect(event.abridged_fields).toEqual(["error_message", "objects_accessed", "query_text", "username"]);
  expect(event).toMatchObject({ username: "u".repeat(511), objects_accessed: [{ table: "t" }] });
  expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThanOrEqual(262_144);
  expect(makeEvent(failed, everything()).event?.json).not.toContain("abridged_fields");
  const control = JSON.parse(makeEvent({ ...failed, text: "\u0001".repeat(60_000) }, everything()).event?.json ?? "");
  expect(control.abridged_fields).toEqual(["query_text"]);
});

test("a statement beyond what is read of the log is one row without objects, whatever tells of it", () => {
  const cutAt = 300_000;
  // Cut off, it would be a statement on nothing.
  const text = `select ${"1 ".padEnd(600_000)} from secret`;
  const catalogue = new Catalogue([]);
  const rowsOf = (...records: Partial<LogRecord>[]) => {
    const pairing = new Pairing();
    const place = { order: 1, file: "f", offset: 0 };
    const whole = records.map((one, index) => ({
      ...record,
      severity: "LOG",
      statement: undefined,
      line: index + 1,
      ...one,
    }));
    const statements = [...whole.flatMap((one) => pairing.push(one, place, 0)), ...pairing.finish()];
    return statements.map((statement) =>
      JSON.parse(makeEvent(statement, { ...everything(), catalogue, isAll: false }).event?.json ?? "{}"),
    );
  };
  const cut = (message: string): Partial<LogRecord> => ({ message: message.slice(0, cutAt), isCut: true });
  const audit = `AUDIT: SESSION,1,1,READ,SELECT,TABLE,public.secret,"${text}",<none>`;
  const failure = { severity: "ERROR", message: "division by zero", isCut: true };
  const told: Partial<LogRecord>[][] = [
    [cut(`duration: 1 ms  statement: ${text}`)],
    [{ message: `duration: 1 ms  statement: ${text}` }],
    [cut(`statement: ${text}`), { message: "duration: 1 ms" }],
    [cut(audit)],
    [cut(audit), cut(`duration: 1 ms  statement: ${text}`)],
    [cut(`duration: 1 ms  execute <unnamed>: ${text}`), cut(audit)],
    [cut(`duration: 1 ms  execute <unnamed>: ${text}`), { message: "duration: 2 ms  bind s1: select 1" }, cut(audit)],
    [cut(`statement: ${text}`), { ...failure, statement: text.slice(0, cutAt) }],
  ];
  for (const [index, records] of told.entries()) {
    const rows = rowsOf(...records);
    expect(rows, String(index)).toHaveLength(1);
    const { abridged_fields, query_text = "-" } = rows[0];
    expect([abridged_fields, text.startsWith(query_text), query_text.length]).toEqual([["query_text"], true, 160_000]);
  }
  // The text is behind what was read, or only its beginning is before that.
  const [quoting = {}] = rowsOf({ ...failure, message: `invalid input: "${"x".repeat(cutAt)}` });
  expect([quoting.execution_status, quoting.abridged_fields]).toEqual(["error", ["error_message", "query_text"]]);
  const [short] = rowsOf({ ...failure, statement: "select 1 " });
  expect(short).toMatchObject({ query_text: "select 1 ", abridged_fields: ["query_text"] });
  const [prepared] = rowsOf({ message: "duration: 1 ms  statement: execute s1", prepared: "select 1 ", isCut: true });
  expect(prepared).toMatchObject({ query_text: "execute s1", abridged_fields: ["query_text"] });
});

test("a name that several schemas have is recorded without one, with all their tags, unless pgaudit tells which it is", () => {
  const columns = ["public", "sales", "hr"].map((schema) => ({
    database: "shop",
    schema,
    table: "inv",
    column: schema === "hr" ? "salary" : "id",
    connected: schema !== "public",
    tags: [{ key: "of", value: schema }],
  }));
  const maker = { ...everything(), catalogue: new Catalogue(columns), isAll: false };
  const statement = { ...failed, text: "select * from inv", record: { ...record, database: "shop" } };
  const made = (audited: string[]) => {
    const { event } = makeEvent({ ...statement, audited: audited.map((name) => ({ type: "TABLE", name })) }, maker);
    return JSON.parse(event?.json ?? "{}");
  };
  const inv = { database: "shop", table: "inv" };
  const tag = (value: string) => ({ key: "of", value });
  expect(made([])).toMatchObject({
    objects_accessed: [
      { ...inv, column: "id" },
      { ...inv, column: "salary" },
    ],
    tags_accessed: [tag("public"), tag("sales"), tag("hr")],
  });
  expect(made([])).not.toHaveProperty("schema_name");
  expect(made(["sales.inv"])).toMatchObject({
    schema_name: "sales",
    objects_accessed: [{ ...inv, schema: "sales", column: "id" }],
    tags_accessed: [tag("sales")],
  });
  // It may be one that a function reads: what the statement itself reads is not passed over for that.
  expect(made(["public.inv"])).toMatchObject({ tags_accessed: [tag("public"), tag("sales"), tag("hr")] });
});
