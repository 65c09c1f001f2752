import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { CLEAN_ENVIRONMENT, eventually, ROOT } from "@/lib/testing/program";
import { counted, grouped } from "./words";

const BIN = path.join(ROOT, "cli/bin.mjs");
const folder = mkdtempSync(path.join(tmpdir(), "affidavit-process-"));
let api: TestApi;
let tenant: Tenant;
beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
  tenant = await makeTenant("Process");
  for (let n = 0; n < 3; n += 1) {
    const events = Array.from({ length: 1_000 }, () => ({ kind: "call", outcome: "success", reason: "r".repeat(100) }));
    expect((await ask(api, tenant.key, "/v1/events", { body: { events } })).status).toBe(201);
  }
});
afterAll(async () => {
  await api.close();
  rmSync(folder, { recursive: true });
});

const environment = () => ({ ...CLEAN_ENVIRONMENT, AFFIDAVIT_URL: api.url, AFFIDAVIT_API_KEY: tenant.key });

interface Started {
  child: ChildProcess;
  said: { out: string; err: string };
  ended: Promise<number | string | null>;
}
function start(command: string, args: string[], stdout: "pipe" | number = "pipe"): Started {
  const child = spawn(command, args, { cwd: folder, env: environment(), stdio: ["pipe", stdout, "pipe"] });
  const said = { out: "", err: "" };
  child.stdout?.on("data", (chunk: Buffer) => {
    said.out += chunk.toString();
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    said.err += chunk.toString();
  });
  return {
    child,
    said,
    ended: new Promise((resolve) => child.once("close", (code, signal) => resolve(code ?? signal))),
  };
}

test("Ctrl-C ends tail -f with 130, and whoever started it may go on", async () => {
  const { child, said, ended } = start(process.execPath, [BIN, "tail", "-f", "--json", "--limit", "100000"]);
  await eventually("all rows are printed", () => said.out.split("\n").length > 3_000);
  child.kill("SIGINT");
  expect(await ended).toBe(130);
  expect(said.err).toBe("");
});

test("Ctrl-C ends send while it waits for input, and it says what was taken", async () => {
  const { child, said, ended } = start(process.execPath, [BIN, "send", "--json"]);
  const line = `${JSON.stringify({ kind: "call", outcome: "success" })}\n`;
  child.stdin?.write(line.repeat(2_500));
  const count = async () => (await ask(api, tenant.key, "/v1/events?limit=1")).body.head_seq;
  const before = 2_999;
  await eventually("two batches are stored", async () => (await count()) >= before + 2_000);
  child.kill("SIGINT");
  expect(await ended).toBe(130);
  const summary = JSON.parse(said.out);
  expect(summary.sent).toBe((await count()) - before);
  expect(said.err).toContain(
    `Interrupted. Not everything was sent: ${grouped(summary.sent)} of the ${counted(summary.events, "events")} read`,
  );
});

test("whoever reads goes away: no word, code 0, and the cursor is not ahead of what was read", async () => {
  const script = `"${process.execPath}" "${BIN}" tail --json --cursor-file pipe.cursor | head -n 1 > /dev/null; echo "\${PIPESTATUS[0]}"`;
  const { said, ended } = start("bash", ["-c", script]);
  expect(await ended).toBe(0);
  expect(said).toEqual({ out: "0\n", err: "" });
});

test("tail killed again and again: its file holds every row", async () => {
  const file = path.join(folder, "rows.ndjson");
  appendFileSync(file, "");
  const args = [BIN, "tail", "--json", "--cursor-file", path.join(folder, "killed.cursor")];
  for (let kill = 1; kill <= 6; kill += 1) {
    const before = readFileSync(file).length;
    const { child, ended } = start(process.execPath, args, openSync(file, "a"));
    await eventually("it prints", () => readFileSync(file).length > before || child.exitCode !== null);
    child.kill("SIGKILL");
    await ended;
  }
  expect(await start(process.execPath, args, openSync(file, "a")).ended).toBe(0);
  const { head_seq: head } = (await ask(api, tenant.key, "/v1/events?limit=1")).body;
  const seqs = new Set<number>();
  let torn = 0;
  for (const line of readFileSync(file, "utf8").split("\n").filter(Boolean)) {
    try {
      seqs.add((JSON.parse(line) as { seq: number }).seq);
    } catch {
      torn += 1; // A kill cut it short; the row stands whole on a line of its own below.
    }
  }
  expect(torn).toBeLessThanOrEqual(6);
  expect(seqs.size).toBe(head + 1);
});
