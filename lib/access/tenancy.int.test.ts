import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readPool } from "@/lib/db/pools";
import { prisma } from "@/lib/db/prisma";
import { type Answer, ask, makeKey, startApi, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { type DocumentedRoute, documentedRoutes, queryOf } from "@/lib/testing/openapi-requests";
import { signInAs } from "@/lib/testing/portal";
import { keyIdOf, makeWorld, type World } from "@/lib/testing/world";
import { ROLES, SCOPES } from "./policy";

interface Request {
  /** A key, or a session's cookie. */
  as: { key: string } | { cookie: string; origin?: string };
  /** Named as app_id in query and body, where the route takes one. */
  appId?: string;
  /** Stands for `{id}`. */
  id?: string;
}

function send(api: TestApi, route: DocumentedRoute, { as, appId, id = "none" }: Request): Promise<Answer> {
  const body = route.body(appId ?? "");
  const headers = "key" in as ? {} : { cookie: as.cookie, ...(as.origin !== undefined && { origin: as.origin }) };
  // Names are unique in an organization, and the document's example is one name.
  const unique = typeof body === "object" && body && "name" in body ? { ...body, name: randomUUID() } : body;
  return ask(api, "key" in as ? as.key : undefined, route.path.replace("{id}", id) + queryOf(route, appId), {
    method: route.method,
    headers,
    ...(body !== undefined && { body: unique }),
  });
}

/**
 * Everything in the database that belongs to an organization and that a request could change.
 * @param own the request is its own: then the system log tells what it read
 */
async function stateOf(world: World, own = false) {
  const { orgId } = world;
  const heads = await readPool().query(
    "select l.id, max(h.next_seq) as head from audit.log l join audit.log_head h on h.log_id = l.id where l.org_id = $1 and (l.app_id is not null or not $2) group by 1 order by 1",
    [orgId, own],
  );
  const [sources, catalogues, apps, keys] = await Promise.all([
    prisma().dataSource.findMany({ where: { orgId }, orderBy: { id: "asc" } }),
    prisma().catalogueColumn.findMany({ where: { dataSource: { orgId } } }),
    prisma().app.findMany({ where: { orgId }, orderBy: { id: "asc" } }),
    prisma().apiKey.findMany({ where: { orgId }, orderBy: { id: "asc" }, omit: { lastUsedAt: true } }),
  ]);
  return { heads: heads.rows, sources, catalogues, apps, keys };
}

let api: TestApi;
let a: World;
let b: World;
let routes: DocumentedRoute[];
beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
  [a, b, routes] = await Promise.all([makeWorld(api), makeWorld(api), documentedRoutes(api)]);
});
afterAll(() => api.close());

const OWN_ORIGIN = "http://localhost:3000";
const label = ({ method, path }: DocumentedRoute) => `${method} ${path}`;

/** Every way in which that route can name something of that world. */
function* foreignRequests(route: DocumentedRoute, ids: { apps: string[]; others: string[] }) {
  const everything = route.path.includes("{id}") ? [...ids.apps, ...ids.others] : [undefined];
  for (const id of everything) {
    for (const appId of route.namesApp ? [undefined, ...ids.apps] : [undefined]) {
      if (id !== undefined || appId !== undefined) yield { ...(id && { id }), ...(appId && { appId }) };
    }
  }
}

function expectNothing(answer: Answer, secrets: readonly string[], what: string): void {
  const text = JSON.stringify(answer.body);
  for (const secret of secrets) expect(text.includes(secret), `${what} shows ${secret}: ${text}`).toBe(false);
}

describe("the routes of the OpenAPI document", () => {
  test("there are some, and each says its scope", () => {
    expect(routes.length).toBeGreaterThanOrEqual(13);
    for (const route of routes)
      expect(SCOPES, label(route)).toEqual(expect.arrayContaining([route.scope, ...route.scopes]));
  });

  test("each works on what is one's own: these requests fail for no other reason than whose things they name", async () => {
    for (const route of routes) {
      const own = await makeWorld(api);
      // A key can only grant what it has itself.
      const { scopes = [] } = (route.body(own.appId) ?? {}) as { scopes?: string[] };
      const key = await makeKey(own.orgId, own.appId, { scopes: [route.scope, ...scopes], orgWide: true });
      const ids = route.path.includes("{id}")
        ? [own.otherAppId, own.otherKeyId, own.eventId, own.otherSourceId]
        : [undefined];
      const statuses = [];
      for (const id of ids) {
        const { status, body } = await send(api, route, { as: { key }, appId: own.appId, ...(id && { id }) });
        // What asks the source itself finds none there: as far as this test goes, it was let in.
        statuses.push(body.code === "source_unreachable" ? 200 : status);
      }
      expect(
        statuses.filter((status) => status < 300),
        `${label(route)} ${statuses}`,
      ).toHaveLength(1);
    }
  });

  test.each(["key", "session"])(
    "with another organization's ids answer 404 to a %s, and change nothing",
    async (how) => {
      const as = how === "key" ? { key: b.key } : { cookie: b.owner.cookie, origin: OWN_ORIGIN };
      const before = await stateOf(a);
      let asked = 0;
      for (const route of routes) {
        const others = [a.eventId, keyIdOf(a.key), a.orgId, a.sourceId, a.otherSourceId];
        for (const request of foreignRequests(route, { apps: [a.appId, a.otherAppId], others })) {
          const answer = await send(api, route, { as, ...request });
          const what = `${label(route)} ${JSON.stringify(request)}`;
          expect(answer.status, `${what}: ${JSON.stringify(answer.body)}`).toBe(404);
          expectNothing(answer, a.secrets, what);
          asked += 1;
        }
      }
      expect(asked).toBeGreaterThan(30);
      expect(await stateOf(a)).toEqual(before);
    },
  );

  test.each(["key", "session"])("that name nothing show a %s nothing of another organization", async (how) => {
    const fresh = await makeWorld(api);
    const as = how === "key" ? { key: fresh.key } : { cookie: fresh.owner.cookie, origin: OWN_ORIGIN };
    for (const route of routes.filter(({ path }) => !path.includes("{id}"))) {
      const answer = await send(api, route, { as, appId: route.method === "GET" ? "all" : fresh.appId });
      expectNothing(answer, [...a.secrets, ...b.secrets], label(route));
    }
  });

  test("to a key that is bound to one app, the organization's other app is not there", async () => {
    const key = await makeKey(a.orgId, a.appId, { scopes: SCOPES });
    const before = await stateOf(a, true);
    const hidden = [a.otherAppId, a.otherEventId, a.otherKeyId, a.otherSourceId];
    for (const route of routes) {
      const others = [a.otherEventId, a.otherKeyId, a.otherSourceId];
      for (const request of foreignRequests(route, { apps: [a.otherAppId], others })) {
        const answer = await send(api, route, { as: { key }, ...request });
        expect(answer.status, `${label(route)} ${JSON.stringify(request)}`).toBe(404);
        expectNothing(answer, hidden, label(route));
      }
      if (route.method === "GET" && !route.path.includes("{id}")) {
        const wide = route.path === "/v1/events" ? undefined : "all";
        expectNothing(await send(api, route, { as: { key }, ...(wide && { appId: wide }) }), hidden, label(route));
      }
    }
    expect(await stateOf(a, true)).toEqual(before);
  });

  test("a key with one of several scopes that suffice is let in", async () => {
    const { orgId, appId } = await makeWorld(api);
    const several = routes.filter(({ scopes }) => scopes.length > 1);
    expect(several.length).toBeGreaterThan(0);
    for (const { route, scope } of several.flatMap((route) => route.scopes.map((scope) => ({ route, scope })))) {
      const key = await makeKey(orgId, appId, { scopes: [scope] });
      const { status, body } = await send(api, route, { as: { key }, appId, id: "none" });
      // The sample of a route may be for another of its scopes: then that one is what is missing, not all of them.
      const narrower = status === 403 && route.scopes.includes(body.missing_scope) && body.missing_scope !== scope;
      expect(status !== 403 || narrower, `${label(route)} with ${scope}: ${body.detail}`).toBe(true);
    }
  });

  test("a key with every scope but the one answers 403 and names it", async () => {
    for (const route of routes) {
      const key = await makeKey(a.orgId, a.appId, { scopes: SCOPES.filter((scope) => !route.scopes.includes(scope)) });
      const answer = await send(api, route, { as: { key }, appId: a.appId, id: a.eventId });
      expect(answer.status, label(route)).toBe(403);
      expect(answer.body).toMatchObject({ code: "forbidden", missing_scope: route.scopes.join(" or ") });
      expect(answer.body.detail).toContain(route.scopes.join(" or "));
    }
  });

  test("without credentials, or with ones that are not ours, answer 401", async () => {
    const [name] = a.owner.cookie.split("=");
    for (const route of routes) {
      for (const as of [{ cookie: "" }, { cookie: `${name}=junk` }, { key: "afd_live_x" }, { key: `${a.key}x` }]) {
        const answer = await send(api, route, { as, appId: a.appId, id: a.eventId });
        expect(answer.status, label(route)).toBe(401);
        expectNothing(answer, a.secrets, label(route));
      }
    }
  });

  test("with a cookie change something only when the portal itself asks", async () => {
    const before = await stateOf(a);
    const elsewhere: Record<string, string>[] = [
      {},
      { origin: "https://elsewhere.example" },
      { origin: "null" },
      { origin: "http://localhost:3001" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
    ];
    for (const route of routes.filter(({ method }) => method !== "GET")) {
      for (const headers of elsewhere) {
        const answer = await ask(api, undefined, route.path.replace("{id}", a.otherAppId), {
          method: route.method,
          headers: { cookie: a.owner.cookie, ...headers },
          body: route.body(a.appId) ?? {},
        });
        expect(answer.status, `${label(route)} ${JSON.stringify(headers)}`).toBe(403);
      }
    }
    expect(await stateOf(a)).toEqual(before);
  });
});

describe("a page of somebody else's", () => {
  const ELSEWHERE: Record<string, string>[] = [
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" },
    { origin: "https://elsewhere.example" },
    { "sec-fetch-site": "same-origin", origin: "https://elsewhere.example" },
  ];

  test("reads nothing with the cookie of who looks at it, and leaves no row under their name", async () => {
    const before = await stateOf(a);
    for (const route of routes.filter(({ method }) => method === "GET"))
      for (const headers of ELSEWHERE) {
        const path = route.path.replace("{id}", a.eventId);
        const answer = await ask(api, undefined, path, { headers: { cookie: a.owner.cookie, ...headers } });
        expect(answer.status, `${label(route)} ${JSON.stringify(headers)}`).toBe(403);
      }
    expect(await stateOf(a)).toEqual(before);
  });

  test("that a person opens by its address, or from the portal, is answered", async () => {
    for (const site of ["none", "same-origin"]) {
      const headers = { cookie: a.owner.cookie, "sec-fetch-site": site };
      expect((await ask(api, undefined, "/v1/apps", { headers })).status).toBe(200);
    }
  });
});

describe("roles in the portal", () => {
  test("each role is let in exactly where the policy table says", async () => {
    const { roleAllows, isPermission } = await import("./policy");
    for (const role of ROLES) {
      const own = await makeWorld(api);
      const person = await signInAs({ orgId: own.orgId, role, appIds: [own.appId] });
      for (const route of routes) {
        const as = { cookie: person.cookie, origin: OWN_ORIGIN };
        const { status, body } = await send(api, route, { as, appId: own.appId, id: randomUUID() });
        const allowed = route.scopes.some((scope) => isPermission(scope) && roleAllows(role, scope));
        expect(status === 403, `${role} ${label(route)}: ${status}`).toBe(!allowed);
        if (!allowed) expect(body.missing_scope).toBe(route.scopes.join(" or "));
      }
    }
  });

  test("a member sees their own apps only, and no headers or bodies anywhere", async () => {
    const person = await signInAs({ orgId: a.orgId, role: "member", appIds: [a.appId] });
    const read = (path: string) => ask(api, undefined, path, { headers: { cookie: person.cookie } });
    const window = queryOf({ queryNames: ["from", "to", "kind"] } as DocumentedRoute, undefined).slice(1);
    const pages = [
      await read("/v1/events"),
      await read(`/v1/events/search?${window}`),
      await read(`/v1/events/search?app_id=all&${window}`),
    ];
    for (const { body } of pages) {
      expect(body.events.map((row: { id: string }) => row.id)).toEqual([a.eventId]);
      expect(Object.keys(body.events[0])).not.toContain("request_body");
      expect(Object.keys(body.events[0])).not.toContain("has_more_fields");
    }
    const whole = await read(`/v1/events/${a.eventId}`);
    expect(whole.body).toMatchObject({ id: a.eventId, request_body_bytes: 43 });
    for (const heavy of ["request_headers", "response_headers", "request_body", "response_body"]) {
      expect(Object.keys(whole.body)).not.toContain(heavy);
    }
    expect((await read(`/v1/events/${a.otherEventId}`)).status).toBe(404);
    expect((await read(`/v1/events?app_id=${a.otherAppId}`)).status).toBe(404);
    expect((await read("/v1/apps")).body.apps.map((app: { id: string }) => app.id)).toEqual([a.appId]);
  });

  test("a member without an app sees nothing at all", async () => {
    const person = await signInAs({ orgId: a.orgId, role: "member" });
    for (const route of routes.filter(({ method, scope }) => method === "GET" && scope === "events:read")) {
      for (const appId of [undefined, "all", a.appId]) {
        const answer = await send(api, route, {
          as: { cookie: person.cookie },
          id: a.eventId,
          ...(appId && { appId }),
        });
        expect([200, 404], label(route)).toContain(answer.status);
        expectNothing(answer, a.secrets, label(route));
      }
    }
  });
});
