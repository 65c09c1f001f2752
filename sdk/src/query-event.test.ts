import { randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closedAddress } from "../testing/provider";
import { Emitter } from "./emitter";
import { Affidavit, type Event, type QueryEvent } from "./index";

const SECRET = /qzxjkvw|739146/;
const folder = mkdtempSync(path.join(tmpdir(), "afd-query-"));
const spool = path.join(folder, "spool");
let client: Affidavit;
beforeAll(async () => {
  client = new Affidavit({ url: await closedAddress(), apiKey: "k", spool: { folder: spool, onReport: () => {} } });
});
afterAll(async () => {
  await client.close();
  rmSync(folder, { recursive: true });
});

const spooled = () =>
  readdirSync(spool)
    .map((name) => readFileSync(path.join(spool, name), "utf8"))
    .join("");
const query = (extra: Partial<QueryEvent> = {}): QueryEvent => ({
  kind: "query",
  username: "ana",
  query_text: "select * from t where a = 'qzxjkvw' and b = 7391460000 -- qzxjkvw",
  error_message: 'relation "qzxjkvw" does not exist (7391460000)',
  tags_accessed: [{ key: "PII", rationale: "because city = 'qzxjkvw'" }, { key: "PII" }],
  policies_applied: [{ name: "rows", reason: "filter: a = 'qzxjkvw' or b > 7391460000" }],
  ...extra,
});

test("a statement is redacted before it is on disk", async () => {
  const own = { id: randomUUID(), completed_at: new Date("2026-01-02T03:04:05Z") };
  const events = [query(), query({ data_source_type: "mysql" }), query(own)];
  expect(await client.record(events)).toMatchObject(events.map(() => ({ status: "spooled" })));
  expect(spooled().match(/'literal_string'/g)?.length).toBeGreaterThanOrEqual(6);
  expect(spooled()).not.toMatch(SECRET);
  expect(spooled()).toContain('"completed_at":"2026-01-02T03:04:05.000Z"');
});

test.each<[string, object, string]>([
  ["in a field that is none", { kind: "query", sql: "select 'qzxjkvw'" }, "sql"],
  ["that is no text", { kind: "query", query_text: ["select 'qzxjkvw'"] }, "query_text"],
  ["in a reason that is no text", { kind: "query", policies_applied: [{ reason: ["qzxjkvw"] }] }, "reason"],
  ["in a policy's unknown member", { kind: "query", policies_applied: [{ filter: "'qzxjkvw'" }] }, "filter"],
  ["in a tag's unknown member", { kind: "query", tags_accessed: [{ key: "a", why: "'qzxjkvw'" }] }, "why"],
  ["in an object's unknown member", { kind: "query", objects_accessed: [{ sql: "'qzxjkvw'" }] }, "sql"],
  ["in place of a list", { kind: "query", tags_accessed: { rationale: "'qzxjkvw'" } }, "tags_accessed"],
  ["in place of an element", { kind: "query", policies_applied: ["'qzxjkvw'"] }, "policies_applied"],
  ["in the code of an error", { kind: "query", error_code: "at 'qzxjkvw'" }, "error_code"],
  ["in its type", { kind: "query", query_type: "select 'qzxjkvw'" }, "query_type"],
  ["in an event of another kind", { kind: "call", outcome: "success", query_text: "select 'qzxjkvw'" }, "outcome"],
  ["with what the server says of it", { kind: "query", redaction: { verdict: "full" } }, "redaction"],
])("a statement %s is refused before it is on disk", async (_, event, name) => {
  await expect(client.record(event as Event)).rejects.toMatchObject({
    code: "invalid_event",
    message: expect.stringContaining(name),
  });
  expect(spooled()).not.toMatch(SECRET);
});

test("the same event has the same body each time, also after it was redacted; another id has other digits", () => {
  const query_text = `select ${"12345, ".repeat(200)}1`;
  const bodyOf = (event: Event) => new Emitter().prepare([event])[0]?.json ?? "";
  const id = randomUUID();
  const first = bodyOf(query({ id, query_text }));
  expect(bodyOf(query({ id: id.toUpperCase(), query_text })).toLowerCase()).toBe(first.toLowerCase());
  expect(bodyOf(JSON.parse(first))).toBe(first);
  const digits = JSON.parse(first).query_text.match(/\d/g);
  expect(new Set(digits).size).toBe(10);
  expect(JSON.parse(bodyOf(query({ query_text }))).query_text.match(/\d/g)).not.toEqual(digits);
});

test("a reason and a message that the server takes are not longer than it takes once they are redacted", () => {
  const reason = `a in (${"/**/,".repeat(400)}7)`;
  const query_text = `a in (${"'é',".repeat(500)}'z')`;
  const sent = query({ policies_applied: [{ reason }], error_message: reason.repeat(4), query_text });
  const body = JSON.parse(new Emitter().prepare([sent])[0]?.json ?? "");
  expect(body.policies_applied[0].reason).toMatch(/^a in \(\/\* comment \*\/,\/\* comment/);
  expect(body.policies_applied[0].reason).toHaveLength(2_048);
  expect(body.error_message).toHaveLength(8_192);
  expect(body.query_text.length).toBeGreaterThan(8_192);
});

test("an event without a time gets one; a query that is complete has its own", () => {
  const [first, second] = new Emitter().prepare([query(), query({ completed_at: "2026-01-02T03:04:05Z" })]);
  expect(JSON.parse(first?.json ?? "").occurred_at).toMatch(/Z$/);
  expect(JSON.parse(second?.json ?? "").occurred_at).toBeUndefined();
});
