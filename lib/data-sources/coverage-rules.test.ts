import { describe, expect, test } from "vitest";
import { ambiguousFinding, catalogueFinding } from "./coverage-catalogue";
import { findingsOf } from "./coverage-rules";
import { logDirOf, type ServerSettings } from "./coverage-settings";

/** A server that writes all that can be written. */
const GOOD = {
  logging_collector: "on",
  log_destination: "jsonlog",
  log_min_messages: "warning",
  log_min_duration_statement: "0",
  log_min_duration_sample: "-1",
  log_statement_sample_rate: "1",
  log_transaction_sample_rate: "0",
  log_statement: "none",
  log_duration: "off",
  log_min_error_statement: "error",
  lc_messages: "en_US.UTF-8",
  log_parameter_max_length: "0",
  log_parameter_max_length_on_error: "0",
  log_rotation_age: "1440",
  log_rotation_size: "10240",
  log_truncate_on_rotation: "off",
  "pgaudit.log": "read, write",
  "pgaudit.log_rows": "on",
};
/** Rows are counted, but no statement is written. */
const SILENT = {
  ...GOOD,
  log_min_duration_statement: "-1",
  "pgaudit.log": "none",
  "auto_explain.log_min_duration": "0",
  "auto_explain.log_analyze": "on",
};
const RESTART = ["logging_collector", "shared_preload_libraries"];

function server(values: Record<string, string>, more: Partial<ServerSettings> = {}): ServerSettings {
  const settings = new Map(
    Object.entries(values).map(([name, value]) => [
      name,
      { value, needsRestart: RESTART.includes(name), isPending: false },
    ]),
  );
  return {
    version: 180_000,
    role: "reader",
    database: "app",
    readsAll: true,
    overrides: [],
    logDir: null,
    settings,
    ...more,
  };
}
const levelOf = (values: Record<string, string>, more?: Partial<ServerSettings>) =>
  findingsOf(server(values, more))[0]?.level;
const about = (values: Record<string, string>, setting: string, more?: Partial<ServerSettings>) =>
  findingsOf(server(values, more)).find((one) => one.setting === setting);

test("a server that writes everything has nothing to mend", () => {
  const findings = findingsOf(server(GOOD));
  expect(findings.every(({ level, fix }) => level === "ok" && fix === null)).toBe(true);
});

describe("how statements get into the log", () => {
  test.each([
    [{}, "error"],
    [{ log_duration: "on" }, "error"],
    [{ log_min_duration_statement: "0" }, "ok"],
    [{ log_min_duration_statement: "250" }, "warning"],
    [{ log_statement: "all", log_duration: "on" }, "ok"],
    [{ log_statement: "all" }, "warning"],
    [{ log_statement: "mod" }, "warning"],
    [{ log_statement: "ddl", log_duration: "on" }, "warning"],
    [{ log_transaction_sample_rate: "1" }, "ok"],
    [{ log_transaction_sample_rate: "0.1" }, "warning"],
    [{ log_min_duration_sample: "0" }, "ok"],
    [{ log_min_duration_sample: "0", log_statement_sample_rate: "0.5" }, "warning"],
    [{ log_min_duration_sample: "0", log_statement_sample_rate: "0" }, "error"],
    [{ log_min_duration_sample: "100" }, "warning"],
    [{ "pgaudit.log": "all" }, "warning"],
    [{ "pgaudit.log": "read, write" }, "warning"],
    [{ "pgaudit.log": "ddl,role" }, "error"],
    [{ "pgaudit.log": "all,-read" }, "error"],
    [{ "pgaudit.log": "all", log_min_duration_statement: "0" }, "ok"],
  ])("%j: %s", (more, level) => {
    expect(levelOf({ ...SILENT, ...more })).toBe(level);
  });
});

describe("what keeps all of it from being read", () => {
  test.each([
    [
      { logging_collector: "off" },
      "logging_collector",
      "ALTER SYSTEM SET logging_collector = on;\n-- Then restart the server.",
    ],
    [
      { log_destination: "stderr" },
      "log_destination",
      "ALTER SYSTEM SET log_destination = 'stderr,jsonlog';\nSELECT pg_reload_conf();",
    ],
    [
      { log_min_messages: "fatal" },
      "log_min_messages",
      "ALTER SYSTEM SET log_min_messages = warning;\nSELECT pg_reload_conf();",
    ],
    [
      { log_min_messages: "panic" },
      "log_min_messages",
      "ALTER SYSTEM SET log_min_messages = warning;\nSELECT pg_reload_conf();",
    ],
    [{ lc_messages: "de_DE.UTF-8" }, "lc_messages", "ALTER SYSTEM SET lc_messages = 'C';\nSELECT pg_reload_conf();"],
  ])("%j", (more, setting, fix) => {
    expect(about({ ...GOOD, ...more }, setting)).toMatchObject({ level: "error", fix });
  });

  test.each(["C", "C.UTF-8", "POSIX", "en_GB", "English_United States.1252"])("messages of %s are read", (value) => {
    expect(levelOf({ ...GOOD, lc_messages: value })).toBe("ok");
  });

  test("before PostgreSQL 15 there is csvlog only", () => {
    const old = { version: 140_010 };
    expect(about({ ...GOOD, log_destination: "syslog" }, "log_destination", old)?.fix).toContain("'syslog,csvlog'");
    expect(about({ ...GOOD, log_destination: "csvlog" }, "log_destination", old)?.level).toBe("ok");
  });
});

describe("what is worth a warning", () => {
  test.each([
    [{ log_parameter_max_length: "-1" }, "log_parameter_max_length"],
    [{ log_parameter_max_length_on_error: "64" }, "log_parameter_max_length_on_error"],
    [{ log_min_error_statement: "panic" }, "log_min_error_statement"],
    [{ log_min_error_statement: "log" }, "log_min_error_statement"],
    [{ lc_messages: "" }, "lc_messages"],
    [{ log_rotation_age: "0", log_rotation_size: "0" }, "log_rotation_age"],
    [{ log_truncate_on_rotation: "on" }, "log_truncate_on_rotation"],
    [{ "pgaudit.log_rows": "off" }, "pgaudit.log_rows"],
  ])("%j", (more, setting) => {
    expect(about({ ...GOOD, ...more }, setting)).toMatchObject({
      level: "warning",
      fix: expect.stringContaining(setting),
    });
  });

  test.each([
    ["none", "read, write"],
    ["ddl, read", "read, write, ddl"],
    ["all, -read", "all"],
  ])("rows are not counted where pgaudit.log is %s", (value, wanted) => {
    expect(about({ ...GOOD, "pgaudit.log": value }, "pgaudit.log")).toMatchObject({
      level: "warning",
      fix: `ALTER SYSTEM SET pgaudit.log = '${wanted}';\nALTER SYSTEM SET pgaudit.log_rows = on;\nSELECT pg_reload_conf();`,
    });
  });

  test("tables that the catalogue does not have are counted, the first of them named", () => {
    const tables = ["a", "b", "c", "d", "e", "f"].map((table) => ({ database: "shop", schema: "public", table }));
    const read = new Date("2026-11-20T10:00:00Z");
    expect(catalogueFinding([], { cataloguedAt: read, known: 3 })).toBeUndefined();
    expect(catalogueFinding(tables.slice(0, 1), { cataloguedAt: null, known: 3 })?.message).toContain(
      "1 table is not in the catalogue, which was never read: public.a. ",
    );
    expect(catalogueFinding(tables, { cataloguedAt: read, known: 3 })?.message).toContain(
      "6 tables are not in the catalogue, which was last read on 2026-11-20: public.a, public.b, public.c, public.d, public.e, …. ",
    );
  });

  test("names of tables that several schemas have are told where it cannot be known which one a statement means", () => {
    const table = (schema: string, name: string, isConnected: boolean) => ({
      database: "shop",
      schema,
      table: name,
      isConnected,
    });
    const clear = [table("public", "t", true), table("b", "t", true), table("a", "u", false), table("b", "u", false)];
    expect(ambiguousFinding([...clear, table("a", "v", true)])).toBeUndefined();
    const found = ambiguousFinding([
      ...clear,
      table("public", "inv", false),
      table("sales", "inv", true),
      table("a", "orders", true),
      table("b", "orders", true),
    ]);
    expect(found).toMatchObject({ level: "warning", setting: "search_path", fix: null });
    expect(found?.message).toContain("2 names of tables are in several schemas: inv (public, sales), orders (a, b). ");
  });

  test("with no table known nothing is recorded, whatever the settings", () => {
    const tables = [{ database: "shop", schema: "public", table: "a" }];
    const nothing = {
      level: "error",
      message: "Nothing is recorded: no table of it is known. Read the catalogue first.",
    };
    expect(catalogueFinding(tables, { cataloguedAt: null, known: 0 })).toMatchObject(nothing);
    expect(catalogueFinding([], { cataloguedAt: null, known: 0 })).toMatchObject(nothing);
    expect(catalogueFinding([], { cataloguedAt: new Date(), known: 0 })).toBeUndefined();
  });

  test("rows are counted by auto_explain, too; without it and pgaudit there is a package to install", () => {
    const { "pgaudit.log": _log, "pgaudit.log_rows": _rows, ...without } = GOOD;
    expect(about(without, "pgaudit.log_rows")).toMatchObject({
      level: "warning",
      message: expect.stringContaining("postgresql-15-pgaudit"),
    });
    const explained = { ...without, "auto_explain.log_min_duration": "0", "auto_explain.log_analyze": "on" };
    expect(levelOf(explained)).toBe("ok");
  });

  test("a role that may not see everything, a value that waits for a restart, a database of its own mind", () => {
    expect(about(GOOD, "pg_read_all_settings", { readsAll: false, role: 'a"b' })?.fix).toBe(
      'GRANT pg_read_all_settings TO "a""b";',
    );
    const settings = new Map(
      [...server(GOOD).settings].map(([name, one]) => [name, { ...one, isPending: name === "logging_collector" }]),
    );
    expect(findingsOf(server(GOOD, { settings })).filter(({ level }) => level === "warning")).toHaveLength(1);
    const overrides = [{ role: null, database: "shop", setting: "log_statement", value: "ddl" }];
    expect(about(GOOD, "log_statement", { overrides })?.fix).toBe('ALTER DATABASE "shop" RESET log_statement;');
    const english = [{ role: "app", database: null, setting: "lc_messages", value: "en_US.UTF-8" }];
    expect(levelOf(GOOD, { overrides: english })).toBe("ok");
  });
});

describe("a database or a role with a value of its own", () => {
  const own = (value: string, setting: string, of: { role?: string; database?: string }) => ({
    overrides: [{ role: null, database: null, ...of, setting, value }],
  });

  test("that was asked: its value with its mend, and the server's with its", () => {
    const values = { ...SILENT, log_min_duration_statement: "5000" };
    const more = own("5000", "log_min_duration_statement", { database: "app" });
    const found = findingsOf(server(values, more)).filter(({ setting }) => setting === "log_min_duration_statement");
    expect(found).toEqual([
      {
        level: "warning",
        setting: "log_min_duration_statement",
        value: "5000",
        message:
          "Only statements that take 5000 ms or longer are written. Database “app” has that value of its own, 5000; the server's may be another.",
        fix: 'ALTER DATABASE "app" RESET log_min_duration_statement;\nALTER SYSTEM SET log_min_duration_statement = 0;\nSELECT pg_reload_conf();',
      },
    ]);
  });

  test("that is our own role's: it says nothing of the others", () => {
    const more = own("0", "log_min_duration_statement", { role: "reader" });
    const found = findingsOf(server(GOOD, more)).find(({ level }) => level === "warning");
    expect(found).toMatchObject({
      message: expect.stringContaining("“reader”, as which this was asked, has a value of its own"),
      fix: 'ALTER ROLE "reader" RESET log_min_duration_statement;',
    });
  });

  test.each([
    ["none", "log_statement", "none"],
    ["5s", "log_min_duration_statement", "5000"],
    ["True", "log_duration", "on"],
  ])("%s of %s is no other value than the server's %s", (value, setting, servers) => {
    const more = own(value, setting, { role: "x" });
    const told = findingsOf(server({ ...GOOD, [setting]: servers }, more));
    expect(told.filter(({ message }) => message.includes("“x”"))).toEqual([]);
    const other = findingsOf(server({ ...GOOD, [setting]: "other" }, more));
    expect(other.filter(({ message }) => message.includes("“x”"))).toHaveLength(1);
  });
});

test.each([
  ["/var/lib/postgresql/18/main/", "log", "/var/lib/postgresql/18/main/log"],
  ["/data", "/var/log/postgresql", "/var/log/postgresql"],
  ["C:/data", "D:\\logs", "D:\\logs"],
  [undefined, "log", null],
  [undefined, "/var/log/postgresql", "/var/log/postgresql"],
  ["/data", undefined, null],
])("log files of data_directory %s and log_directory %s are in %s", (data, log, expected) => {
  expect(logDirOf(data, log)).toBe(expected);
});
