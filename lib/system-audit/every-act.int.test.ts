import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { keyPrefix, parseApiKey } from "@/lib/access/api-key-format";
import { CLIENT_ADDRESS_HEADER } from "@/lib/access/client-address";
import { hashPassword } from "@/lib/access/password";
import { systemFields } from "@/lib/log-kinds/system/system";
import { ACTIONS, type Entry, PASSWORD, ROUTES, type Row, type World } from "@/lib/testing/acts";
import { ACTIONS_ON_SOURCES, ROUTES_ON_SOURCES } from "@/lib/testing/acts-on-sources";
import { ask, makeKey, makeTenant, startApi, type TestApi } from "@/lib/testing/api";
import { arrange } from "@/lib/testing/arrange";
import { startTestCluster, type TestCluster } from "@/lib/testing/cluster";
import { createTestDatabase } from "@/lib/testing/database";
import { documentedRoutes } from "@/lib/testing/openapi-requests";
import { type SignedIn, signInAs } from "@/lib/testing/portal";
import { openPrivateNetworks } from "@/lib/testing/private-networks";
import { systemLogRows } from "@/lib/testing/system-log";
import { EVENTS, type EventName } from "./events";

// Next gives an action its request; everything else here is the product itself.
const request = vi.hoisted(() => ({ headers: new Headers() }));
vi.mock("next/headers", () => ({ headers: async () => request.headers }));
vi.mock("next/cache", () => ({ refresh: () => {} }));

openPrivateNetworks("127.0.0.1/32");

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const EVERY_ACTION = { ...ACTIONS, ...ACTIONS_ON_SOURCES };
const EVERY_ROUTE = { ...ROUTES, ...ROUTES_ON_SOURCES };
const AGENT = "an agent of this test";

let api: TestApi;
let cluster: TestCluster;
let source: URL;
let passwordHash: string;
beforeAll(async () => {
  await createTestDatabase();
  [api, cluster, passwordHash] = await Promise.all([startApi(), startTestCluster(), hashPassword(PASSWORD)]);
  const admin = new pg.Client({ connectionString: cluster.url });
  await admin.connect();
  await admin.query("create role reader login password 'canary-of-a-source'; create table people (id int)");
  await admin.end();
  source = Object.assign(new URL(cluster.url), { username: "reader", password: "canary-of-a-source" });
});
afterAll(() => Promise.all([api.close(), cluster.remove()]));

async function makeWorld(): Promise<World> {
  const tenant = await makeTenant("One");
  const signedIn = await signInAs({ orgId: tenant.orgId, role: "owner" });
  const { email } = await arrange((tx) => tx.user.update({ where: { id: signedIn.userId }, data: { passwordHash } }));
  return {
    ...tenant,
    owner: { ...signedIn, email },
    keyId: parseApiKey(tenant.key)?.id ?? "",
    postgres: source,
    ask: async (method, at, body) => (await ask(api, tenant.key, at, { method, ...(body && { body }) })).body,
  };
}

type Action = (input: unknown) => Promise<{ ok: boolean }>;

const SOURCES = ["lib", "app", "components"].flatMap((folder) =>
  readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => /(?<!\.test)\.tsx?$/.test(file) && !file.startsWith("db/generated"))
    .map((file) => path.posix.join(folder, file)),
);
const textOf = (file: string) => readFileSync(path.join(ROOT, file), "utf8");

/** Every server action of the product, by name, found in its files. */
async function allActions(): Promise<Record<string, Action>> {
  const found: Record<string, Action> = {};
  for (const file of SOURCES.filter((name) => name.endsWith(".actions.ts"))) {
    Object.assign(found, await import(path.join(ROOT, file)));
  }
  return found;
}

/**
 * What changes something beside actions and the API, and the acts that it leaves: entrances.int.test.ts takes each. Next
 * makes an action of every function below "use server", wherever it stands.
 */
const OTHER_ENTRANCES: Record<string, EventName[]> = {
  "app/api/auth/[...nextauth]/route.ts": ["sign_in.succeeded", "sign_in.failed", "sign_out.done"],
  "app/setup/complete/route.ts": ["organization.created", "member.added", "app.created"],
  "app/sign-in/new-password/complete/route.ts": ["password_link.used"],
};

function isOtherEntrance(file: string): boolean {
  if (file.endsWith(".actions.ts")) return false;
  const text = textOf(file);
  const changes = /\b(POST|PUT|PATCH|DELETE)\b/.test(text) && /^app\/(.*\/)?route\.tsx?$/.test(file);
  return changes || /^\s*["']use server["']/m.test(text);
}

test("nothing else changes anything unless it is listed with what it leaves, and is tried", () => {
  expect(SOURCES.filter(isOtherEntrance).sort()).toEqual(Object.keys(OTHER_ENTRANCES).sort());
  const tried = textOf("lib/system-audit/entrances.int.test.ts");
  for (const event of Object.values(OTHER_ENTRANCES).flat()) expect(tried).toContain(`event: "${event}"`);
});

function expectRow(stored: Record<string, unknown>, { event, target, changes, details }: Row, actor: object): void {
  const { category, action } = EVENTS[event];
  const [target_type, id, target_name] = target;
  expect(stored).toMatchObject({ category, action, event, outcome: "success", target_type, ...actor });
  expect(stored.target_id).toEqual(typeof id === "string" ? id : expect.stringMatching(id));
  expect([stored.target_name, stored.changes, stored.details]).toEqual([target_name, changes, details]);
  expect(stored.source_system).toBe("affidavit");
  for (const { name, schema } of systemFields) {
    if (stored[name] !== undefined) expect(schema.safeParse(stored[name]).success, name).toBe(true);
  }
}

async function expectRows(entry: Entry, actor: (world: World) => object, run: (world: World) => Promise<unknown>) {
  const world = await makeWorld();
  await entry.first?.(world);
  const { length } = await systemLogRows(world.orgId);
  await run(world);
  const rows = (await systemLogRows(world.orgId)).slice(length);
  const wanted = entry.rows(world);
  expect(rows.map(({ event }) => event)).toEqual(wanted.map(({ event }) => event));
  for (const [index, row] of wanted.entries()) expectRow(rows[index] ?? {}, row, actor(world));
  expect(JSON.stringify(rows)).not.toMatch(/argon2|correct horse|another long|canary|afd_live_\w+_/);
}

describe("every server action", () => {
  test("is here: a new one needs an entry, and so tells what it does", async () => {
    expect(Object.keys(await allActions()).sort()).toEqual(Object.keys(EVERY_ACTION).sort());
  });

  test.each(Object.entries(EVERY_ACTION))("%s leaves exactly its rows", async (name, entry) => {
    const action = (await allActions())[name] as Action;
    const actor = ({ owner }: World) => ({
      actor_user_id: owner.userId,
      actor_email: owner.email,
      actor_source: "portal",
      client_ip: "192.0.2.44",
      user_agent: AGENT,
    });
    await expectRows(entry, actor, async (world) => {
      const { cookie } = world.owner;
      const input = await entry.input(world);
      const from = { origin: "http://localhost:3000", "user-agent": AGENT, [CLIENT_ADDRESS_HEADER]: "192.0.2.44" };
      request.headers = new Headers({ ...from, cookie });
      expect(await action(input)).toMatchObject({ ok: true });
    });
  });
});

/** Changes nothing here, but connects to an outside system with a stored password. */
const ASKS_OUTSIDE = ["GET /v1/data-sources/{id}/coverage"];

describe("every route that changes something", () => {
  test("is here: a new one needs an entry, and so tells what it does", async () => {
    const labels = (await documentedRoutes(api)).map(({ method, path: at }) => `${method} ${at}`);
    const acts = labels.filter((label) => !label.startsWith("GET ") || ASKS_OUTSIDE.includes(label));
    expect(acts.sort()).toEqual(Object.keys(EVERY_ROUTE).sort());
  });

  const send = async (label: string, entry: Entry, world: World, as: Record<string, string> | string) => {
    const [method = "", at = ""] = label.split(" ");
    const body = await entry.input(world);
    const headers = { "user-agent": AGENT, ...(typeof as === "string" ? {} : as) };
    const answer = await ask(
      api,
      typeof as === "string" ? as : undefined,
      at.replace("{id}", entry.id?.(world) ?? ""),
      {
        method,
        headers,
        ...(body !== undefined && { body }),
      },
    );
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  };

  test.each(Object.entries(EVERY_ROUTE))(
    "%s leaves exactly its rows, by a key and by its maker",
    async (label, entry) => {
      let prefix = "";
      let maker: SignedIn & { email: string };
      const actor = () => ({
        actor_key_prefix: prefix,
        actor_user_id: maker.userId,
        actor_email: maker.email,
        actor_source: "api",
        client_ip: "127.0.0.1",
        user_agent: AGENT,
      });
      await expectRows(entry, actor, async (world) => {
        const scopes = ["events:write", "apps:manage", "keys:manage", "sources:manage"];
        const key = await makeKey(world.orgId, world.appId, { scopes, orgWide: true });
        const id = parseApiKey(key)?.id ?? "";
        maker = world.owner;
        await arrange((tx) => tx.apiKey.update({ where: { id }, data: { createdByUserId: maker.userId } }));
        prefix = keyPrefix({ id, mode: "live" });
        await send(label, entry, world, key);
      });
    },
  );

  test.each(Object.entries(EVERY_ROUTE))("%s with the portal's cookie is the portal's act", async (label, entry) => {
    const actor = ({ owner }: World) => ({
      actor_user_id: owner.userId,
      actor_email: owner.email,
      actor_source: "portal",
    });
    await expectRows(entry, actor, (world) =>
      send(label, entry, world, { cookie: world.owner.cookie, origin: "http://localhost:3000" }),
    );
  });
});

test("what was so already leaves no row", async () => {
  const world = await makeWorld();
  await ask(api, world.key, `/v1/apps/${world.appId}`, { method: "PATCH", body: { name: "first" } });
  await ask(api, world.key, `/v1/apps/${world.appId}/restore`, { method: "POST" });
  const spare = parseApiKey(await makeKey(world.orgId, world.appId, { scopes: [] }))?.id;
  for (let times = 0; times < 3; times += 1) await ask(api, world.key, `/v1/api-keys/${spare}`, { method: "DELETE" });
  expect((await systemLogRows(world.orgId)).map(({ event }) => event)).toEqual(["api_key.revoked"]);
});
