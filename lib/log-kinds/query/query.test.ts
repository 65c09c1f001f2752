import { describe, expect, test } from "vitest";
import { formatMicros, formatTime, parseMicros } from "../time";
import { query } from "./query";

const NOW = parseMicros("2026-11-22T00:00:00Z") ?? 0;
const HOUR = 3_600_000_000;
const normalise = (event: Record<string, unknown>, types: Record<string, string> = {}) =>
  query.normalise(query.input.parse(event), {
    submittedAtMicros: NOW,
    stripHeaders: new Set(),
    dataSourceType: (id) => types[id],
  });
const faults = (event: Record<string, unknown>) =>
  query.input.safeParse(event).error?.issues.map(({ path }) => path.join("/"));

describe("redaction", () => {
  test("nothing that can quote a value is stored as it was sent", () => {
    const { fields } = normalise({
      query_text: "select 'canary' from t where a = 4711 -- canary",
      error_message: 'duplicate key: Key (email)=(canary@example.com) "canary" 4711',
      data_source_type: "postgres",
    });
    expect(JSON.stringify(fields)).not.toMatch(/canary|4711/);
    expect(fields.query_text).toMatch(/^select 'literal_string' from t where a = \d \/\* comment \*\/$/);
    expect(fields.redaction).toMatchObject({ dialect: "postgres" });
  });

  test("the worst verdict of its texts is the row's", () => {
    const verdict = (event: Record<string, unknown>) =>
      (normalise({ data_source_type: "postgres", ...event }).fields.redaction as { verdict: string } | undefined)
        ?.verdict;
    expect(verdict({ query_text: "select 1", error_message: "no such table" })).toBe("full");
    expect(verdict({ query_text: "select 'open", error_message: "no such table" })).toBe("failed_closed");
    expect(verdict({ query_text: "select 1", error_message: "at 'open" })).toBe("failed_closed");
    expect(verdict({ username: "ana" })).toBeUndefined();
  });

  test("goes by the dialect that was sent, else by the data source's, else by all of them", () => {
    const dialect = (event: Record<string, unknown>) =>
      (normalise({ query_text: "select 1", ...event }, { ds: "snowflake" }).fields.redaction as { dialect: string })
        .dialect;
    expect(dialect({ data_source_type: "mysql", data_source_id: "ds" })).toBe("mysql");
    expect(dialect({ data_source_id: "ds" })).toBe("snowflake");
    expect(dialect({ data_source_id: "other" })).toBe("unknown");
    expect(normalise({ data_source_id: "ds" }, { ds: "snowflake" }).fields.data_source_type).toBe("snowflake");
  });
});

describe("the time of a query", () => {
  test.each<[Record<string, string>, number | undefined]>([
    [{ completed_at: "2026-11-21T23:00:00.5Z" }, NOW - HOUR + 500_000],
    [{ occurred_at: "2026-11-01T00:00:00Z" }, parseMicros("2026-11-01T00:00:00Z")],
    [{}, NOW],
    [{ completed_at: "2026-11-23T00:00:01Z" }, NOW],
    [{ completed_at: "2026-11-21T23:00:00Z", occurred_at: "2026-11-22T00:00:00+01:00" }, NOW - HOUR],
  ])("%j", (event, micros) => {
    const { fields, occurredAtMicros } = normalise(event);
    expect(formatMicros(occurredAtMicros)).toBe(formatMicros(micros ?? 0));
    // What was sent stays, also where the row is found by another time.
    expect(fields.completed_at).toBe(event.completed_at ?? formatTime(occurredAtMicros));
    expect(fields).not.toHaveProperty("occurred_at");
  });

  test.each([
    [{ completed_at: "yesterday" }, "completed_at"],
    [{ started_at: "2026-11-22 00:00" }, "started_at"],
    [{ completed_at: "2026-11-21T23:00:00Z", occurred_at: "2026-11-21T23:00:01Z" }, "occurred_at"],
    [{ redaction: { verdict: "full" } }, "redaction"],
    [{ execution_status: "done" }, "execution_status"],
    [{ objects_accessed: [{ tabel: "x" }] }, "objects_accessed/0/tabel"],
  ])("%j is refused at %s", (event, where) => {
    expect(faults(event)).toEqual([where]);
  });
});
