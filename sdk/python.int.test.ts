import { randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { canonicalJson } from "./src/canonical-json";
import { Affidavit, type Event, findGaps } from "./src/index";
import { findPython, run } from "./testing/programs";
import { closedAddress } from "./testing/provider";
import { Python } from "./testing/python-client";
import { allRows, differences, NO_DIFFERENCE } from "./testing/rows";
import { SDK } from "./testing/sdk-places";

/** What both clients must do alike: the same documents, the same spool, the same lock. */
let api: TestApi;
let tenant: Tenant;
let python: Python;
let gone: string;
let folder: string;
let reader: Affidavit;

beforeAll(async () => {
  await createTestDatabase();
  [api, gone] = await Promise.all([startApi(), closedAddress()]);
  python = new Python();
});
afterAll(async () => {
  await python.end();
  await api.close();
});
beforeEach(async () => {
  tenant = await makeTenant("Two clients");
  folder = mkdtempSync(path.join(tmpdir(), "afd-spool-"));
  reader = new Affidavit({ url: api.url, apiKey: tenant.key });
});
afterEach(async () => {
  await reader.close();
  rmSync(folder, { recursive: true, force: true });
});

const spoolOf = (name: string) => path.join(folder, name);
const typescript = (url: string, spool: string) =>
  new Affidavit({ url, apiKey: tenant.key, spool: { folder: spoolOf(spool), onReport: () => {} } });
const pythonOptions = (url: string, spool: string) => ({ url, api_key: tenant.key, spool_folder: spoolOf(spool) });

function linesOf(spool: string): string[] {
  return readdirSync(spoolOf(spool))
    .filter((name) => /^\d{12}\.ndjson$/.test(name))
    .sort()
    .flatMap((name) =>
      readFileSync(path.join(spoolOf(spool), name), "utf8")
        .split("\n")
        .filter(Boolean),
    );
}

const EVENTS: Event[] = [
  { id: "0190A0F0-5C1E-4D5B-9D52-0C2F4F7A1B3C", kind: "call", outcome: "success", reason: 'é😀\u2028\u007f\u0001"\\/' },
  {
    id: randomUUID(),
    kind: "call",
    outcome: "network_error",
    latency_ms: 1e3,
    context: { b: 0.1, a: [1e21, -0, 5e-324] },
  },
  { id: randomUUID(), kind: "call", outcome: "success", occurred_at: "2026-01-02T03:04:05Z", grant_scopes: ["b", "a"] },
  { kind: "call", outcome: "success", context: { 10: 1, 9: 2, "\ufb33": 3, "😀": 4 } },
  { kind: "call", outcome: "policy_denial", occurred_at: "2026-01-02T03:04:05.678Z", reason: null },
];

describe("the same input", () => {
  test("makes the same lines of a spool", async () => {
    const client = typescript(gone, "ts");
    const own = await client.record(EVENTS);
    await client.close();
    const receipts = await python.ask({ do: "record", client: pythonOptions(gone, "py"), events: EVENTS });
    expect(receipts.map(({ status }: { status: string }) => status)).toEqual(own.map(({ status }) => status));
    expect(receipts[0].id).toBe(own[0]?.id);
    const [mine, theirs] = [linesOf("ts"), linesOf("py")];
    const undated = (line: string) => line.replace(/"spooled_at":"[^"]{24}"\}$/, "");
    expect(theirs.slice(0, 3).map(undated)).toEqual(mine.slice(0, 3).map(undated));
    expect(mine.slice(0, 3).map((line) => JSON.parse(line).event.id)).toEqual(EVENTS.slice(0, 3).map(({ id }) => id));
    /** Ids and times that a client makes are new each time, of one form. */
    const anonymous = (line: string) =>
      line.replace(/"[0-9a-f]{8}-[0-9a-f-]{27}"/g, "id").replace(/"20\d\d-[\d-]{5}T[\d:.]{12}Z"/g, "time");
    expect(theirs.slice(3).map(anonymous)).toEqual(mine.slice(3).map(anonymous));
    expect(mine[4]).toContain('"seq":1}');
    expect(theirs[4]).toContain('"occurred_at":"2026-01-02T03:04:05.678Z"');
  });

  test("is the same text for every JSON value", async () => {
    const values = fc.sample(fc.jsonValue({ maxDepth: 4 }), 2_000);
    const numbers = fc.sample(fc.double({ noNaN: true, noDefaultInfinity: true }), 2_000);
    const given = [...values, ...numbers];
    // The driver reads what JSON.stringify wrote; 1.0 and 1 are one number in JSON and two in Python.
    expect(await python.ask({ do: "canonical", values: given })).toEqual(given.map(canonicalJson));
  });

  test("is stored as the same rows, read alike by both", async () => {
    await python.ask({ do: "record", client: { url: api.url, api_key: tenant.key }, events: EVENTS.slice(2) });
    await reader.record(EVENTS.slice(2, 3));
    const pages = await python.ask({
      do: "tail",
      client: { url: api.url, api_key: tenant.key },
      options: { limit: 2 },
    });
    const rows = await allRows(reader);
    expect(pages.flatMap(({ events }: { events: unknown[] }) => events)).toEqual(rows);
    expect(rows).toHaveLength(3);
    const options = {
      from_: "2026-01-01T00:00:00Z",
      to: "2026-02-01T00:00:00Z",
      kind: "call",
      filters: { outcome: "success" },
    };
    const page = await python.ask({ do: "search", client: { url: api.url, api_key: tenant.key }, options });
    const { from_: from, ...rest } = options;
    expect(page).toEqual(await reader.search({ from, ...rest }));
    expect(page.events).toHaveLength(1);
  });

  test("has the same gaps", async () => {
    const rows = [5, 0, 2, 3, 9].map((seq) => ({ context: { emitter: { id: "a", seq } } }));
    const [gap] = findGaps(rows);
    expect(await python.ask({ do: "gaps", rows })).toEqual([
      { emitter_id: gap?.emitterId, last_seq: gap?.lastSeq, missing: gap?.missing, count: gap?.count },
    ]);
  });
});

describe("one spool", () => {
  const some = (count: number): Event[] =>
    Array.from({ length: count }, () => ({ id: randomUUID(), kind: "call", outcome: "success" }));

  test("written by both is sent by either, in order", async () => {
    const [a, b, c] = [some(3), some(3), some(3)];
    const first = typescript(gone, "s");
    await first.record(a);
    await first.close();
    await python.ask({ do: "record", client: pythonOptions(gone, "s"), events: b });
    await python.ask({ do: "close", client: pythonOptions(gone, "s") });
    const second = typescript(gone, "s");
    await second.record(c);
    await second.close();
    expect(readdirSync(spoolOf("s")).filter((name) => name.endsWith(".ndjson"))).toHaveLength(3);

    await python.ask({ do: "flush", client: pythonOptions(api.url, "s") });
    const ids = [...a, ...b, ...c].map(({ id }) => id);
    expect((await allRows(reader)).map(({ id }) => id)).toEqual(ids);

    const more = some(2);
    await python.ask({ do: "close", client: pythonOptions(api.url, "s") });
    await python.ask({ do: "record", client: { ...pythonOptions(gone, "s"), timeout: 1 }, events: more });
    await python.ask({ do: "close", client: { ...pythonOptions(gone, "s"), timeout: 1 } });
    const third = typescript(api.url, "s");
    await third.flush();
    await third.close();
    expect((await allRows(reader)).map(({ id }) => id)).toEqual([...ids, ...more.map(({ id }) => id)]);
    expect(readdirSync(spoolOf("s"))).toEqual([]);
  });

  test("the refused and the damaged are kept aside by both alike", async () => {
    const good: Event = { id: randomUUID(), kind: "call", outcome: "success", occurred_at: "2026-01-02T03:04:05Z" };
    for (const name of ["ts", "py"]) {
      const client = typescript(gone, name);
      await client.record([
        good,
        { id: "0190a0f0-5c1e-4d5b-9d52-0c2f4f7a1b3c", kind: "call", outcome: "success", latency_ms: -1 },
        { id: "0190a0f0-5c1e-4d5b-9d52-0c2f4f7a1b3d", kind: "call", outcome: "success", retry_count: -1 },
      ]);
      await client.close();
    }
    const client = typescript(api.url, "ts");
    await client.flush();
    await client.close();
    await python.ask({ do: "flush", client: pythonOptions(api.url, "py") });
    const refused = (name: string) =>
      readFileSync(path.join(spoolOf(name), "refused.ndjson"), "utf8")
        .replace(/"refused_at":"[^"]+"/g, "")
        .replace(/"request_id":"[^"]+"/g, "");
    expect(refused("py")).toBe(refused("ts"));
    expect(refused("ts")).toContain('"pointer":"/events/0/latency_ms"');
    expect(refused("ts")).toContain('"pointer":"/events/0/retry_count"');
    expect((await allRows(reader)).map(({ id }) => id)).toEqual([good.id]);
    await python.ask({ do: "close", client: pythonOptions(api.url, "py") });
  });

  test("is one process's at a time, and a killed one's at once", async () => {
    const other = new Python();
    expect(await other.ask({ do: "record", client: pythonOptions(gone, "s"), events: some(1) })).toHaveLength(1);
    const client = typescript(gone, "s");
    await expect(client.record(some(1))).rejects.toMatchObject({ code: "spool_locked" });
    await other.end("SIGKILL");
    expect(await client.record(some(1))).toMatchObject([{ status: "spooled" }]);
    const locked = await python.ask({ do: "record", client: pythonOptions(gone, "s"), events: some(1) });
    expect(locked).toMatchObject({ error: { code: "spool_locked" } });
    await client.close();
  });

  test("survives SIGKILL: what was answered is sent", async () => {
    const answered: string[] = [];
    for (let kills = 0; kills < 3; kills += 1) {
      const victim = new Python();
      const ask = async () => {
        for (;;) {
          const receipts = await victim.ask({ do: "record", client: pythonOptions(gone, "s"), events: some(3) });
          if (!Array.isArray(receipts)) return;
          answered.push(...receipts.map(({ id }: { id: string }) => id));
        }
      };
      const asking = ask();
      await expect.poll(() => answered.length, { interval: 5 }).toBeGreaterThan(60 * (kills + 1));
      await victim.end("SIGKILL");
      await asking;
    }
    const client = typescript(api.url, "s");
    await client.flush();
    await client.close();
    const { lost, doubled } = differences(
      answered,
      (await allRows(reader)).map(({ id }) => id),
    );
    expect({ lost, doubled, unknown: [] }).toEqual(NO_DIFFERENCE);
  });
});

test("the Python client's own tests", async () => {
  const program = [
    "import sys, unittest",
    "result = unittest.TextTestRunner(stream=sys.stdout, warnings='error').run(unittest.defaultTestLoader.discover(sys.argv[1]))",
    "sys.exit(not result.wasSuccessful() or result.testsRun == 0 or bool(result.skipped))",
  ].join("\n");
  expect(await run(findPython(), ["-c", program, path.join(SDK, "python/tests")])).toMatch(/Ran \d+ tests/);
});
