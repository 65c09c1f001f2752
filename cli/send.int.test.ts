import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask, makeKey, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { callEvent, linesOf, rowsOf } from "@/lib/testing/call-lines";
import { createTestDatabase } from "@/lib/testing/database";
import { eventually } from "@/lib/testing/program";
import { commandRunner } from "@/lib/testing/terminal";
import { main } from "./affidavit";

let api: TestApi;
let tenant: Tenant;
const folder = mkdtempSync(path.join(tmpdir(), "affidavit-cli-"));
beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
});
afterAll(async () => {
  await api.close();
  rmSync(folder, { recursive: true });
});

function file(name: string, content?: string | Uint8Array): string {
  const place = path.join(folder, name);
  if (content !== undefined) writeFileSync(place, content);
  return place;
}

/** One command as a person of the tenant types it. */
const run = commandRunner(main, () => ({ url: api.url, key: tenant.key }));

const stored = async () => rowsOf((await run("tail", ["--json"])).out);

describe("send", () => {
  beforeAll(async () => {
    tenant = await makeTenant("Send");
  });

  test("a file of lines, an array, {events}, gzip and the standard input are the same events", async () => {
    const events = [callEvent(1), callEvent(2)];
    const forms = [
      [file("a.ndjson", linesOf(...events))],
      [file("b.json", JSON.stringify(events))],
      [file("c.json", JSON.stringify({ events }, null, 2))],
      [file("d.gz", gzipSync(linesOf(...events)))],
    ];
    for (const args of forms) expect(await run("send", args)).toMatchObject({ code: 0, err: "" });
    expect((await run("send", [], { input: [linesOf(...events)] })).code).toBe(0);
    expect((await run("send", ["-"], { input: [JSON.stringify(events)] })).code).toBe(0);
    expect((await stored()).map(({ context }) => context.n)).toEqual([1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2]);
  });

  test("the same file again makes no doubles, the same lines in it stay two rows, and ids are kept", async () => {
    const id = "0190a0f0-5c1e-4d5b-9d52-0c2f4f7a1b3c";
    const name = file("again.ndjson", linesOf(callEvent(7), callEvent(7), callEvent(8, { id })));
    expect((await run("send", [name])).out).toContain("3 events → 3 created, 0 duplicate, 0 refused");
    expect((await run("send", [name])).out).toContain("3 events → 0 created, 3 duplicate, 0 refused");
    expect((await stored()).some((row) => row.id === id)).toBe(true);
    // Without a time, and on the standard input, what looks alike may be two events.
    const untimed = file("untimed.ndjson", linesOf({ kind: "call", outcome: "success" }));
    for (const _ of [1, 2]) expect((await run("send", [untimed])).out).toContain("1 event → 1 created");
    for (const _ of [1, 2])
      expect((await run("send", [], { input: [linesOf(callEvent(9))] })).out).toContain("1 created, 0 duplicate");
    const named = () => run("send", ["--source", "job"], { input: [linesOf(callEvent(9))] });
    expect((await named()).out).toContain("1 created, 0 duplicate");
    expect((await named()).out).toContain("0 created, 1 duplicate");
  });

  test("the summary names application, server, times, and a link with that window", async () => {
    const { out } = await run("send", [file("where.ndjson", linesOf(callEvent(1), callEvent(5)))]);
    expect(out).toBe(
      `2 events → 2 created, 0 duplicate, 0 refused in "first" (app id ${tenant.appId}) at ${api.url}, 21 Nov 2026 00:00:01 – 21 Nov 2026 00:00:05 UTC\n` +
        `${api.url}/logs/calls?app=${tenant.appId}&from=2026-11-21T00%3A00%3A01.000Z&to=2026-11-21T00%3A00%3A06.000Z\n`,
    );
    const other = await run("send", ["--app", "SECOND", file("other.ndjson", linesOf(callEvent(1)))]);
    expect(other.out).toContain(`in "second" (app id ${tenant.otherAppId})`);
    const blind = await makeKey(tenant.orgId, tenant.appId, { scopes: ["events:write"] });
    expect((await run("send", [file("blind.ndjson", linesOf(callEvent(2)))], { key: blind })).out).toContain(
      `in the key's own application at ${api.url}`,
    );
  });

  test("the link is to the page of the kind that was sent first", async () => {
    const custom = { kind: "custom", event_type: "LOGIN", content_type: "application/json", event_details: {} };
    const act = { kind: "system", category: "locks", action: "remove", event: "lock.removed", source_system: "engine" };
    for (const [events, page] of [
      [[{ kind: "query", query_text: "select 1" }], `query?app=${tenant.appId}&from=`],
      [[custom, callEvent(1)], `custom?app=${tenant.appId}&from=`],
      [[callEvent(1), custom], `calls?app=${tenant.appId}&from=`],
      [[act], "system?from="],
    ] as const) {
      const { code, out } = await run("send", [], { input: [linesOf(...events)] });
      expect([code, out]).toEqual([0, expect.stringContaining(`\n${api.url}/logs/${page}`)]);
      if (events.includes(act as never)) expect(out).toContain(` in the organization's own log at ${api.url}, `);
    }
  });

  test("bad events name line and reason, and the others are stored", async () => {
    const text = [
      linesOf(callEvent(1)),
      linesOf(callEvent(2, { outcome: "fine" })),
      '{"kind":"call","outcome":"success","context":{"n":12345678901234567890}}',
      "[]",
      linesOf(callEvent(3, { method: "M".repeat(600) })),
      linesOf(callEvent(4, { kind: "nonsense" })),
      linesOf(callEvent(5)),
    ].join("\n");
    const { code, out, err } = await run("send", [file("bad.ndjson", text), "--json"]);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ events: 7, sent: 2, created: 2, refused: 5 });
    expect(err).toContain("line 2: /outcome must be one of: success, policy_denial, provider_error, network_error\n");
    expect(err).toContain("line 3: /context/n is an integer beyond 2^53-1 (inexact_number)\n");
    expect(err).toContain("line 4: is not a JSON object\n");
    expect(err).toContain("line 5: /method must have at most 512 characters; this has 600\n");
    expect(err).toContain("line 6: /kind must be one of: call, query, custom, system\n");
  });

  test("an application is the one named to the letter, and none where several are alike", async () => {
    const { key } = await makeTenant("Alike");
    const make = async (name: string) => (await ask(api, key, "/v1/apps", { body: { name } })).body.id as string;
    const [upper, lower] = [await make("Billing"), await make("billing")];
    const args = ["--field", "outcome=success", "--json", "--app"];
    for (const [name, id] of [
      ["billing", lower],
      ["Billing", upper],
    ] as const) {
      expect(JSON.parse((await run("send", [...args, name], { key })).out)).toMatchObject({ created: 1, app_id: id });
    }
    const alike = await run("send", [...args, "BILLING"], { key });
    expect(alike).toMatchObject({ code: 2, err: expect.stringContaining(`"billing" (${lower})`) });
  });

  test("--field makes one event of the declared types, and says what it cannot read", async () => {
    const fields = ["outcome=success", "latency_ms=184", "resolved_user_ids=u1", 'context:={"n":41}', "reason=a=b"];
    expect(
      (
        await run(
          "send",
          fields.flatMap((field) => ["--field", field]),
        )
      ).code,
    ).toBe(0);
    expect((await stored()).at(-1)).toMatchObject({
      latency_ms: 184,
      resolved_user_ids: ["u1"],
      context: { n: 41 },
      reason: "a=b",
    });
    for (const [field, message] of [
      ["latency_ms=fast", /is not a number/],
      ["nothing", /write name=value/],
      ["context:={", /is not JSON/],
    ] as const) {
      const { code, err } = await run("send", ["--field", field]);
      expect([code, err]).toEqual([2, expect.stringMatching(message)]);
    }
  });

  test("--dry-run finds the same faults and sends nothing", async () => {
    const before = (await stored()).length;
    const { code, out } = await run("send", ["--dry-run", file("dry.ndjson", linesOf(callEvent(1), { kind: "call" }))]);
    expect({ code, out }).toEqual({ code: 1, out: "2 events: 1 would be sent, 1 refused.\n" });
    expect(await stored()).toHaveLength(before);
  });

  test("2,500 events go in batches below the API's limits, gapless", async () => {
    tenant = await makeTenant("Many");
    const many = Array.from({ length: 2_500 }, (_, n) => callEvent(n, { reason: "x".repeat(700) }));
    expect((await run("send", [file("many.ndjson", linesOf(...many))])).out).toContain("2,500 events → 2,500 created");
    expect((await stored()).map(({ context }) => context.n)).toEqual(many.map(({ context }) => context.n));
  });
});

describe("apps and keys", () => {
  test("lists, makes, uses and revokes", async () => {
    tenant = await makeTenant("Keys");
    expect((await run("apps list")).out).toBe(`${tenant.appId}  first\n${tenant.otherAppId}  second\n`);
    const made = await run("keys create", ["--name", "a worker", "--scope", "events:write", "--app", "second"]);
    expect(made.code).toBe(0);
    const key = made.out.trim();
    expect(key).toMatch(/^afd_live_[0-9A-Za-z]{10}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$/);
    expect(made.err).not.toContain(key);
    expect((await run("send", ["--field", "outcome=success"], { key })).code).toBe(0);
    expect(await run("tail", [], { key })).toMatchObject({
      code: 1,
      err: expect.stringMatching(/answered 403: .*events:read[\s\S]*Make a key with that/),
    });
    const listed = JSON.parse((await run("keys list", ["--json"])).out) as { prefix: string; name: string }[];
    expect(listed.find(({ name }) => name === "a worker")?.prefix).toBe(key.slice(0, 19));
    const workers = (await run("keys list")).out.split("\n").find((one) => one.startsWith(key.slice(0, 19)));
    expect(workers).toMatch(/ {2}a worker {2}app "second" {2}events:write {2}last used 20\S+$/);
    expect((await run("keys revoke", ["nobody"])).code).toBe(2);
    expect((await run("keys revoke", [key])).out).toMatch(/^Revoked afd_live_.*revoked 20/);
    await eventually(
      "the key stops working",
      async () => (await run("send", ["--field", "outcome=success"], { key })).code === 1,
    );
    for (const args of [[], ["--name", "x"], ["--scope", "events:read"]]) {
      expect((await run("keys create", args)).code).toBe(2);
    }
    const more = await run("keys create", ["--name", "x", "--scope", "everything", "--app", "first"]);
    expect(more.code).toBe(1);
    expect(more.err.split("everything")).toHaveLength(2);
  });

  test("says when a key expires, and the application's id where the key may not read its name", async () => {
    const expiring = ["--name", "auditor", "--scope", "keys:manage", "--expires", "2099-01-01", "--app", "first"];
    const made = await run("keys create", expiring);
    expect(made.err).toMatch(
      / {2}auditor {2}app "first" {2}keys:manage {2}never used, expires 2099-01-01T00:00:00\S*\n/,
    );
    const { out } = await run("keys list", [], { key: made.out.trim() });
    expect(out).toContain(`  auditor  app ${tenant.appId}  keys:manage  `);
  });
});
