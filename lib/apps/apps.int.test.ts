import { beforeAll, expect, test } from "vitest";
import { findKeySubject, forgetKeySubjects } from "@/lib/access/api-key";
import { grant } from "@/lib/access/door";
import { prisma } from "@/lib/db/prisma";
import { ingestEvents } from "@/lib/ingest/ingest";
import { makeKey, makeTenant, type Tenant } from "@/lib/testing/api";
import { arrange } from "@/lib/testing/arrange";
import { createTestDatabase } from "@/lib/testing/database";
import { type SignedIn, signInAs, subjectOf } from "@/lib/testing/portal";
import { archiveApp, createApp, listApps, listManagedApps, renameApp, restoreApp } from "./apps";

let tenant: Tenant;
let other: Tenant;
let admin: SignedIn;
beforeAll(async () => {
  await createTestDatabase();
  tenant = await makeTenant("One");
  other = await makeTenant("Two");
  admin = await signInAs({ orgId: tenant.orgId, role: "admin" });
});
const ctx = async () => grant(await subjectOf(admin), "apps:manage", "events:read");
const logs = (appId: string) =>
  prisma().$queryRaw<
    unknown[]
  >`select 1 from audit.log where app_id = ${appId}::uuid and org_id = ${tenant.orgId}::uuid`;

test("an app comes with its log, and is the maker's to use at once", async () => {
  const app = await createApp(await ctx(), { name: "Billing" });
  expect(app).toMatchObject({ name: "Billing", created_at: expect.stringMatching(/^\d{4}-.*\.\d{6}Z$/) });
  expect(await logs(app.id)).toHaveLength(1);
  expect((await listApps(await ctx())).map(({ name }) => name)).toEqual(["first", "second", "Billing"]);
});

test("a name is unique in its organization, and a refused app leaves no log", async () => {
  const count = async () => (await prisma().$queryRaw<unknown[]>`select 1 from audit.log`).length;
  const before = await count();
  const both = await Promise.allSettled([
    createApp(await ctx(), { name: "Twice" }),
    createApp(await ctx(), { name: "Twice" }),
  ]);
  expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(both.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "conflict" } });
  await expect(createApp(await ctx(), { name: "Twice" })).rejects.toMatchObject({ code: "conflict" });
  expect(await count()).toBe(before + 1);
});

test("renaming and archiving stop at the organization's border", async () => {
  for (const appId of [other.appId, "00000000-0000-4000-8000-000000000000"]) {
    await expect(renameApp(await ctx(), appId, { name: "Mine" })).rejects.toMatchObject({ code: "not_found" });
    await expect(archiveApp(await ctx(), appId)).rejects.toMatchObject({ code: "not_found" });
  }
  expect(await renameApp(await ctx(), tenant.appId, { name: "Renamed" })).toMatchObject({
    id: tenant.appId,
    name: "Renamed",
  });
  await expect(renameApp(await ctx(), tenant.appId, { name: "second" })).rejects.toMatchObject({ code: "conflict" });
});

test("an archived app is gone for its people, and its log stays", async () => {
  const app = await createApp(await ctx(), { name: "Old" });
  await archiveApp(await ctx(), app.id);
  expect((await listApps(await ctx())).map(({ id }) => id)).not.toContain(app.id);
  await expect(archiveApp(await ctx(), app.id)).rejects.toMatchObject({ code: "not_found" });
  expect(await logs(app.id)).toHaveLength(1);
});

test("a member sees the apps they were given and no others", async () => {
  const member = await signInAs({ orgId: tenant.orgId, role: "member", appIds: [tenant.otherAppId] });
  const subject = await subjectOf(member);
  expect((await listApps(grant(subject, "events:read"))).map(({ id }) => id)).toEqual([tenant.otherAppId]);
  expect(() => grant(subject, "apps:manage")).toThrowError(expect.objectContaining({ code: "forbidden" }));
});

test("an archived app can be restored, with its name, its log and its keys", async () => {
  const app = await createApp(await ctx(), { name: "Sleeper" });
  const key = await makeKey(tenant.orgId, app.id, { scopes: ["events:read"] });
  await archiveApp(await ctx(), app.id);
  await expect(createApp(await ctx(), { name: "Sleeper" })).rejects.toMatchObject({ code: "conflict" });
  const shown = (await listManagedApps(await ctx())).find(({ id }) => id === app.id);
  expect(shown).toMatchObject({ name: "Sleeper", archived_at: expect.stringMatching(/Z$/), rows: 0, live_keys: 1 });
  expect(await restoreApp(await ctx(), app.id)).toEqual(app);
  expect(await restoreApp(await ctx(), app.id)).toEqual(app);
  expect((await listApps(await ctx())).map(({ id }) => id)).toContain(app.id);
  forgetKeySubjects();
  expect((await findKeySubject(key, { clientIp: "", userAgent: "" })).homeAppId).toBe(app.id);
});

test("the managed list counts rows and working keys, and restoring stops at the organization's border", async () => {
  const app = await createApp(await ctx(), { name: "Counted" });
  const key = await makeKey(tenant.orgId, app.id, { scopes: ["events:write"] });
  const over = await makeKey(tenant.orgId, app.id, { scopes: ["events:write"] });
  await arrange((tx) =>
    tx.apiKey.update({ where: { id: over.split("_")[2] ?? "" }, data: { expiresAt: new Date(1) } }),
  );
  const writer = grant(await findKeySubject(key, { clientIp: "", userAgent: "" }), "events:write");
  const event = { kind: "call", outcome: "success" };
  const events = [event, { ...event }, { ...event }];
  await ingestEvents(writer, { appId: app.id, events, body: { events }, pointerOf: (index) => `/events/${index}` });
  const mine = await listManagedApps(await ctx());
  expect(mine.find(({ id }) => id === app.id)).toMatchObject({ archived_at: null, rows: 3, live_keys: 1 });

  const stranger = grant(await subjectOf(await signInAs({ orgId: other.orgId, role: "owner" })), "apps:manage");
  await archiveApp(await ctx(), app.id);
  await expect(restoreApp(stranger, app.id)).rejects.toMatchObject({ code: "not_found" });
  expect((await listManagedApps(stranger)).map(({ id }) => id).sort()).toEqual([other.appId, other.otherAppId].sort());
  const bound = await findKeySubject(await makeKey(tenant.orgId, tenant.appId, { scopes: ["apps:manage"] }), {
    clientIp: "",
    userAgent: "",
  });
  await expect(restoreApp(grant(bound, "apps:manage"), app.id)).rejects.toMatchObject({ code: "not_found" });
  expect((await listManagedApps(grant(bound, "apps:manage"))).map(({ id }) => id)).toEqual([tenant.appId]);
});

test("a name that is taken says which, also when renaming", async () => {
  await createApp(await ctx(), { name: "Taken" });
  const app = await createApp(await ctx(), { name: "Free" });
  await expect(renameApp(await ctx(), app.id, { name: "Taken" })).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("“Taken”"),
  });
  expect(await renameApp(await ctx(), app.id, { name: "Free" })).toEqual(app);
});
