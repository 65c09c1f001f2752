import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { canonicalJson } from "../lib/ingest/canonical-json";
import { parseMicros } from "../lib/log-kinds/time";
import { answer, type Mood, problem, startStrictServer } from "../lib/testing/strict-server";
import { makeTerminal } from "../lib/testing/terminal";
import { main } from "./affidavit";
import { EventSender, type Outgoing } from "./event-sender";
import { ServerFault } from "./faults";
import { Server } from "./server";

const KEY = "afd_test_0000000000_secret";
const APP = "0198b6a2-52f0-7c3e-9a44-1f6f0c2f7a10";
/** What the server does before its work, once each. */
let moods: Mood[] = [];
const server = await startStrictServer({
  key: KEY,
  appId: APP,
  mood: (response) => moods.shift()?.(response) ?? false,
});
const { url, stored, requests } = server;

const folder = mkdtempSync(path.join(tmpdir(), "affidavit-import-"));
const fixture = fileURLToPath(new URL("fixtures/cloudtrail.ndjson", import.meta.url));
const lines = readFileSync(fixture, "utf8").trim().split("\n");

afterEach(() => {
  stored.clear();
  requests.length = 0;
  moods = [];
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const SPAN = "5 Mar 2024 08:00:00 – 5 Mar 2024 08:20:33 UTC";
const WINDOW = "from=2024-03-05T08%3A00%3A00.000Z&to=2024-03-05T08%3A20%3A34.000Z";
/** The end of a summary about the fixture. */
const where = () => `in "Demo app" (app id ${APP}) at ${url}, ${SPAN}\n${url}/logs/calls?app=${APP}&${WINDOW}\n`;
async function run(...args: string[]) {
  const { out, err, terminal } = makeTerminal();
  const code = await main(["import", "cloudtrail", "--url", url, "--key", KEY, ...args], terminal);
  return { code, out: out.join(""), err: err.join("") };
}
function write(name: string, content: string | Uint8Array): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

describe("affidavit import cloudtrail", () => {
  test("every record arrives with its own time, and a second import makes no doubles", async () => {
    expect(await run(fixture)).toEqual({
      code: 0,
      out: `20 records → 20 created, 0 duplicate, 0 refused ${where()}`,
      err: "",
    });
    const times = lines
      .map((line) => JSON.parse(line))
      .map((record) => parseMicros(record.eventTime ?? record["@timestamp"]));
    expect([...stored.values()].map((event) => parseMicros(JSON.parse(event).occurred_at))).toEqual(times);
    expect((await run(fixture)).out).toBe(`20 records → 0 created, 20 duplicate, 0 refused ${where()}`);
    expect(stored.size).toBe(20);
  });

  test("all forms of a file give the same rows", async () => {
    const records = lines.map((line) => JSON.parse(line));
    const forms = [JSON.stringify({ Records: records }), JSON.stringify(records, null, 2), lines.join("\n")];
    await run(fixture);
    for (const form of forms) {
      const { code, out } = await run(write("plain.json", form), write("packed.gz", gzipSync(form)));
      expect({ code, out }).toEqual({ code: 0, out: `40 records → 0 created, 40 duplicate, 0 refused ${where()}` });
    }
  });

  test("--app names the application, a path in --url is kept, batches stay under the limits", async () => {
    const { eventID: _, ...record } = JSON.parse(lines[0] as string);
    const many = Array.from({ length: 1_700 }, (_, n) => ({
      ...record,
      requestParameters: { n, pad: "x".repeat(1_500) },
    }));
    const { out } = await run("--url", `${url}/audit/`, "--app", APP, write("many.json", JSON.stringify(many)));
    expect(out).toContain("1,700 records → 1,700 created, 0 duplicate, 0 refused in ");
    expect(new Set(requests.map((request) => request.url))).toEqual(new Set([`/audit/v1/events?app_id=${APP}`]));
    expect(Math.max(...requests.map(({ events }) => events))).toBeLessThanOrEqual(1_000);
    expect(Math.max(...requests.map(({ bytes }) => bytes))).toBeLessThan(1_048_576);
    expect(requests.length).toBeLessThan(8);
  });

  test("records that cannot be stored as they are name line and reason, the others are stored", async () => {
    const broken = [
      lines[0],
      (lines[1] as string).replace('"MaxResults":100', '"MaxResults":12345678901234567890'),
      (lines[2] as string).replace('"eventName"', '"awsRegion":"twice","eventName"'),
      (lines[3] as string).replace('"@timestamp"', '"@time"'),
      "not json",
      '{"eventSource":"only"}',
      lines[4],
    ];
    const file = write("broken.ndjson", broken.join("\n"));
    const { code, out, err } = await run("--json", file);
    expect(code).toBe(1);
    const summary = JSON.parse(out);
    expect(summary).toMatchObject({ records: 7, sent: 2, created: 2, duplicate: 0, refused: 5 });
    expect(summary.refusals.map((refusal: { line: number }) => refusal.line)).toEqual([2, 3, 4, 5, 6]);
    expect(err).toContain(
      `${file}, line 2: /requestParameters/DescribeInstanceTypesRequest/MaxResults is an integer beyond 2^53-1 (inexact_number)`,
    );
    expect(err).toMatch(/line 3: \/awsRegion appears twice in one object \(duplicate_name\)/);
    expect(err).toMatch(/line 4: has no time/);
    expect(err).toMatch(/line 5: .*\(malformed_json\)/);
  });

  test("--dry-run sends nothing and finds the same faults", async () => {
    const { code, out } = await run("--dry-run", fixture, write("bad.ndjson", '{"a":1}'));
    expect(code).toBe(1);
    expect(out).toBe("21 records: 20 would be sent, 1 refused.\n");
    expect(requests).toEqual([]);
  });

  test("a file that cannot be read and one that is cut off: the rest is imported, exit code 1", async () => {
    const { code, out, err } = await run(path.join(folder, "missing"), write("cut.json", `[${lines[0]},`), fixture);
    expect(code).toBe(1);
    expect(out).toMatch(/^21 records → 20 created, 1 duplicate, 0 refused/);
    expect(err).toMatch(/missing: There is no such file/);
    expect(err).toMatch(/cut\.json: The file ends before/);
  });

  test("a wrong key stops at once, and is not told to run the same again", async () => {
    const { code, out, err } = await run("--key", "wrong", fixture);
    expect(code).toBe(1);
    expect(out).toBe(`20 records → 0 created, 0 duplicate, 0 refused in the key's own application at ${url}\n`);
    expect(err).toMatch(
      /answered 401: Send an API key\.\nThe key is mistyped, revoked, expired, or another server's\./,
    );
    expect(err).toMatch(/0 of the 20 records read so far were taken/);
    expect(err).toMatch(/Mend that first; then run the same command again/);
  });

  test("a refusal of something in between is none of the server's: nothing is given up for it", async () => {
    moods = [(response) => answer(response, 400, { code: "waf_blocked" })];
    const { code, out, err } = await run("--json", fixture);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ sent: 0, created: 0, refused: 0 });
    expect(err).toMatch(/answered 400: .*run the same command again/s);
    expect(moods).toHaveLength(0);
  });

  test("what is told as sent was taken, not only tried", async () => {
    moods = [
      (response) => problem(response, 422, "Nothing was stored.", [{ pointer: "/events/0", message: "is odd" }]),
      (response) => problem(response, 403, "This API key lacks the scope events:write."),
    ];
    const { code, out, err } = await run("--json", fixture);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ records: 20, sent: 0, created: 0, refused: 1, url });
    expect(err).toMatch(/answered 403: .* lacks the scope events:write\.\nMake a key with that scope/);
  });

  test("--json names server, application, and the portal's page with the window of the rows", async () => {
    const summary = JSON.parse((await run("--json", fixture)).out);
    expect(summary).toMatchObject({ sent: 20, url, app_id: APP, app_name: "Demo app" });
    const link = new URL(summary.portal);
    const window = ["from", "to"].map((name) => parseMicros(link.searchParams.get(name) ?? "") ?? 0);
    for (const { occurred_at } of [...stored.values()].map((event) => JSON.parse(event))) {
      expect(parseMicros(occurred_at)).toBeGreaterThanOrEqual(window[0] as number);
      expect(parseMicros(occurred_at)).toBeLessThan(window[1] as number);
    }
    expect(link.pathname).toBe("/logs/calls");
  });

  test("a progress bar on a screen only, and it is gone in the end", async () => {
    const { err, terminal } = makeTerminal([], true);
    await main(["import", "cloudtrail", "--url", url, "--key", KEY, fixture], terminal);
    expect(err[0]).toMatch(/\[#+\.*\] +\d+ % {2}[\d,]+ records$/);
    expect(err.at(-1)).toBe("\r\u001b[K");
  });

  test.each([
    [["import", "cloudtrail"]],
    [["import", "cloudtrail", "--nonsense", "f"]],
    [["import", "cloudtrail", "--url", "ftp://x", "--key", "k", "f"]],
  ])("%j cannot work: usage and exit code 2", async (args) => {
    const { err, terminal } = makeTerminal();
    expect(await main(args, terminal)).toBe(2);
    expect(err.join("")).toMatch(/affidavit import cloudtrail <file>… \[options\]/);
  });
});

describe("EventSender", () => {
  const event = (n: number, outcome = "success"): Outgoing => ({
    line: n,
    json: JSON.stringify({ id: `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`, kind: "call", outcome }),
  });
  function sender() {
    const refused: [number, string][] = [];
    const pauses: number[] = [];
    const server = new Server({
      base: new URL(url),
      apiKey: KEY,
      onRetry: (_, ms) => pauses.push(ms),
      wait: async () => {},
    });
    const made = new EventSender({ server, onRefused: ({ line }, reason) => refused.push([line, reason]) });
    return { made, refused, pauses };
  }

  test("503, 429, a lost connection and an answer lost after the commit: repeated with the same ids", async () => {
    moods = [
      (response) => problem(response, 503, "full") && true,
      (response) => answer(response, 429, {}, { "retry-after": "7" }),
      (response) => Boolean(response.destroy()),
      (response) => {
        stored.set(JSON.parse(event(1).json).id, canonicalJson(JSON.parse(event(1).json)));
        return Boolean(response.destroy());
      },
    ];
    const { made, pauses } = sender();
    await made.add(event(1));
    await made.add(event(2));
    await made.flush();
    expect(made.totals).toEqual({ created: 1, duplicate: 1, refused: 0 });
    expect(pauses).toHaveLength(4);
    expect(pauses[1]).toBe(7_000);
  });

  test("it gives up after ten attempts, saying why", async () => {
    moods = Array.from({ length: 10 }, () => (response: ServerResponse) => problem(response, 503, "the queue is full"));
    const { made } = sender();
    await made.add(event(1));
    await expect(made.flush()).rejects.toThrow(/answered 503: the queue is full/);
    await expect(made.flush()).resolves.toBeUndefined();
  });

  test("refused events are reported one by one and the rest is stored", async () => {
    const { made, refused } = sender();
    for (let n = 0; n < 120; n += 1) await made.add(event(n, n % 2 ? "success" : "nonsense"));
    await made.flush();
    expect(made.totals).toEqual({ created: 60, duplicate: 0, refused: 60 });
    expect(refused.map(([line]) => line)).toEqual(Array.from({ length: 60 }, (_, n) => n * 2));
    expect(refused[0]?.[1]).toMatch(/^\/outcome /);
  });

  test("a refusal that names no event is narrowed down to the one that causes it", async () => {
    stored.set(JSON.parse(event(5).json).id, "another body");
    const { made, refused } = sender();
    for (let n = 0; n < 20; n += 1) await made.add(event(n));
    await made.flush();
    expect(made.totals).toEqual({ created: 19, duplicate: 0, refused: 1 });
    expect(refused).toEqual([[5, expect.stringMatching(/used for another body/)]]);
  });

  test("a redirect is not followed, and no other server is taken for Affidavit", async () => {
    moods = [(response) => answer(response, 308, {}, { location: "https://elsewhere.example/" })];
    const { made } = sender();
    await made.add(event(1));
    await expect(made.flush()).rejects.toThrow(ServerFault);
    moods = [(response) => answer(response, 201, "created")];
    await made.add(event(1));
    await expect(made.flush()).rejects.toThrow(/is it Affidavit/);
    const { made: other, refused } = sender();
    moods = [(response) => answer(response, 422, "a proxy's own", { "content-type": "text/html" })];
    await other.add(event(1));
    await expect(other.flush()).rejects.toThrow(/answered 422: "a proxy's own"/);
    expect(refused).toEqual([]);
    moods = [(response) => answer(response, 413, "a proxy's own", { "content-type": "text/html" })];
    for (const n of [1, 2, 3]) await other.add(event(n));
    await other.flush();
    expect(other.totals).toEqual({ created: 3, duplicate: 0, refused: 0 });
  });
});
