import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { connect } from "@/lib/db/preflight";
import { eventually, processesAbout } from "@/lib/testing/program";
import { copyBinaries, packagedBinaries, unpackLinks } from "./binaries";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./embedded-postgres";

const home = mkdtempSync(path.join(tmpdir(), "afd-test-embedded-"));
chmodSync(home, 0o711);
// A space, as in many a home folder.
const dataDir = path.join(home, "my data");
const said: string[] = [];
const running: EmbeddedPostgres[] = [];

async function start(signal?: AbortSignal): Promise<EmbeddedPostgres> {
  said.length = 0;
  const server = await startEmbeddedPostgres({
    dataDir,
    say: (line) => said.push(line),
    sync: false,
    ...(signal && { signal }),
    settings: { shared_buffers: "32MB" },
  });
  running.push(server);
  return server;
}

async function ask(url: string, sql: string): Promise<unknown> {
  const client = await connect(url);
  try {
    const { rows } = await client.query(sql);
    return rows[0]?.answer;
  } finally {
    await client.end();
  }
}

function kill(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid !== undefined) process.kill(pid, signal);
}

afterEach(async () => {
  for (const server of running.splice(0)) await server.stop(5);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe("the embedded PostgreSQL", () => {
  test("keeps what was written from one start to the next", async () => {
    const first = await start();
    expect(first.isNew).toBe(true);
    await ask(first.url, "create table kept as select 42 as answer");
    await first.stop(5);
    const second = await start();
    expect(second.isNew).toBe(false);
    expect(await ask(second.url, "select answer from kept")).toBe(42);
  });

  test("runs with the settings that the log needs", async () => {
    const { url } = await start();
    const setting = (name: string) => ask(url, `select current_setting('${name}') as answer`);
    expect(await setting("fsync")).toBe("on");
    expect(await setting("max_locks_per_transaction")).toBe("512");
    expect(await setting("log_min_error_statement")).toBe("panic");
    expect(await setting("server_encoding")).toBe("UTF8");
    expect(await setting("jit")).toBe("off");
  });

  test("asks for the password over TCP, which stands in a file of ours alone", async () => {
    await start();
    const file = path.join(dataDir, "postgres-url");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const url = readFileSync(file, "utf8").trim();
    expect(await ask(url, "select 1 as answer")).toBe(1);
    const { hostname, port } = new URL(url);
    await expect(connect(`postgresql://affidavit:wrong@${hostname}:${port}/affidavit`)).rejects.toThrow(
      "password authentication failed",
    );
  });

  test("comes up again at the same address when it is killed", async () => {
    const server = await start();
    const pid = server.pid();
    kill(pid, "SIGKILL");
    await eventually(
      "it answers again",
      async () => server.pid() !== pid && (await ask(server.url, "select 1 as answer")) === 1,
    );
    expect(said).toContain("PostgreSQL ended unexpectedly (SIGKILL); starting it again.");
  });

  test("stays ended when it is told to by whoever stops everything, before its turn has come", async () => {
    const stopping = new AbortController();
    const server = await start(stopping.signal);
    const pid = server.pid();
    stopping.abort();
    kill(pid, "SIGINT");
    await eventually("it has ended", () => !processesAbout(dataDir).includes(Number(pid)));
    await server.stop(5);
    expect(said).toEqual([]);
    expect(processesAbout(dataDir)).toEqual([]);
  });

  test("is not started once more behind a stop that comes while it is being started again", async () => {
    const server = await start();
    kill(server.pid(), "SIGKILL");
    await eventually("it is being started again", () => said.length > 0);
    await server.stop(5);
    expect(processesAbout(dataDir)).toEqual([]);
    expect(said).toEqual(["PostgreSQL ended unexpectedly (SIGKILL); starting it again."]);
  });

  test("is not fooled by a stale pid file whose number is another program's now", async () => {
    await (await start()).stop(5);
    const cluster = path.join(dataDir, "postgres");
    writeFileSync(path.join(cluster, "postmaster.pid"), `${process.pid}\n${cluster}\n1\n5432\n/tmp\nlocalhost\n`);
    expect(await ask((await start()).url, "select 1 as answer")).toBe(1);
  });

  test("says in one sentence that a cluster is of another version", async () => {
    await (await start()).stop(5);
    const file = path.join(dataDir, "postgres", "PG_VERSION");
    const version = readFileSync(file, "utf8");
    writeFileSync(file, "15\n");
    await expect(start()).rejects.toThrow(
      /was made by PostgreSQL 15, but this program brings PostgreSQL 18: start the version/,
    );
    writeFileSync(file, version);
  });
});

describe("the programs from npm", () => {
  const packaged = packagedBinaries();

  test("have their links, however often they are unpacked", () => {
    expect(unpackLinks(packaged.folder)).toBe(true);
    expect(unpackLinks(packaged.folder)).toBe(true);
    expect(readlinkSync(path.join(packaged.folder, "lib/libpq.so.5"))).toMatch(/^libpq\.so\.5\.\d+$/);
  });

  test("are copied once, for anybody to run", () => {
    const parent = path.join(home, "copies");
    mkdirSync(parent);
    const { made, binaries } = copyBinaries(packaged, parent);
    expect(made).toBe(true);
    expect(statSync(path.join(binaries.folder, "bin/postgres")).mode & 0o777).toBe(0o755);
    expect(statSync(path.join(binaries.folder, "lib/libcrypto.so.1.1")).mode & 0o777).toBe(0o644);
    expect(existsSync(path.join(binaries.folder, "lib/libpq.so.5"))).toBe(true);
    expect(copyBinaries(packaged, parent).made).toBe(false);
  });
});
