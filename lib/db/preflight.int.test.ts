import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { startTestCluster } from "@/lib/testing/cluster";
import { createTestDatabase } from "@/lib/testing/database";
import { startTransactionPooler } from "@/lib/testing/transaction-pooler";
import { checkPooler, checkServer, connect, connectPatiently, printableUrl } from "./preflight";

/** A client whose server answers like this: only the version of a real one cannot be chosen. */
function serverThatSays(settings: Record<string, string>) {
  return {
    query: async (_sql: string, [name = ""]: string[]) => ({ rows: [{ value: settings[name] ?? null }] }),
  } as never;
}
const GOOD = { server_version_num: "150018", fsync: "on", server_encoding: "UTF8", in_hot_standby: "off" };

describe("a server", () => {
  test("of today is accepted", async () => {
    const client = await connect(await createTestDatabase());
    await checkServer(client);
    await client.end();
    await checkServer(serverThatSays(GOOD));
  });

  test("that is too old, stands by, or speaks Latin-1 is refused in one sentence", async () => {
    const refused = (settings: Record<string, string>) =>
      expect(checkServer(serverThatSays({ ...GOOD, ...settings }))).rejects;
    await refused({ server_version_num: "140011" }).toThrow(
      "PostgreSQL 14 is too old: Affidavit needs PostgreSQL 15 or newer",
    );
    await refused({ in_hot_standby: "on" }).toThrow("read-only standby");
    await refused({ server_encoding: "LATIN1" }).toThrow("encoded in LATIN1");
  });

  test("with fsync=off is refused", async () => {
    const cluster = await startTestCluster({ fsync: "off" });
    try {
      const client = await connect(cluster.url);
      await expect(checkServer(client)).rejects.toThrow("fsync=off, so a power cut would lose acknowledged rows");
      await client.end();
    } finally {
      await cluster.remove();
    }
  });
});

describe("a pooler", () => {
  test("in transaction mode is refused", async () => {
    const pooler = await startTransactionPooler(await createTestDatabase());
    try {
      const client = await connect(pooler.url);
      expect((await client.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
      await client.end();
      await expect(checkPooler(pooler.url)).rejects.toThrow("is a connection pooler in transaction or statement mode");
    } finally {
      await pooler.stop();
    }
  });

  test("that is none passes", async () => {
    await checkPooler(await createTestDatabase());
  });
});

describe("a database that is away", () => {
  test("is told with its address and without the password", async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const url = `postgresql://someone:hunter2@127.0.0.1:${port}/x`;
    const failure = connectPatiently(url, 300);
    await expect(failure).rejects.toThrow(`PostgreSQL at 127.0.0.1:${port}/x cannot be reached`);
    await expect(failure).rejects.not.toThrow("hunter2");
    await new Promise((resolve) => server.close(resolve));
    await expect(connectPatiently(url, 300)).rejects.toThrow("ECONNREFUSED");
    expect(printableUrl(url)).toBe(`127.0.0.1:${port}/x`);
  });

  test("that does not exist is told at once", async () => {
    const url = (await createTestDatabase()).replace(/\/test_\w+\?/, "/nowhere?");
    const begun = Date.now();
    await expect(connectPatiently(url, 30_000)).rejects.toThrow("make it with CREATE DATABASE");
    expect(Date.now() - begun).toBeLessThan(5_000);
  });
});
