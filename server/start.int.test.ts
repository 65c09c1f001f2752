import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { eventually, Program, processesAbout, ROOT } from "@/lib/testing/program";
import { ensurePrismaClient } from "../scripts/generate-prisma";
import { probePort } from "./listen-address";
import { NEXT_DIST } from "./places";
import { buildPortal, needsBuild } from "./portal-build";

const READY_MS = 60_000;
const home = mkdtempSync(path.join(tmpdir(), "afd-test-start-"));
chmodSync(home, 0o711);
const dataDir = path.join(home, "my data");
const programs: Program[] = [];
let port = 0;

function start(extra: Record<string, string> = {}, entry = "server/start.ts"): Program {
  const program = new Program(entry, {
    AFFIDAVIT_DATA_DIR: dataDir,
    PORT: String(port),
    AFFIDAVIT_HOST: "127.0.0.1",
    ...extra,
  });
  programs.push(program);
  return program;
}

async function ready(extra: Record<string, string> = {}): Promise<Program> {
  const program = start(extra);
  await program.says("Ctrl-C stops it", READY_MS);
  return program;
}

const credentials = () => JSON.parse(readFileSync(path.join(dataDir, "demo-credentials.json"), "utf8"));

async function api(method: string, address: string, body?: unknown): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}${address}`, {
    method,
    headers: { Authorization: `Bearer ${credentials().api_key}`, "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
}

async function writeRow(): Promise<{ id: string }> {
  const answer = await api("POST", "/v1/events", {
    kind: "call",
    provider_id: "start.test",
    method: "GET",
    url: "https://example.com/",
    outcome: "success",
  });
  expect(answer.status).toBe(201);
  return (await answer.json()).receipts[0];
}

/** A request of which the server has the beginning: web waits for the rest of it, also while it is to stop. */
async function beginRow(): Promise<{ answer: Promise<Response>; finish: () => void }> {
  const row = JSON.stringify({ kind: "call", provider_id: "slow", outcome: "success" });
  const bytes = (from: number, to?: number) => new TextEncoder().encode(row.slice(from, to));
  let send: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      send = controller;
      controller.enqueue(bytes(0, 20));
    },
  });
  const headers = { Authorization: `Bearer ${credentials().api_key}`, "Content-Type": "application/json" };
  const init = { method: "POST", headers, body, duplex: "half" } as RequestInit;
  const answer = fetch(`http://127.0.0.1:${port}/v1/events`, init);
  await eventually("the server has the beginning", async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).ok);
  const finish = () => {
    send?.enqueue(bytes(20));
    send?.close();
  };
  return { answer, finish };
}

/** The processes of a start whose title begins so. */
const processesNamed = (title: string) =>
  processesAbout(dataDir).filter((pid) => readFileSync(`/proc/${pid}/comm`, "utf8").startsWith(title));

beforeAll(async () => {
  ensurePrismaClient();
  // Built once here and not inside a test's deadline.
  const build = { root: ROOT, dist: NEXT_DIST, log: path.join(home, "build.log") };
  if (needsBuild(build)) await buildPortal(build);
  // A build that rewrites its own sources (tsconfig.json once) would make every start build again.
  expect(needsBuild(build)).toBe(false);
  port = await probePort("127.0.0.1", 0);
}, 240_000);

afterEach(async () => {
  for (const program of programs.splice(0)) {
    program.kill("SIGTERM");
    await program.exit();
  }
});
afterAll(async () => {
  await eventually("everything on the data folder has ended", () => processesAbout(dataDir).length === 0);
  rmSync(home, { recursive: true, force: true });
});

describe("npm start", () => {
  test("gives a URL, a sign-in and a key that works, and the same ones again", async () => {
    const first = await ready();
    const given = credentials();
    expect(statSync(path.join(dataDir, "demo-credentials.json")).mode & 0o777).toBe(0o600);
    expect(Object.keys(given)).toEqual(["url", "email", "password", "api_key", "org_id", "app_id"]);
    for (const shown of [given.url, given.email, given.password, given.api_key]) expect(first.output).toContain(shown);
    const { id } = await writeRow();
    const page = await fetch(`${given.url}/sign-in`);
    expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    first.kill("SIGTERM");
    expect(await first.exit()).toBe(0);

    const second = await ready();
    expect(credentials()).toEqual(given);
    // Whoever starts it again knows it already: where they are, and nothing secret.
    expect(second.output.slice(second.output.indexOf("Ready.\n"))).toBe(
      `Ready.\n\n  Affidavit  ${given.url}\n  Sign in    ${given.email}\n` +
        `  Password and API key are in ${path.join(dataDir, "demo-credentials.json")}\n\n  Ctrl-C stops it.\n\n`,
    );
    expect((await api("GET", `/v1/events/${id}`)).status).toBe(200);
  });

  test("stops within 10 s on Ctrl-C and leaves nothing running", async () => {
    const program = await ready();
    const begun = Date.now();
    program.kill("SIGINT");
    expect(await program.exit()).toBe(0);
    expect(program.output).toMatch(/ s {2}Stopping …\n *\d+\.\d s {2}Stopped\.\n$/);
    expect(Date.now() - begun).toBeLessThan(10_000);
    expect(processesAbout(dataDir)).toEqual([]);
  });

  test("stops when npm, its parent, is told to", async () => {
    const npm = start({}, "npm start");
    await npm.says("Ctrl-C stops it", READY_MS);
    npm.kill("SIGTERM");
    await npm.exit();
    await eventually("nothing runs on", () => processesAbout(dataDir).length === 0, 10_000);
    expect(npm.output).toMatch(/Stopped\.\n$/);
  });

  test("lets a request that is under way finish", async () => {
    const program = await ready();
    const { answer, finish } = await beginRow();
    program.kill("SIGTERM");
    await eventually("new connections are refused", () =>
      fetch(`http://127.0.0.1:${port}/healthz`).then(
        () => false,
        () => true,
      ),
    );
    finish();
    expect((await answer).status).toBe(201);
    expect(await program.exit()).toBe(0);
  });

  test("starts nothing again when whoever stops it tells every process at once", async () => {
    const program = await ready();
    const { answer, finish } = await beginRow();
    const answered = answer.catch(() => undefined);
    program.kill("SIGTERM");
    await program.says("Stopping …", 10_000);
    const [postgres] = readFileSync(path.join(dataDir, "postgres/postmaster.pid"), "utf8").split("\n");
    const others = [...processesNamed("affidavit worke"), Number(postgres)];
    expect(others).toHaveLength(2);
    for (const pid of others) process.kill(pid, "SIGINT");
    await eventually("they have ended", () => !processesAbout(dataDir).some((pid) => others.includes(pid)));
    finish();
    await answered;
    expect(await program.exit()).toBe(0);
    expect(program.output).not.toContain("starting it again");
    expect(program.output).toMatch(/Stopped\.\n$/);
  });

  test("after kill -9 ends its roles, and the next start just works", async () => {
    const killed = await ready();
    const { id } = await writeRow();
    killed.kill("SIGKILL");
    await killed.exit();
    await eventually(
      "web and worker see that their parent is gone",
      () => processesAbout("server/w").filter((pid) => processesAbout(dataDir).includes(pid)).length === 0,
    );
    const next = await ready();
    expect(next.output).toContain("Stopping the PostgreSQL that a killed run left behind");
    expect((await api("GET", `/v1/events/${id}`)).status).toBe(200);
  });

  test("starts web again when it is killed", async () => {
    const program = await ready();
    for (const web of processesNamed("affidavit web")) process.kill(web, "SIGKILL");
    await program.says("The web process ended (SIGKILL); starting it again in 0.5 s.", 10_000);
    await eventually("it answers again", async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok);
    await writeRow();
  });
});

describe("a start that cannot be says why in one sentence", () => {
  async function refused(extra: Record<string, string>): Promise<string> {
    const program = start(extra);
    expect(await program.exit()).toBe(1);
    return program.output.trim();
  }

  test("when it runs already", async () => {
    const program = await ready();
    const output = await refused({ PORT: String(port + 1) });
    expect(output).toBe(
      `Affidavit already runs on ${dataDir}: process ${program.child.pid}, http://localhost:${port}. Stop it first, or set AFFIDAVIT_DATA_DIR and PORT for a second one.`,
    );
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
  });

  test("when the port is in use, before anything is made", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(port, "127.0.0.1", resolve));
    const output = await refused({ AFFIDAVIT_DATA_DIR: path.join(home, "untouched") });
    await new Promise((resolve) => other.close(resolve));
    expect(output).toBe(
      `Port ${port} is in use by another program: set PORT to a free one, for example PORT=${port + 1} npm start.`,
    );
  });

  test("when the database is not there", async () => {
    const output = await refused({ DATABASE_URL: "postgresql://nobody:hunter2@127.0.0.1:1/none" });
    expect(output).toMatch(
      /^PostgreSQL at 127\.0\.0\.1:1\/none cannot be reached \(.*ECONNREFUSED.*\); tried for 15 s\. Start it or correct DATABASE_URL\.$/,
    );
  });

  test("when the environment is wrong, naming all faults", async () => {
    const output = await refused({ PORT: "many", AFFIDAVIT_SECRET: "short" });
    expect(output.split("\n")).toHaveLength(3);
    expect(output).toContain("PORT:");
    expect(output).toContain("AFFIDAVIT_SECRET:");
  });
});

describe("without demo data", () => {
  test("a one-time setup address is printed, another at each start", async () => {
    const extra = { AFFIDAVIT_DEMO: "0", AFFIDAVIT_DATA_DIR: path.join(home, "no demo") };
    const token = (program: Program) => /\/setup#token=(\S{43})\n/.exec(program.output)?.[1];
    const first = await ready(extra);
    expect(token(first)).toBeDefined();
    expect(first.output).not.toContain("API key");
    first.kill("SIGTERM");
    await first.exit();
    const second = await ready(extra);
    expect(token(second)).toBeDefined();
    expect(token(second)).not.toBe(token(first));
  });
});
