import { randomUUID, X509Certificate } from "node:crypto";
import { chmodSync, chownSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { connect as connectTcp } from "node:net";
import path from "node:path";
import { connect as connectTls } from "node:tls";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { startApiProcess } from "@/lib/testing/api-process";
import { type Certified, makeAuthority, makeServerCertificate } from "@/lib/testing/certificates";
import { startTestCluster, type TestCluster } from "@/lib/testing/cluster";
import { createTestDatabase } from "@/lib/testing/database";
import { openPrivateNetworks } from "@/lib/testing/private-networks";

openPrivateNetworks("127.0.0.1/32", "::1/128");

const PASSWORD = "canary-a91c";
const authority = makeAuthority("An authority of this company");
const ours = makeServerCertificate(authority, ["localhost"]);

/** As its operator starts it: with the company's authority, and without. */
let trusting: TestApi;
let plain: TestApi;
let tenant: Tenant;
let cluster: TestCluster;
let admin: pg.Client;
beforeAll(async () => {
  await createTestDatabase();
  cluster = await startTestCluster();
  const file = path.join(cluster.folder, "authority.pem");
  writeFileSync(file, authority.certificate);
  [trusting, plain] = await Promise.all([startApiProcess({ env: { NODE_EXTRA_CA_CERTS: file } }), startApi()]);
  tenant = await makeTenant("TLS");
  admin = new pg.Client({ connectionString: cluster.url });
  await admin.connect();
  await admin.query(`create role reader login password '${PASSWORD}'; create table people (id int)`);
  // What comes through, came encrypted.
  place("pg_hba.conf", (old) => `hostnossl all reader all reject\n${old}`);
});
afterAll(async () => {
  await admin.end();
  await Promise.all([trusting.close(), plain.close(), cluster.remove()]);
});

const port = () => Number(new URL(cluster.url).port);

/** Writes a file of the server's own, for its user alone. */
function place(name: string, textOf: (old: string) => string): void {
  const folder = path.join(cluster.folder, "postgres");
  const file = path.join(folder, name);
  const { uid, gid } = statSync(folder);
  writeFileSync(file, textOf(name.endsWith(".conf") ? readFileSync(file, "utf8") : ""));
  chmodSync(file, 0o600);
  chownSync(file, uid, gid);
}

/** The certificate that the server shows now; undefined where it does without TLS. */
function shown(): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp(port(), "127.0.0.1").on("error", reject);
    // SSLRequest.
    socket.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]));
    socket.once("data", (answer) => {
      if (answer.toString() !== "S") return resolve(void socket.destroy());
      const tls = connectTls({ socket, rejectUnauthorized: false }, () => {
        resolve(tls.getPeerX509Certificate()?.fingerprint256);
        tls.destroy();
      }).on("error", reject);
    });
  });
}

/** Has the server answer with this certificate, or without TLS. */
async function serve(certified: Certified | undefined): Promise<void> {
  if (certified) {
    place("server.crt", () => certified.certificate);
    place("server.key", () => certified.key);
  }
  await admin.query(`alter system set ssl = ${certified ? "on" : "off"}`);
  await admin.query("select pg_reload_conf()");
  const wanted = certified && new X509Certificate(certified.certificate).fingerprint256;
  await expect.poll(shown).toBe(wanted);
}

async function connect(more: object = {}): Promise<string> {
  const { status, body } = await ask(plain, tenant.key, "/v1/data-sources", {
    body: {
      name: randomUUID(),
      app_id: tenant.appId,
      type: "postgres",
      host: "localhost",
      port: port(),
      database: "affidavit",
      username: "reader",
      password: PASSWORD,
      tls: "verify-full",
      ...more,
    },
  });
  expect(status, JSON.stringify(body)).toBe(201);
  return body.id;
}
const get = (id: string, what: string, api: TestApi, method = "POST") =>
  ask(api, tenant.key, `/v1/data-sources/${id}/${what}`, { method });
const tried = async (more: object = {}, api = trusting) => (await get(await connect(more), "test", api)).body.last_test;

const CONNECTED = { ok: true, message: expect.stringContaining("as “reader”") };
const refused = (sentence: string) => ({ ok: false, message: expect.stringContaining(sentence) });
const UNTRUSTED = refused("The certificate of localhost is not one of a public authority for that name");

describe("verify-full with an authority of one's own, in NODE_EXTRA_CA_CERTS", () => {
  test("connects, reads the catalogue and the settings", async () => {
    await serve(ours);
    const id = await connect();
    expect((await get(id, "test", trusting)).body.last_test).toEqual(CONNECTED);
    expect((await get(id, "refresh", trusting)).body).toEqual({ columns: 1, added: 1, removed: 0 });
    expect((await get(id, "coverage", trusting, "GET")).status).toBe(200);
  });

  test("connects to an address that the certificate names", async () => {
    await serve(makeServerCertificate(authority, ["127.0.0.1"]));
    expect(await tried({ host: "127.0.0.1" })).toEqual(CONNECTED);
    expect(await tried()).toEqual(UNTRUSTED);
  });

  test.each([
    [
      "of another authority of the same name",
      () => makeServerCertificate(makeAuthority(authority.name), ["localhost"]),
    ],
    ["of another authority", () => makeServerCertificate(makeAuthority("Another"), ["localhost"])],
    ["that has expired", () => makeServerCertificate(authority, ["localhost"], [-3, -1])],
    ["for another name", () => makeServerCertificate(authority, ["db.example.com"])],
    ["that it signed itself", () => makeAuthority("localhost")],
  ])("refuses a certificate %s", async (_, make) => {
    await serve(make());
    expect(await tried()).toEqual(UNTRUSTED);
  });

  test("refuses an address where the certificate is for a name, also for “localhost”", async () => {
    await serve(ours);
    expect(await tried({ host: "127.0.0.1" })).toEqual(refused("The certificate of 127.0.0.1"));
  });

  test("refuses a server without TLS", async () => {
    await serve(undefined);
    expect(await tried()).toEqual(refused("localhost does not offer TLS"));
  });
});

test("without the authority, verify-full refuses and require encrypts", async () => {
  await serve(ours);
  expect(await tried({}, plain)).toEqual(UNTRUSTED);
  expect(await tried({ tls: "require" }, plain)).toEqual(CONNECTED);
  const disabled = { tls: "disable", tls_reason: "a test" };
  expect(await tried(disabled, plain)).toEqual(refused("does not let “reader” into “affidavit” from here"));
});
