import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { receiptsFor, type Stub, type StubAnswer, startStub } from "../testing/audit-stub";
import { closedAddress } from "../testing/provider";
import { Affidavit, type CallEvent, type SpoolReport } from "./index";

const call = (reason: string): CallEvent => ({ kind: "call", outcome: "success", reason });
const opened: { close: () => Promise<void> }[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "afd-spool-"));
  folders.push(folder);
  return path.join(folder, "spool");
}

interface Options {
  url: string;
  folder: string;
  bytesMax?: number;
  reports?: SpoolReport[];
  timeoutMs?: number;
}

function connect({ url, folder, bytesMax, reports = [], timeoutMs = 5_000 }: Options): Affidavit {
  const client = new Affidavit({
    url,
    apiKey: "afd_live_x",
    timeoutMs,
    spool: { folder, onReport: (report) => reports.push(report), ...(bytesMax ? { bytesMax } : {}) },
  });
  opened.push(client);
  return client;
}

async function stubbed(answer: (events: readonly { id: string }[], attempt: number) => StubAnswer): Promise<Stub> {
  const stub = await startStub(answer);
  opened.push(stub);
  return stub;
}

/** Fills a folder as a process that could not reach the server would, and leaves. @returns the ids */
async function fill(folder: string, reasons: readonly string[]): Promise<string[]> {
  const client = connect({ url: await closedAddress(), folder });
  const ids: string[] = [];
  for (const reason of reasons) {
    const [receipt] = await client.record(call(reason));
    expect(receipt).toEqual({ id: expect.any(String), status: "spooled" });
    ids.push(receipt?.id ?? "");
  }
  await client.close();
  return ids;
}

const segments = (folder: string) => readdirSync(folder).filter((name) => /^\d{12}\.ndjson$/.test(name));
const linesOf = (folder: string) =>
  segments(folder)
    .sort()
    .flatMap((name) => readFileSync(path.join(folder, name), "utf8").split("\n").filter(Boolean));
const refusedOf = (folder: string) =>
  readFileSync(path.join(folder, "refused.ndjson"), "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
const sentIds = (stub: Stub) => stub.requests.flatMap(({ body }) => body?.events.map(({ id }) => id) ?? []);

describe("an outage", () => {
  test("events are on disk before the answer, and the next start sends them in order", async () => {
    const folder = newFolder();
    const ids = await fill(folder, ["a", "b", "c"]);
    expect(linesOf(folder).map((line) => JSON.parse(line))).toMatchObject(
      ids.map((id) => ({ event: { id, context: { emitter: {} } }, spooled_at: expect.stringMatching(/Z$/) })),
    );
    const stub = await stubbed(receiptsFor);
    const client = connect({ url: stub.url, folder });
    await client.flush();
    expect(sentIds(stub)).toEqual(ids);
    expect(readdirSync(folder)).toEqual(["lock"]);
    expect(await client.record(call("d"))).toMatchObject([{ status: "created" }]);
  });

  test("it ends in the background, and what came meanwhile keeps its place", async () => {
    let isAway = true;
    const stub = await stubbed((events) => (isAway ? { status: 503, body: {} } : receiptsFor(events)));
    const folder = newFolder();
    const reports: SpoolReport[] = [];
    const client = connect({ url: stub.url, folder, reports });
    const ids: string[] = [];
    for (const reason of "abcdef") ids.push((await client.record(call(reason)))[0]?.id ?? "");
    stub.requests.length = 0;
    isAway = false;
    await client.flush();
    expect(sentIds(stub)).toEqual(ids);
    expect(reports.map(({ kind }) => kind)).toEqual(["waiting"].slice(0, reports.length));
  });

  test("flush says what is in the way, and loses nothing", async () => {
    const folder = newFolder();
    const ids = await fill(folder, ["a"]);
    const client = connect({ url: await closedAddress(), folder, timeoutMs: 300 });
    await expect(client.flush()).rejects.toMatchObject({ code: "network_error" });
    await client.close();
    expect(linesOf(folder)).toHaveLength(ids.length);
  });

  test('onFailure: "throw" goes past the spool', async () => {
    const folder = newFolder();
    const client = connect({ url: await closedAddress(), folder, timeoutMs: 200 });
    await expect(client.record(call("a"), { onFailure: "throw" })).rejects.toMatchObject({ code: "network_error" });
    expect(segments(folder)).toEqual([]);
  });

  test("a key that is refused is said at once and nothing is spooled for it", async () => {
    const stub = await stubbed(() => ({ status: 401, body: { code: "unauthenticated", status: 401, detail: "no" } }));
    const folder = newFolder();
    const client = connect({ url: stub.url, folder });
    await expect(client.record(call("a"))).rejects.toMatchObject({ code: "unauthenticated" });
    expect(segments(folder)).toEqual([]);
  });

  test("events that wait behind a refused key stay, and new ones are told why", async () => {
    const folder = newFolder();
    const ids = await fill(folder, ["a", "b"]);
    let isRevoked = true;
    const stub = await stubbed((events) =>
      isRevoked ? { status: 403, body: { code: "forbidden", status: 403, detail: "no" } } : receiptsFor(events),
    );
    const reports: SpoolReport[] = [];
    const client = connect({ url: stub.url, folder, reports });
    await expect.poll(() => reports.map(({ kind }) => kind)).toEqual(["blocked"]);
    await expect(client.record(call("c"))).rejects.toMatchObject({ code: "forbidden" });
    await client.close();
    isRevoked = false;
    const again = connect({ url: stub.url, folder });
    stub.requests.length = 0;
    await again.flush();
    expect(sentIds(stub)).toEqual(ids);
  });
});

describe("what is no answer of Affidavit's", () => {
  test.each<[string, StubAnswer]>([
    ["a proxy's 400", { status: 400, headers: { "content-type": "text/html" }, body: "bad request" }],
    ["a proxy's 413", { status: 413, headers: { "content-type": "text/html" }, body: "too large" }],
    ["a gateway's 422 in JSON", { status: 422, headers: { "content-type": "application/json" }, body: { code: "E7" } }],
    ["a problem without a code", { status: 422, body: { status: 422, detail: "no" } }],
    ["a firewall's 403", { status: 403, headers: { "content-type": "text/html" }, body: "forbidden" }],
    ["an ingress' 404", { status: 404, headers: { "content-type": "text/html" }, body: "default backend" }],
    ["a page with 200", { status: 200, headers: { "content-type": "text/html" }, body: "<html>" }],
    ["201 without receipts", { status: 201, body: { ok: true } }],
  ])("%s: the events wait for one, nothing is refused or rejected", async (_, odd) => {
    let isOdd = true;
    const stub = await stubbed((events) => (isOdd ? odd : receiptsFor(events)));
    const folder = newFolder();
    const reports: SpoolReport[] = [];
    const client = connect({ url: stub.url, folder, reports });
    const ids = [(await client.record(call("a")))[0]?.id];
    // Asked again from the spool, too.
    await expect.poll(() => stub.requests.length).toBeGreaterThan(1);
    const [second] = await client.record(call("b"));
    expect(second?.status).toBe("spooled");
    expect(linesOf(folder)).toHaveLength(2);
    await expect.poll(() => reports.map(({ kind }) => kind)).toEqual(["waiting"]);
    isOdd = false;
    stub.requests.length = 0;
    await client.flush();
    expect(sentIds(stub)).toEqual([...ids, second?.id]);
    expect(readdirSync(folder)).toEqual(["lock"]);
  });
});

describe("what the server will never take", () => {
  test("is moved aside with the reason and reported; the rest goes on", async () => {
    const folder = newFolder();
    const ids = await fill(folder, ["a", "bad", "b", "bad", "c"]);
    const stub = await stubbed((events) => {
      const errors = events.flatMap((event, index) =>
        (event as CallEvent).reason === "bad" ? [{ pointer: `/events/${index}`, message: "is bad" }] : [],
      );
      return errors.length > 0
        ? { status: 422, body: { code: "invalid_request", status: 422, detail: "no", errors } }
        : receiptsFor(events);
    });
    const reports: SpoolReport[] = [];
    const client = connect({ url: stub.url, folder, reports });
    await client.flush();
    expect(refusedOf(folder)).toMatchObject(
      [ids[1], ids[3]].map((id) => ({ event: { id }, problem: { code: "invalid_request" } })),
    );
    expect(reports.map(({ kind, eventId }) => [kind, eventId])).toEqual([ids[1], ids[3]].map((id) => ["refused", id]));
    expect(segments(folder)).toEqual([]);
    const taken = stub.requests.filter(({ body }) =>
      body?.events.every((event) => (event as CallEvent).reason !== "bad"),
    );
    expect(taken.flatMap(({ body }) => body?.events.map(({ id }) => id))).toEqual([ids[0], ids[2], ids[4]]);
  });

  test("half a line, after a crash in the middle of a write, is kept aside and stops nothing", async () => {
    const folder = newFolder();
    const [first] = await fill(folder, ["a"]);
    const [name = ""] = segments(folder);
    const whole = readFileSync(path.join(folder, name), "utf8");
    writeFileSync(path.join(folder, name), `${whole}${whole.slice(0, 70)}`);
    const [second] = await fill(folder, ["b"]);
    const stub = await stubbed(receiptsFor);
    const client = connect({ url: stub.url, folder });
    await client.flush();
    expect(sentIds(stub)).toEqual([first, second]);
    expect(refusedOf(folder)).toMatchObject([{ event: whole.slice(0, 70), problem: { code: "spool_damaged" } }]);
  });
});

describe("close", () => {
  /** Its own 2 s and what a busy machine adds; one attempt of the client takes 10 s, a look at a lock 6 s. */
  const CLOSED_WITHIN_MS = 5_000;

  test("waits little for a request that hangs, on a connection that was used before", async () => {
    const stub = await stubbed((_, attempt) => (attempt === 1 ? { status: 503 } : undefined));
    const client = connect({ url: stub.url, folder: newFolder() });
    await client.record(call("a"));
    await expect.poll(() => stub.requests.length).toBe(2);
    const begun = performance.now();
    await client.close();
    expect(performance.now() - begun).toBeLessThan(CLOSED_WITHIN_MS);
    await expect(client.flush()).rejects.toMatchObject({ code: "closed" });
  });

  test("does not wait for a sign of life from another container", async () => {
    const folder = newFolder();
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, "lock"), JSON.stringify({ pid: 1, started: "1", space: "another container" }));
    const client = connect({ url: await closedAddress(), folder });
    const begun = performance.now();
    await client.close();
    expect(performance.now() - begun).toBeLessThan(CLOSED_WITHIN_MS);
  });
});

describe("limits", () => {
  test("a full spool says so, and keeps what it has", async () => {
    const folder = newFolder();
    const client = connect({ url: await closedAddress(), folder, bytesMax: 1_500 });
    const results = await Promise.allSettled("abcdefgh".split("").map((reason) => client.record(call(reason))));
    const kept = results.filter(({ status }) => status === "fulfilled");
    expect(kept.length).toBeGreaterThan(2);
    expect(kept.length).toBeLessThan(8);
    for (const result of results)
      if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "spool_full" });
    expect(linesOf(folder)).toHaveLength(kept.length);
  });

  test("one older than 29 days is refused, and not touched", async () => {
    const folder = newFolder();
    await fill(folder, ["a"]);
    const [name = ""] = segments(folder);
    const file = path.join(folder, name);
    const old = new Date(Date.now() - 29.01 * 86_400_000).toISOString();
    writeFileSync(file, readFileSync(file, "utf8").replace(/"spooled_at":"[^"]+"/, `"spooled_at":"${old}"`));
    const before = readFileSync(file, "utf8");
    const stub = await stubbed(receiptsFor);
    const reports: SpoolReport[] = [];
    const client = connect({ url: stub.url, folder, reports });
    await expect(client.record(call("b"))).rejects.toMatchObject({
      code: "spool_expired",
      message: expect.stringContaining(old),
    });
    expect(reports[0]).toMatchObject({ kind: "blocked", error: { code: "spool_expired" } });
    expect(readFileSync(file, "utf8")).toBe(before);
    expect(stub.requests).toEqual([]);
    const young = new Date(Date.now() - 28.9 * 86_400_000).toISOString();
    writeFileSync(file, before.replace(old, young));
    await client.flush();
    expect(sentIds(stub)).toHaveLength(1);
  });

  test("one process a folder; the lock of a dead one is taken over", async () => {
    const folder = newFolder();
    const url = await closedAddress();
    const first = connect({ url, folder });
    await first.record(call("a"));
    const held = JSON.parse(readFileSync(path.join(folder, "lock"), "utf8"));
    const second = connect({ url, folder });
    await expect(second.record(call("b"))).rejects.toMatchObject({
      code: "spool_locked",
      message: expect.stringContaining(`process ${process.pid}`),
    });
    await first.close();
    expect(await second.record(call("b"))).toMatchObject([{ status: "spooled" }]);
    await second.close();
    writeFileSync(path.join(folder, "lock"), JSON.stringify({ ...held, pid: 2 ** 22 - 1 }));
    expect(await connect({ url, folder }).record(call("c"))).toMatchObject([{ status: "spooled" }]);
  });

  test("a process that lost the folder during a long pause writes nothing more, until it is free again", async () => {
    const folder = newFolder();
    const lock = path.join(folder, "lock");
    const client = connect({ url: await closedAddress(), folder });
    await client.record(call("a"));
    const other = JSON.stringify({ ...JSON.parse(readFileSync(lock, "utf8")), token: "another's" });
    writeFileSync(lock, other);
    await expect(client.record(call("b"))).rejects.toMatchObject({ code: "spool_locked" });
    expect(linesOf(folder)).toHaveLength(1);
    expect(readFileSync(lock, "utf8")).toBe(other);
    rmSync(lock);
    expect(await client.record(call("c"))).toMatchObject([{ status: "spooled" }]);
    expect(linesOf(folder)).toHaveLength(2);
  });

  test("a folder that cannot be made says so", async () => {
    const folder = newFolder();
    mkdirSync(path.dirname(folder), { recursive: true });
    writeFileSync(folder, "a file");
    const client = connect({ url: await closedAddress(), folder });
    await expect(client.record(call("a"))).rejects.toMatchObject({ code: "spool_unwritable" });
  });
});
