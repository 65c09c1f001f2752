import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { callEvent, linesOf, rowsOf } from "@/lib/testing/call-lines";
import { createTestDatabase } from "@/lib/testing/database";
import { fillLog } from "@/lib/testing/fill-log";
import { openPast } from "@/lib/testing/past";
import { eventually } from "@/lib/testing/program";
import { commandRunner, makeTerminal } from "@/lib/testing/terminal";
import { decodeCsv } from "../sdk/src/csv";
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
const DAY = ["--from", "2026-11-21", "--to", "2026-11-22"];

describe("tail", () => {
  beforeAll(async () => {
    tenant = await makeTenant("Tail");
    await run("send", [file("tail.ndjson", linesOf(...Array.from({ length: 600 }, (_, n) => callEvent(n))))]);
  });

  test("prints every row once, filters, starts after a cursor, and ends at a limit", async () => {
    expect((await stored()).map(({ seq }) => seq)).toEqual(Array.from({ length: 600 }, (_, seq) => seq));
    const denied = rowsOf((await run("tail", ["--json", "--filter", "outcome=POLICY_DENIAL"])).out);
    expect(denied.map(({ context }) => context.n % 3)).toEqual(Array.from({ length: 200 }, () => 0));
    const page = (await ask(api, tenant.key, "/v1/events?limit=10")).body;
    const rest = rowsOf((await run("tail", ["--json", "--after", page.next_cursor, "--limit", "5"])).out);
    expect(rest.map(({ seq }) => seq)).toEqual([10, 11, 12, 13, 14]);
    expect((await run("tail", ["--since", "1h", "--limit", "1"])).out).toMatch(/^ +0 {2}2026-11-21T00:00:00\.000Z {2}/);
    expect((await run("tail", ["--since", "2099-01-01"])).out).toBe("");
  });

  test("a cursor file goes on where it was, and a damaged one is not the beginning", async () => {
    const cursor = file("tail.cursor");
    const next = async (limit: number) =>
      rowsOf((await run("tail", ["--json", "--cursor-file", cursor, "--limit", String(limit)])).out).length;
    expect([await next(400), await next(400), await next(400)]).toEqual([400, 200, 0]);
    writeFileSync(cursor, "<html>");
    expect(await run("tail", ["--cursor-file", cursor])).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringMatching(/holds no cursor/),
    });
  });

  test("the cursor is kept after the rows were taken, never before", async () => {
    const cursor = file("order.cursor");
    const { terminal } = makeTerminal();
    const wanted = new Error("the disk is full");
    const args = ["tail", "--cursor-file", cursor, "--url", api.url, "--key", tenant.key];
    await expect(
      main(args, {
        ...terminal,
        out: async () => {
          throw wanted;
        },
      }),
    ).rejects.toBe(wanted);
    expect(existsSync(cursor)).toBe(false);
  });

  test("-f follows until it is interrupted", async () => {
    const { out, controller, terminal } = makeTerminal();
    const done = main(["tail", "-f", "--json", "--since", "1s", "--url", api.url, "--key", tenant.key], terminal);
    await run("send", ["--field", "outcome=success", "--field", "provider_id=followed"]);
    await eventually("the new row is printed", () => out.join("").includes("followed"));
    controller.abort(130);
    expect(await done).toBe(1);
  });

  test("what a row holds cannot move the cursor of a screen", async () => {
    const trick = "\u001b[2J\u009b31m\u202e\u2028evil";
    await run("send", [file("trick.ndjson", linesOf(callEvent(1, { reason: trick })))]);
    for (const form of [
      ["--since", "1h"],
      ["--since", "1h", "--json"],
    ]) {
      const { out } = await run("tail", form);
      const last = out.trimEnd().split("\n").at(-1) ?? "";
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not be there.
      expect(last).not.toMatch(/[\x00-\x1f\x7f-\x9f\u2028\u202e]/);
      if (form.length > 2) expect(JSON.parse(last).reason).toBe(trick);
    }
  });
});

describe("rows of other kinds", () => {
  const objects = ["customers", "customers", "orders", "items", "bills"].map((table, n) => ({
    schema: "public",
    table,
    column: `c${n}`,
  }));
  beforeAll(async () => {
    tenant = await makeTenant("Kinds");
    const occurred_at = new Date().toISOString();
    const query_text = `select id,\n       name from customers where ${"a = b and ".repeat(20)}true`;
    const events = [
      callEvent(1, { occurred_at, method: "GET", response_status: 200 }),
      {
        kind: "query",
        username: "ana",
        execution_status: "success",
        rows_accessed: 1,
        objects_accessed: objects,
        query_text,
      },
      { kind: "custom", event_type: "LOGIN", content_type: "application/json", event_details: { user: "ana" } },
    ];
    expect(await run("send", [file("kinds.ndjson", linesOf(...events))])).toMatchObject({ code: 0, err: "" });
    const act = { kind: "system", category: "locks", action: "remove", event: "lock.removed", target_name: "Lock 3" };
    const acts = [
      { ...act, source_system: "policy-engine", actor_email: "ana@example.com" },
      { ...act, source_system: "policy-engine" },
    ];
    expect(await run("send", [file("acts.ndjson", linesOf(...acts))])).toMatchObject({ code: 0, err: "" });
  });
  const cells = (out: string) =>
    out
      .trimEnd()
      .split("\n")
      .map((line) => line.trim().split(/ {2,}/).slice(2));
  const rows = [
    ["success", "provider-1", "GET", "200", "–", "–"],
    [
      "ana",
      "success",
      "1 row",
      "public.customers, public.orders, public.items and 1 more",
      expect.stringMatching(/^select id, name from customers where a = b .{50,}…$/),
    ],
    ["LOGIN", "submission", '{"user":"ana"}'],
  ];

  test("show what matters in each, in one line, also where they are mixed", async () => {
    expect(cells((await run("tail")).out)).toEqual(rows);
    expect(cells((await run("search", ["--last", "15m"])).out).toSorted()).toEqual([...rows].toSorted());
    expect(cells((await run("search", ["--last", "15m", "--kind", "query"])).out)).toEqual([rows[1]]);
  });

  test("--app system is the organization's own log, for tail, search and export", async () => {
    const outside = (lines: string[][]) => lines.filter(([category]) => category === "locks");
    const both = [
      ["locks", "lock.removed", "ana@example.com", "Lock 3"],
      ["locks", "lock.removed", expect.stringMatching(/^afd_/), "Lock 3"],
    ];
    expect(outside(cells((await run("tail", ["--app", "system"])).out))).toEqual(both);
    const found = await run("search", ["--last", "15m", "--app", "system"]);
    expect(outside(cells(found.out))).toEqual(both.toReversed());
    const target = file("system.csv");
    expect(await run("export", ["--last", "15m", "--app", "system", "-o", target])).toMatchObject({ code: 0, err: "" });
    const saved = decodeCsv(readFileSync(target, "utf8")).filter(({ category }) => category === "locks");
    expect(saved.map(({ target_name }) => target_name)).toEqual(["Lock 3", "Lock 3"]);
  });
});

describe("search", () => {
  beforeAll(async () => {
    tenant = await makeTenant("Search");
    await run("send", [file("search.ndjson", linesOf(...Array.from({ length: 450 }, (_, n) => callEvent(n))))]);
  });

  test("pages to the limit, newest first, and says when there is more", async () => {
    const all = await run("search", [...DAY, "--limit", "1000", "--json"]);
    expect(new Set(rowsOf(all.out).map(({ id }) => id)).size).toBe(450);
    expect(all.err).toBe("450 rows.\n");
    const some = await run("search", [...DAY, "--limit", "210"]);
    expect(some.out.trim().split("\n")).toHaveLength(210);
    expect(some.err).toBe("210 rows, and there are more: raise --limit.\n");
    const exact = await run("search", [
      ...DAY,
      "--filter",
      "provider_id=PROVIDER-1",
      "--limit",
      "225",
      "--kind",
      "call",
    ]);
    expect(exact.err).toBe("225 rows.\n");
  });

  test("--last, --app, and a window that is not there", async () => {
    await run("send", ["--field", "outcome=success", "--app", tenant.otherAppId]);
    expect((await run("search", ["--last", "15m"])).err).toBe("0 rows.\n");
    expect((await run("search", ["--last", "15m", "--app", "all"])).err).toBe("1 row.\n");
    expect((await run("search", ["--last", "15m", "--app", "second"])).err).toBe("1 row.\n");
    for (const [args, message] of [
      [[], /--last 24h, or --from and --to/],
      [["--last", "24h", "--from", "2026-11-21"], /--last 24h, or --from and --to/],
      [["--last", "soon"], /such as 15m, 24h or 7d/],
      [["--from", "yesterday"], /a time with its zone/],
      [["--from", "2026-11-22", "--to", "2026-11-21"], /must be before/],
      [["--last", "1h", "--filter", "to=x"], /no field of a row/],
      [["--last", "1h", "--limit", "0"], /from 1 on/],
      [["--last", "1h", "--app", "third"], /There are "first", "second"/],
    ] as const) {
      expect(await run("search", [...args])).toMatchObject({ code: 2, err: expect.stringMatching(message) });
    }
    const wrong = await run("search", ["--last", "1h", "--filter", "outcom=success"]);
    expect([wrong.code, wrong.err.split("Did you mean outcome?").length]).toEqual([1, 2]);
  });

  test("a time with an offset is the same window", async () => {
    const shifted = await run("search", [
      "--from",
      "2026-11-21T02:00:00+02:00",
      "--to",
      "2026-11-22T02:00:00+02:00",
      "--limit",
      "1000",
    ]);
    expect(shifted.err).toBe("450 rows.\n");
  });
});

describe("export", () => {
  test("writes the whole file, checked, and leaves nothing else behind", async () => {
    tenant = await makeTenant("Export");
    const events = Array.from({ length: 300 }, (_, n) => callEvent(n, { reason: `line one\r\n"two", ${n}` }));
    await run("send", [file("export.ndjson", linesOf(...events))]);
    const target = file("rows.csv");
    const { code, out, err } = await run("export", [...DAY, "-o", target, "--json"]);
    expect([code, err]).toEqual([0, ""]);
    const bytes = readFileSync(target);
    expect(JSON.parse(out)).toEqual({
      file: target,
      rows: 300,
      truncated: false,
      sha256: createHash("sha256").update(bytes).digest("hex"),
    });
    expect(decodeCsv(bytes.toString())).toHaveLength(300);
    expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
    const before = bytes.toString();
    expect(await run("export", [...DAY, "-o", target])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/is there already: --force/),
    });
    expect(readFileSync(target, "utf8")).toBe(before);
    const denied = ["--filter", "outcome=policy_denial", "--force", "-o", target];
    expect((await run("export", [...DAY, ...denied])).out).toMatch(/^100 rows → .*rows\.csv/);
    expect(decodeCsv(readFileSync(target, "utf8"))).toHaveLength(100);
  });

  test("of 100,001 rows keeps the newest 100,000 and says so, with 1 where it must not", async () => {
    tenant = await makeTenant("Truncated");
    const past = await openPast();
    try {
      const log = "select id from audit.log where app_id = $1";
      const { rows } = await past.client.query<{ id: number }>(log, [tenant.appId]);
      await fillLog(past.client, { id: Number(rows[0]?.id), appId: tenant.appId }, 100_001);
    } finally {
      await past.close();
    }
    const target = file("truncated.csv");
    const args = ["--last", "1h", "-o", target, "--force"];
    const said = `TRUNCATED: more rows match. ${target} holds the newest 100,000; split the window to have all.\n`;
    const lenient = await run("export", args);
    expect(lenient).toMatchObject({ code: 0, out: expect.stringMatching(/^100,000 rows → /), err: said });
    rmSync(target);
    const strict = await run("export", [...args, "--fail-if-truncated", "--json"]);
    expect([strict.code, strict.err]).toEqual([1, said]);
    const csv = readFileSync(target, "utf8");
    const sha256 = createHash("sha256").update(csv).digest("hex");
    expect(JSON.parse(strict.out)).toEqual({ file: target, rows: 100_000, truncated: true, sha256 });
    const seqs = decodeCsv(csv).map(({ seq }) => seq);
    expect([seqs.length, seqs[0], seqs.at(-1)]).toEqual([100_000, 100_000, 1]);
    // Where every row that matches is there, the option has nothing to say.
    await run("send", ["--field", "outcome=success", "--field", "provider_id=once"]);
    const whole = await run("export", [...args, "--filter", "provider_id=once", "--fail-if-truncated"]);
    expect(whole).toMatchObject({ code: 0, out: expect.stringMatching(/^1 row → /), err: "" });
  });
});
