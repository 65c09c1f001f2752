import { beforeAll, describe, expect, test } from "vitest";
import { findKeySubject } from "@/lib/access/api-key";
import { grant } from "@/lib/access/door";
import type { Subject } from "@/lib/access/granted";
import { SCOPES } from "@/lib/access/policy";
import { CreateApiKey } from "@/lib/contracts/api-keys";
import { prisma } from "@/lib/db/prisma";
import { makeKey, makeTenant, type Tenant } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { signInAs, subjectOf } from "@/lib/testing/portal";
import { createApiKey, listApiKeys, revokeApiKey } from "./api-keys";

let tenant: Tenant;
let other: Tenant;
let owner: Subject;
let developer: Subject;
const ORIGIN = { clientIp: "192.0.2.1", userAgent: "test" };

beforeAll(async () => {
  await createTestDatabase();
  tenant = await makeTenant("One");
  other = await makeTenant("Two");
  owner = await subjectOf(await signInAs({ orgId: tenant.orgId, role: "owner" }));
  developer = await subjectOf(await signInAs({ orgId: tenant.orgId, role: "developer", appIds: [tenant.appId] }));
});

const manager = (subject: Subject) => grant(subject, "keys:manage");
const create = (subject: Subject, wish: object) =>
  createApiKey(
    manager(subject),
    CreateApiKey.parse({ name: "key", app_id: tenant.appId, scopes: ["events:write"], ...wish }),
  );

describe("createApiKey", () => {
  test("makes a key that opens what it says, and stores only its hash", async () => {
    const made = await create(owner, { scopes: ["events:write", "events:read", "events:write"] });
    expect(made.key.startsWith(`${made.prefix}_`)).toBe(true);
    expect(made.scopes).toEqual(["events:write", "events:read"]);
    const subject = await findKeySubject(made.key, ORIGIN);
    expect(subject).toMatchObject({ orgId: tenant.orgId, appIds: [tenant.appId], homeAppId: tenant.appId });
    const row = await prisma().apiKey.findUniqueOrThrow({ where: { id: made.id } });
    expect(JSON.stringify(row)).not.toContain(made.key.split("_")[3]);
  });

  test("never grants a scope that its maker lacks, nor one that does not exist", async () => {
    await expect(create(developer, { scopes: ["apps:manage"] })).rejects.toMatchObject({
      code: "forbidden",
      options: { extra: { missing_scope: "apps:manage" } },
    });
    for (const scope of ["events:read_bodies", "everything"]) {
      await expect(create(owner, { scopes: [scope] })).rejects.toMatchObject({ code: "invalid_request" });
    }
    const made = await create(developer, {});
    const narrow = await findKeySubject((await create(owner, { scopes: ["keys:manage", "events:write"] })).key, ORIGIN);
    expect(made.created_by).toContain("@example.com");
    await expect(create(narrow, { scopes: ["events:read"] })).rejects.toMatchObject({ code: "forbidden" });
    expect((await create(narrow, {})).created_by).toBe(owner.actor.type === "user" ? owner.actor.email : undefined);
  });

  test("never reaches an app that its maker does not, and organization-wide only from there", async () => {
    for (const app_id of [tenant.otherAppId, other.appId]) {
      await expect(create(developer, { app_id })).rejects.toMatchObject({ code: "not_found" });
    }
    await expect(create(owner, { app_id: other.appId })).rejects.toMatchObject({ code: "not_found" });
    await expect(create(developer, { org_wide: true })).rejects.toMatchObject({ code: "forbidden" });
    const bound = await findKeySubject(await makeKey(tenant.orgId, tenant.appId, { scopes: SCOPES }), ORIGIN);
    await expect(create(bound, { org_wide: true })).rejects.toMatchObject({ code: "forbidden" });
    const wide = await findKeySubject(tenant.key, ORIGIN);
    const made = await create(wide, { org_wide: true });
    expect((await findKeySubject(made.key, ORIGIN)).appIds).toEqual([tenant.appId, tenant.otherAppId]);
  });

  test("wants an expiry in the future, and stops the key then", async () => {
    await expect(create(owner, { expires_at: "2020-01-01T00:00:00Z" })).rejects.toMatchObject({
      code: "invalid_request",
    });
    const made = await create(owner, { expires_at: "2099-01-01T01:00:00+01:00" });
    expect(made.expires_at).toBe("2099-01-01T00:00:00.000000Z");
  });
});

describe("listApiKeys and revokeApiKey", () => {
  test("show neither secret nor hash, and a developer only what is of their apps", async () => {
    const elsewhere = await create(owner, { app_id: tenant.otherAppId });
    const wide = await create(owner, { org_wide: true });
    const own = await create(developer, {});
    const all = await listApiKeys(manager(owner));
    expect(all.map(({ id }) => id)).toEqual(expect.arrayContaining([elsewhere.id, wide.id, own.id]));
    expect(Object.keys(all[0] ?? {})).not.toEqual(expect.arrayContaining(["key"]));
    const seen = (await listApiKeys(manager(developer))).map(({ id }) => id);
    expect(seen).toContain(own.id);
    expect(seen).not.toContain(elsewhere.id);
    expect(seen).not.toContain(wide.id);
    for (const id of [elsewhere.id, wide.id]) {
      await expect(revokeApiKey(manager(developer), id)).rejects.toMatchObject({ code: "not_found" });
    }
  });

  test("a revoked key stays revoked, and another organization's is not found", async () => {
    const made = await create(owner, {});
    const stranger = await subjectOf(await signInAs({ orgId: other.orgId, role: "owner" }));
    await expect(revokeApiKey(manager(stranger), made.id)).rejects.toMatchObject({ code: "not_found" });
    const revoked = await revokeApiKey(manager(owner), made.id);
    expect(revoked.revoked_at).not.toBeNull();
    expect(await revokeApiKey(manager(owner), made.id)).toEqual(revoked);
    await expect(findKeySubject(made.key, ORIGIN)).rejects.toMatchObject({ code: "unauthenticated" });
    expect((await listApiKeys(manager(stranger))).every(({ id }) => id !== made.id)).toBe(true);
  });
});
