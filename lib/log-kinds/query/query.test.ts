import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { z } from "zod";
import type { FieldDef } from "../define";
import { formatMicros, formatTime, parseMicros } from "../time";
import { queryFields } from "./fields";
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

  test("reasons stay useful", () => {
    const { fields } = normalise({
      tags_accessed: [{ key: "PII", value: "email", decision: "masked", rationale: "role analyst" }],
      policies_applied: [
        { policy_id: "pol_7", reason: "row filter level < 3 and region = 'EU'" },
        { reason: "analysts see no e-mail" },
      ],
      data_source_type: "snowflake",
    });
    expect(fields.tags_accessed).toEqual([
      { key: "PII", value: "email", decision: "masked", rationale: "role analyst" },
    ]);
    expect(fields.policies_applied).toEqual([
      {
        policy_id: "pol_7",
        reason: expect.stringMatching(/^row filter level < \d and region = 'literal_string'$/),
      },
      { reason: "analysts see no e-mail" },
    ]);
  });

  test("the worst verdict of its texts is the row's", () => {
    const verdict = (event: Record<string, unknown>) =>
      (normalise({ data_source_type: "postgres", ...event }).fields.redaction as { verdict: string } | undefined)
        ?.verdict;
    expect(verdict({ query_text: "select 1", error_message: "no such table" })).toBe("full");
    expect(verdict({ query_text: "select 'open", error_message: "no such table" })).toBe("failed_closed");
    expect(verdict({ query_text: "select 1", error_message: "at 'open" })).toBe("failed_closed");
    const [good, bad] = [{ reason: "role analyst" }, { reason: "at 'open" }];
    expect(verdict({ query_text: "select 1", policies_applied: [good] })).toBe("full");
    expect(verdict({ query_text: "select 1", policies_applied: [bad, good] })).toBe("failed_closed");
    expect(verdict({ query_text: "select 1", tags_accessed: [{ key: "a", rationale: "at 'open" }] })).toBe(
      "failed_closed",
    );
    expect(verdict({ username: "ana" })).toBeUndefined();
  });

  test("goes by the dialect that was sent, else by the data source's, else by all of them", () => {
    const dialect = (event: Record<string, unknown>) =>
      (normalise({ query_text: "select 1", ...event }, { ds: "snowflake" }).fields.redaction as { dialect: string })
        .dialect;
    expect(dialect({ data_source_type: "mysql", data_source_id: "other" })).toBe("mysql");
    expect(dialect({ data_source_id: "ds" })).toBe("snowflake");
    expect(dialect({ data_source_id: "other" })).toBe("unknown");
    expect(normalise({ data_source_id: "ds" }, { ds: "snowflake" }).fields.data_source_type).toBe("snowflake");
  });
});

/** Fields that are stored as they are sent, and why nothing of a statement's values is expected in them. */
const IDENTIFIERS = {
  username: "who",
  role: "who",
  query_id: "id",
  decision: "word of the policy engine",
  client_application: "name that the client gives itself",
  client_ip: "address",
  host: "address",
  session_id: "id",
  data_source_id: "id",
  warehouse: "name of an object",
  database_name: "name of an object",
  schema_name: "name of an object",
  table_name: "name of an object",
  "objects_accessed.database": "name of an object",
  "objects_accessed.schema": "name of an object",
  "objects_accessed.table": "name of an object",
  "objects_accessed.column": "name of an object",
  "tags_accessed.key": "tag",
  "tags_accessed.value": "tag",
  "tags_accessed.decision": "word of the policy engine",
  "policies_applied.policy_id": "id",
  "policies_applied.name": "name of a policy",
  "policies_applied.type": "word of the policy engine",
  "policies_applied.decision": "word of the policy engine",
};
const REDACTED = ["query_text", "error_message", "tags_accessed.rationale", "policies_applied.reason"];
const SECRET = "select 'canary' where a = 4711";

/** Every place of a field where a producer may put a text, as an event with the secret there. */
function placesOf({ name, type, schema }: FieldDef): [place: string, event: Record<string, unknown>][] {
  if (type !== "objects") return [[name, { [name]: SECRET }]];
  const { shape } = (schema as z.ZodArray<z.ZodObject>).element;
  return Object.keys(shape).map((member) => [
    `${name}.${member}`,
    { [name]: [{ ...("key" in shape && { key: "PII" }), [member]: SECRET }] },
  ]);
}

describe("a secret in any place of a query", () => {
  const places = queryFields.filter(({ derived }) => !derived).flatMap(placesOf);
  const storedIn = (event: Record<string, unknown>) => JSON.stringify(normalise(event).fields);

  test("is refused, redacted, or in an identifier that is listed with its reason", () => {
    const taken = places.filter(([, event]) => query.input.safeParse(event).success);
    const shown = taken.filter(([, event]) => /canary|4711/.test(storedIn(event)));
    expect(shown.map(([place]) => place).sort()).toEqual(Object.keys(IDENTIFIERS).sort());
    expect(taken.map(([place]) => place).filter((place) => !(place in IDENTIFIERS))).toEqual(REDACTED);
    expect(places.length - taken.length).toBeGreaterThanOrEqual(9);
  });

  test("the manual lists what is redacted and what is stored as it is sent", () => {
    const manual = readFileSync("docs/redaction.md", "utf8");
    expect([...REDACTED, ...Object.keys(IDENTIFIERS)].filter((place) => !manual.includes(`\`${place}\``))).toEqual([]);
  });

  test.each(["query_type", "error_code"])("%s is a code, in which no literal has room", (name) => {
    for (const code of ["CREATE TABLE", "42P01", "ORA-00942", "100038", "a.b:c_d", ""])
      expect(faults({ [name]: code })).toBeUndefined();
    for (const code of ["x'1", 'x"1', "$$a", "a\nb", "/*a", "é", "a".repeat(65)]) {
      expect(query.input.safeParse({ [name]: code }).error?.issues[0]).toMatchObject({
        path: [name],
        message: "must be at most 64 letters, digits, spaces and _ . : -",
      });
    }
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
