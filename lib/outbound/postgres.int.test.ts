import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { startTestCluster, type TestCluster } from "@/lib/testing/cluster";
import { openPrivateNetworks } from "@/lib/testing/private-networks";
import { OutboundFault } from "./fault";
import { type PostgresTarget, withPostgres } from "./postgres";

openPrivateNetworks("127.0.0.1/32");

const LIMITS = { connectMs: 1_500, totalMs: 3_000, bytesMax: 1_000_000 };
let cluster: TestCluster;
let target: PostgresTarget;
beforeAll(async () => {
  cluster = await startTestCluster();
  const admin = new pg.Client({ connectionString: cluster.url });
  await admin.connect();
  for (const sql of [
    "create role reader login password 'canary-secret'",
    "create database closed",
    "revoke connect on database closed from public",
  ])
    await admin.query(sql);
  await admin.end();
  const port = Number(new URL(cluster.url).port);
  target = {
    host: "127.0.0.1",
    port,
    database: "affidavit",
    username: "reader",
    password: "canary-secret",
    tls: "disable",
  };
});
afterAll(() => cluster.remove());

const servers: Server[] = [];
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});
/** A server that is no PostgreSQL. */
async function listen(answer: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
    answer(socket);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

const ask = (more: Partial<PostgresTarget> = {}) =>
  withPostgres({ ...target, ...more }, LIMITS, async (client) => (await client.query("select 1 as one")).rows);
const codeOf = (more: Partial<PostgresTarget>) =>
  ask(more).then(
    () => "connected",
    (error: unknown) => (error instanceof OutboundFault ? error.code : error),
  );

test("connects, reads, and can change nothing", async () => {
  expect(await ask()).toEqual([{ one: 1 }]);
  await expect(
    withPostgres(target, LIMITS, (client) => client.query("create temp table t (a int); create table u (a int)")),
  ).rejects.toThrow(OutboundFault);
});

describe("says what is wrong", () => {
  test.each([
    ["a wrong password", { password: "wrong" }, "credentials"],
    ["no password", { password: null }, "password_missing"],
    ["an unknown role", { username: "nobody" }, "credentials"],
    ["an unknown database", { database: "nothing" }, "database_missing"],
    ["a database that the role may not enter", { database: "closed" }, "not_admitted"],
    ["a server without TLS", { tls: "require" as const }, "tls_not_offered"],
    ["a closed port", { port: 1 }, "refused"],
    ["a host that is not there", { host: "nowhere.invalid" }, "host_not_found"],
    ["an address that is not opened", { host: "127.0.0.2" }, "address_not_allowed"],
    ["a socket's folder", { host: "/tmp" }, "host_malformed"],
  ])("%s", async (_what, more, code) => {
    expect(await codeOf(more)).toBe(code);
  });

  test("a server that never answers", async () => {
    const began = performance.now();
    expect(await codeOf({ port: await listen(() => {}) })).toBe("timed_out");
    expect(performance.now() - began).toBeLessThan(LIMITS.totalMs);
  });

  test("a server that closes, one that speaks something else, one that says yes to TLS and cannot", async () => {
    expect(await codeOf({ port: await listen((socket) => socket.end()) })).toBe("broken_off");
    const http = await listen((socket) => socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")));
    expect(["other", "broken_off", "timed_out"]).toContain(await codeOf({ port: http }));
    const liar = await listen((socket) => socket.once("data", () => socket.write("S", () => socket.end("no TLS"))));
    expect(["tls_failed", "broken_off"]).toContain(await codeOf({ port: liar, tls: "require" }));
  });

  test("a server that never stops sending", async () => {
    // Notices of 64 KiB, for ever: messages that the driver takes before anybody is signed in.
    const notice = Buffer.alloc(65_537, 0x61);
    notice[0] = 0x4e;
    notice.writeInt32BE(65_536, 1);
    notice[65_535] = 0;
    notice[65_536] = 0;
    const port = await listen((socket) => {
      const more = () => {
        while (socket.writable && socket.write(notice));
      };
      socket.on("drain", more);
      socket.once("data", more);
    });
    expect(await codeOf({ port })).toBe("too_large");
  });
});

test("a password of the environment is not used", async () => {
  vi.stubEnv("PGPASSWORD", "canary-secret");
  expect(await codeOf({ password: null })).toBe("password_missing");
  vi.unstubAllEnvs();
});

test("it connects to the address that was checked, though the name leads elsewhere a moment later", async () => {
  let asked = 0;
  // The first answer may be reached; whoever asks again is led to an address that is closed.
  const rebinding = async () => {
    asked += 1;
    return [asked === 1 ? "127.0.0.1" : "127.0.0.2"];
  };
  const rows = await withPostgres(
    { ...target, host: "rebind.example" },
    LIMITS,
    async (client) => (await client.query("select host(inet_server_addr()) as address")).rows,
    rebinding,
  );
  expect(rows).toEqual([{ address: "127.0.0.1" }]);
  expect(asked).toBe(1);
});

test("what the caller throws of its own comes through", async () => {
  await expect(withPostgres(target, LIMITS, () => Promise.reject(new TypeError("mine")))).rejects.toThrow(
    new TypeError("mine"),
  );
});
