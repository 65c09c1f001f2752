import { beforeAll, expect, test } from "vitest";
import { grant } from "@/lib/access/door";
import { prisma } from "@/lib/db/prisma";
import { makeTenant, type Tenant } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { type SignedIn, signInAs, subjectOf } from "@/lib/testing/portal";
import { archiveApp, createApp, listApps, renameApp } from "./apps";

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
