import { readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { keyPrefix, parseApiKey } from "@/lib/access/api-key-format";
import { CLIENT_ADDRESS_HEADER } from "@/lib/access/client-address";
import { hashPassword } from "@/lib/access/password";
import { systemFields } from "@/lib/log-kinds/system/system";
import { ask, makeKey, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { arrange } from "@/lib/testing/arrange";
import { createTestDatabase } from "@/lib/testing/database";
import { documentedRoutes } from "@/lib/testing/openapi-requests";
import { type SignedIn, signInAs } from "@/lib/testing/portal";
import { systemLogRows } from "@/lib/testing/system-log";
import { EVENTS, type EventName } from "./events";

// Next gives an action its request; everything else here is the product itself.
const request = vi.hoisted(() => ({ headers: new Headers() }));
vi.mock("next/headers", () => ({ headers: async () => request.headers }));
vi.mock("next/cache", () => ({ refresh: () => {} }));

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const PASSWORD = "correct horse battery staple";
const OTHER_PASSWORD = "another long enough password";
const AGENT = "an agent of this test";

let api: TestApi;
let passwordHash: string;
beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
  passwordHash = await hashPassword(PASSWORD);
});
afterAll(() => api.close());

/** Who acts, in an organization of their own. */
interface World extends Tenant {
  owner: SignedIn & { email: string };
  keyId: string;
}

async function makeWorld(): Promise<World> {
  const tenant = await makeTenant("One");
  const signedIn = await signInAs({ orgId: tenant.orgId, role: "owner" });
  const { email } = await arrange((tx) => tx.user.update({ where: { id: signedIn.userId }, data: { passwordHash } }));
  return { ...tenant, owner: { ...signedIn, email }, keyId: parseApiKey(tenant.key)?.id ?? "" };
}

interface Row {
  event: EventName;
  target: [type: string, id: string | RegExp, name: string | null];
  changes?: object[];
  details?: object;
}
/** What it needs, and the rows that it leaves behind. */
interface Entry {
  input: (world: World) => unknown | Promise<unknown>;
  id?: (world: World) => string;
  /** Before it. */
  first?: (world: World) => Promise<unknown>;
  rows: (world: World) => Row[];
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const HIDDEN_CHANGE = [{ field: "password", old: "***", new: "***" }];
const archived = (state: "in use" | "archived", next: "in use" | "archived") => [
  { field: "state", old: state, new: next },
];
const archive = ({ otherAppId }: World) =>
  arrange((tx) => tx.app.update({ where: { id: otherAppId }, data: { archivedAt: new Date() } }));
const otherSession = async ({ owner }: World) =>
  (
    await arrange((tx) =>
      tx.session.create({ data: { userId: owner.userId, expiresAt: new Date(Date.now() + 60_000) } }),
    )
  ).id;
const self = ({ owner }: World): Row["target"] => ["user", owner.userId, owner.email];

const newKey = ({ appId }: World) => ({ name: "worker", app_id: appId, scopes: ["events:write"] });
const keyMade = ({ appId }: World): Row[] => [
  {
    event: "api_key.created",
    target: ["api_key", /^afd_live_\w{10}$/, "worker"],
    changes: [
      { field: "name", old: null, new: "worker" },
      { field: "app_id", old: null, new: appId },
      { field: "org_wide", old: null, new: false },
      { field: "scopes", old: null, new: ["events:write"] },
    ],
  },
];
const keyRevoked = ({ keyId }: World): Row[] => [
  {
    event: "api_key.revoked",
    target: ["api_key", keyPrefix({ id: keyId, mode: "live" }), "test"],
    changes: [{ field: "revoked_at", old: null, new: expect.any(String) }],
  },
];
const appMade: Row = {
  event: "app.created",
  target: ["app", UUID, "Billing"],
  changes: [{ field: "name", old: null, new: "Billing" }],
};
const appRenamed = ({ otherAppId }: World): Row[] => [
  {
    event: "app.renamed",
    target: ["app", otherAppId, "Invoices"],
    changes: [{ field: "name", old: "second", new: "Invoices" }],
  },
];
const appArchived = ({ otherAppId }: World): Row[] => [
  { event: "app.archived", target: ["app", otherAppId, "second"], changes: archived("in use", "archived") },
];
const appRestored = ({ otherAppId }: World): Row[] => [
  { event: "app.restored", target: ["app", otherAppId, "second"], changes: archived("archived", "in use") },
];

const ACTIONS: Record<string, Entry> = {
  renameAccountAction: {
    input: () => ({ name: "Ada" }),
    rows: (world) => [
      { event: "account.renamed", target: self(world), changes: [{ field: "name", old: null, new: "Ada" }] },
    ],
  },
  changeEmailAction: {
    input: ({ orgId }) => ({ email: `${orgId}@example.org`, current_password: PASSWORD }),
    rows: (world) => [
      {
        event: "account.email_changed",
        target: self(world),
        changes: [{ field: "email", old: world.owner.email, new: `${world.orgId}@example.org` }],
      },
    ],
  },
  changePasswordAction: {
    input: () => ({ current_password: PASSWORD, new_password: OTHER_PASSWORD }),
    first: otherSession,
    rows: (world) => [
      {
        event: "account.password_changed",
        target: self(world),
        changes: HIDDEN_CHANGE,
        details: { sessions_ended: 1 },
      },
    ],
  },
  endSessionAction: {
    input: async (world) => ({ id: await otherSession(world) }),
    rows: ({ owner }) => [{ event: "session.ended", target: ["session", UUID, owner.email] }],
  },
  signOutEverywhereAction: {
    input: () => ({}),
    first: otherSession,
    rows: (world) => [{ event: "session.all_ended", target: self(world), details: { sessions_ended: 2 } }],
  },
  createApiKeyAction: { input: newKey, rows: keyMade },
  revokeApiKeyAction: { input: ({ keyId }) => ({ id: keyId }), rows: keyRevoked },
  createAppAction: { input: () => ({ name: "Billing" }), rows: () => [appMade] },
  renameAppAction: { input: ({ otherAppId }) => ({ id: otherAppId, name: "Invoices" }), rows: appRenamed },
  archiveAppAction: { input: ({ otherAppId }) => ({ id: otherAppId }), rows: appArchived },
  restoreAppAction: { input: ({ otherAppId }) => ({ id: otherAppId }), first: archive, rows: appRestored },
};

const ROUTES: Record<string, Entry> = {
  // The rows are what it is for: it is no act besides.
  "POST /v1/events": { input: () => ({ kind: "call", outcome: "success" }), rows: () => [] },
  "POST /v1/apps": { input: () => ({ name: "Billing" }), rows: () => [appMade] },
  "PATCH /v1/apps/{id}": {
    id: ({ otherAppId }) => otherAppId,
    input: () => ({ name: "Invoices" }),
    rows: appRenamed,
  },
  "DELETE /v1/apps/{id}": { id: ({ otherAppId }) => otherAppId, input: () => undefined, rows: appArchived },
  "POST /v1/apps/{id}/restore": {
    id: ({ otherAppId }) => otherAppId,
    first: archive,
    input: () => undefined,
    rows: appRestored,
  },
  "POST /v1/api-keys": { input: newKey, rows: keyMade },
  "DELETE /v1/api-keys/{id}": { id: ({ keyId }) => keyId, input: () => undefined, rows: keyRevoked },
};

type Action = (input: unknown) => Promise<{ ok: boolean }>;

/** Every server action of the product, by name, found in its files. */
async function allActions(): Promise<Record<string, Action>> {
  const found: Record<string, Action> = {};
  for (const folder of ["lib", "app", "components"]) {
    const files = readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" });
    for (const file of files.filter((name) => name.endsWith(".actions.ts"))) {
      Object.assign(found, await import(path.join(ROOT, folder, file)));
    }
  }
  return found;
}

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
  await run(world);
  const rows = await systemLogRows(world.orgId);
  const wanted = entry.rows(world);
  expect(rows.map(({ event }) => event)).toEqual(wanted.map(({ event }) => event));
  for (const [index, row] of wanted.entries()) expectRow(rows[index] ?? {}, row, actor(world));
  expect(JSON.stringify(rows)).not.toMatch(/argon2|correct horse|another long|afd_live_\w+_/);
}

describe("every server action", () => {
  test("is here: a new one needs an entry, and so tells what it does", async () => {
    expect(Object.keys(await allActions()).sort()).toEqual(Object.keys(ACTIONS).sort());
  });

  test.each(Object.entries(ACTIONS))("%s leaves exactly its rows", async (name, entry) => {
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

describe("every route that changes something", () => {
  test("is here: a new one needs an entry, and so tells what it does", async () => {
    const changing = (await documentedRoutes(api)).filter(({ method }) => method !== "GET");
    expect(changing.map(({ method, path: at }) => `${method} ${at}`).sort()).toEqual(Object.keys(ROUTES).sort());
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

  test.each(Object.entries(ROUTES))("%s leaves exactly its rows, by a key and by its maker", async (label, entry) => {
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
      const scopes = ["events:write", "apps:manage", "keys:manage"];
      const key = await makeKey(world.orgId, world.appId, { scopes, orgWide: true });
      const id = parseApiKey(key)?.id ?? "";
      maker = world.owner;
      await arrange((tx) => tx.apiKey.update({ where: { id }, data: { createdByUserId: maker.userId } }));
      prefix = keyPrefix({ id, mode: "live" });
      await send(label, entry, world, key);
    });
  });

  test.each(Object.entries(ROUTES))("%s with the portal's cookie is the portal's act", async (label, entry) => {
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
