import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { callEvent, linesOf, rowsOf } from "@/lib/testing/call-lines";
import { createTestDatabase } from "@/lib/testing/database";
import { commandRunner } from "@/lib/testing/terminal";
import { main } from "./affidavit";

/** What the command line does when something between it and the server loses or changes a part of an answer. */
interface Harm {
  /** Another body for the server's. */
  body?: (body: string) => string;
  /** The answer's trailers are not passed on. */
  dropsTrailers?: true;
  /** The connection ends after so many bytes. */
  bytesMax?: number;
  /** So many requests are answered 503 first. */
  busy?: number;
}
let harm: Harm = {};

let api: TestApi;
let tenant: Tenant;
const folder = mkdtempSync(path.join(tmpdir(), "affidavit-broken-"));
const proxy = http.createServer((request, response) => {
  if (harm.busy) {
    harm.busy -= 1;
    response.writeHead(503, { "content-type": "application/problem+json" });
    response.end(JSON.stringify({ code: "unavailable", detail: "Too many downloads." }));
    return;
  }
  http.get(api.url + request.url, { headers: request.headers }, async (answer) => {
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString("utf8");
    const { "content-length": _, "transfer-encoding": __, ...headers } = answer.headers;
    response.writeHead(answer.statusCode ?? 0, { ...headers, "transfer-encoding": "chunked" });
    const sent = Buffer.from(harm.body ? harm.body(body) : body);
    if (harm.bytesMax !== undefined) {
      response.write(sent.subarray(0, harm.bytesMax), () => response.destroy());
      return;
    }
    response.write(sent);
    if (!harm.dropsTrailers) response.addTrailers(answer.trailers as Record<string, string>);
    response.end();
  });
});

beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
  tenant = await makeTenant("Broken");
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const events = path.join(folder, "events.ndjson");
  writeFileSync(events, linesOf(...Array.from({ length: 600 }, (_, n) => callEvent(n))));
  await commandRunner(main, () => ({ url: api.url, key: tenant.key }))("send", [events]);
});
afterAll(async () => {
  proxy.closeAllConnections();
  await new Promise((resolve) => proxy.close(resolve));
  await api.close();
  rmSync(folder, { recursive: true });
});

/** One command behind the proxy. */
async function runThrough(does: Harm, words: string, args: readonly string[]) {
  harm = does;
  const { port } = proxy.address() as AddressInfo;
  return commandRunner(main, () => ({ url: `http://127.0.0.1:${port}`, key: tenant.key }))(words, args);
}

describe("tail", () => {
  /** A page without these rows. */
  const without = (...left: number[]): Harm => ({
    body: (body) => {
      const page = JSON.parse(body) as { events: { seq: number }[] };
      return JSON.stringify({ ...page, events: page.events.filter(({ seq }) => !left.includes(seq)) });
    },
  });

  test("stops at a row that is left out, inside a page and between pages, before it prints or keeps anything behind it", async () => {
    const cursor = path.join(folder, "hole.cursor");
    const inside = await runThrough(without(7), "tail", ["--json", "--cursor-file", cursor]);
    expect(inside).toEqual({ code: 1, out: "", err: "The tail goes from 6 to 8: rows between are missing.\n" });
    expect(existsSync(cursor)).toBe(false);
    // A page has 250 rows: the second begins with 250.
    const between = await runThrough(without(250, 251), "tail", ["--json", "--cursor-file", cursor]);
    expect([between.code, between.err]).toEqual([1, "The tail goes from 249 to 252: rows between are missing.\n"]);
    expect(rowsOf(between.out).map(({ seq }) => seq)).toEqual(Array.from({ length: 250 }, (_, seq) => seq));
    // Once nothing is lost any more, it goes on behind what was printed.
    const rest = await runThrough({}, "tail", ["--json", "--cursor-file", cursor]);
    expect(rowsOf(rest.out)[0]?.seq).toBe(250);
  });

  test("with a filter takes what comes: rows between were left out on purpose", async () => {
    const { code, out } = await runThrough({}, "tail", ["--json", "--filter", "outcome=policy_denial"]);
    expect([code, rowsOf(out).length]).toEqual([0, 200]);
  });
});

describe("export", () => {
  const target = path.join(folder, "rows.csv");
  const args = ["--from", "2026-11-21", "--to", "2026-11-22", "-o", target];
  const csvs = () => readdirSync(folder).filter((name) => name.includes("rows.csv"));

  test.each<[string, Harm, RegExp]>([
    [
      "bytes differ",
      { body: (csv) => csv.replace("success", "succesS") },
      /The SHA-256 differs: the server sent [0-9a-f]{64}, what/,
    ],
    [
      "a row is missing",
      { body: (csv) => csv.replace(/\r\n.*\r\n/, "\r\n") },
      /has 599 rows, and the server promised 600/,
    ],
    ["the SHA-256 is missing", { dropsTrailers: true }, /lacks the SHA-256 that was announced: it is not whole/],
    ["the end is missing", { bytesMax: 20_000 }, /The answer broke off after \d+ of 600 rows/],
  ])("leaves no file when %s", async (_, does, message) => {
    rmSync(target, { force: true });
    expect(await runThrough(does, "export", args)).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringMatching(message),
    });
    expect(csvs()).toEqual([]);
    writeFileSync(target, "of yesterday");
    expect((await runThrough(does, "export", [...args, "--force"])).code).toBe(1);
    expect([csvs(), readFileSync(target, "utf8")]).toEqual([["rows.csv"], "of yesterday"]);
  });

  test("waits while the server is busy, and gives up after three times", async () => {
    const waited = await runThrough({ busy: 2 }, "export", [...args, "--force"]);
    expect(waited).toMatchObject({ code: 0, err: expect.stringMatching(/Too many downloads.*Too many downloads/s) });
    const left = await runThrough({ busy: 3 }, "export", [...args, "--force"]);
    expect(left).toMatchObject({ code: 1, err: expect.stringContaining("answered 503: Too many downloads.") });
  });

  test("takes the same file when nothing is harmed", async () => {
    const { code, out } = await runThrough({}, "export", [...args, "--force"]);
    expect([code, out.split("\n")[0]]).toEqual([0, `600 rows → ${target} (count and SHA-256 are as the server said)`]);
  });
});
