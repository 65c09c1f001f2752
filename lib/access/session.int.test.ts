import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { prisma } from "@/lib/db/prisma";
import { makeTenant, type Tenant } from "@/lib/testing/api";
import { arrange } from "@/lib/testing/arrange";
import { createTestDatabase } from "@/lib/testing/database";
import { cookieOf, ORIGIN, type SignedIn, signInAs, subjectOf } from "@/lib/testing/portal";
import { findSessionSubject } from "./session";
import { signOut } from "./sign-in-acts";

let tenant: Tenant;
let person: SignedIn;
beforeAll(async () => {
  await createTestDatabase();
  tenant = await makeTenant("One");
});
beforeEach(async () => {
  person = await signInAs({ orgId: tenant.orgId, role: "admin" });
});

const find = (cookie: string | null) => findSessionSubject({ cookie, clientIp: "192.0.2.9", userAgent: "agent" });

describe("findSessionSubject", () => {
  test("finds who signed in, with role, apps and where the request came from", async () => {
    expect(await find(`theme=dark; ${person.cookie}; other=1`)).toMatchObject({
      orgId: tenant.orgId,
      actor: { type: "user", userId: person.userId, role: "admin", sessionId: person.sessionId },
      appIds: [tenant.appId, tenant.otherAppId],
      homeAppId: tenant.appId,
      seesHeavyFields: true,
      clientIp: "192.0.2.9",
      userAgent: "agent",
    });
  });

  test("takes only cookies that this installation made and that have not expired", async () => {
    const [name, value = ""] = person.cookie.split("=");
    const altered = `${name}=${value.slice(0, -2)}${value.endsWith("AA") ? "BB" : "AA"}`;
    const foreign = await cookieOf(person.sessionId, { secret: "of another installation" });
    const expired = await cookieOf(person.sessionId, { maxAge: -60 });
    for (const cookie of [null, "", altered, foreign, expired, `${name}=`, `${name}=junk`, `x${person.cookie}`]) {
      expect(await find(cookie), String(cookie)).toBeUndefined();
    }
    expect(await find(await cookieOf("not-a-uuid"))).toBeUndefined();
    expect(await find(await cookieOf("00000000-0000-4000-8000-000000000000"))).toBeUndefined();
  });

  test("takes a question whether an answer may go on for no sign of life", async () => {
    const other = await signInAs({ orgId: tenant.orgId, role: "admin" });
    const where = { id: other.sessionId };
    const lastSeenAt = new Date(Date.now() - 20 * 60_000);
    await arrange((tx) => tx.session.update({ where, data: { lastSeenAt } }));
    const seen = async () => (await prisma().session.findUniqueOrThrow({ where })).lastSeenAt;
    expect(await findSessionSubject({ cookie: other.cookie, ...ORIGIN }, false)).toBeDefined();
    expect(await seen()).toEqual(lastSeenAt);
    expect(await find(other.cookie)).toBeDefined();
    expect(await seen()).not.toEqual(lastSeenAt);
  });

  test("is over at once when revoked, after 8 hours, and after 30 minutes without a request", async () => {
    const over = async (change: object) => {
      const other = await signInAs({ orgId: tenant.orgId, role: "admin" });
      await arrange((tx) => tx.session.update({ where: { id: other.sessionId }, data: change }));
      return find(other.cookie);
    };
    const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);
    expect(await over({ expiresAt: ago(0.1) })).toBeUndefined();
    expect(await over({ lastSeenAt: ago(30.1) })).toBeUndefined();
    expect(await over({ lastSeenAt: ago(29.5) })).toBeDefined();
    await signOut(null, ORIGIN);
    expect(await find(person.cookie)).toBeDefined();
    await signOut(person.cookie, ORIGIN);
    expect(await find(person.cookie)).toBeUndefined();
  });

  test("keeps a session that is used, noting it at most once a minute", async () => {
    const seen = async () => (await prisma().session.findUniqueOrThrow({ where: { id: person.sessionId } })).lastSeenAt;
    const first = await seen();
    await find(person.cookie);
    expect(await seen()).toEqual(first);
    const earlier = new Date(Date.now() - 90_000);
    await arrange((tx) => tx.session.update({ where: { id: person.sessionId }, data: { lastSeenAt: earlier } }));
    await find(person.cookie);
    expect((await seen()).getTime()).toBeGreaterThan(earlier.getTime() + 60_000);
  });

  test("lasts eight hours from signing in, by the database's clock", async () => {
    const { createdAt, expiresAt } = await prisma().session.findUniqueOrThrow({ where: { id: person.sessionId } });
    expect(expiresAt.getTime() - createdAt.getTime()).toBe(8 * 3_600_000);
  });

  test("a change of role or apps acts on the next request", async () => {
    await arrange((tx) => tx.membership.update({ where: { id: person.membershipId }, data: { role: "member" } }));
    const member = await subjectOf(person);
    expect([...member.permissions]).toEqual(["events:read", "account:manage"]);
    expect(member).toMatchObject({ appIds: [], homeAppId: undefined, seesHeavyFields: false });
    await arrange((tx) =>
      tx.appMember.create({ data: { appId: tenant.otherAppId, membershipId: person.membershipId } }),
    );
    expect((await subjectOf(person)).appIds).toEqual([tenant.otherAppId]);
    await arrange((tx) => tx.membership.update({ where: { id: person.membershipId }, data: { role: "superuser" } }));
    expect(await find(person.cookie)).toBeUndefined();
    await arrange((tx) => tx.membership.delete({ where: { id: person.membershipId } }));
    expect(await find(person.cookie)).toBeUndefined();
  });

  test("never reaches apps of another organization, even through a stray membership row, nor archived ones", async () => {
    const other = await makeTenant("Two");
    const developer = await signInAs({ orgId: tenant.orgId, role: "developer", appIds: [tenant.appId, other.appId] });
    expect((await subjectOf(developer)).appIds).toEqual([tenant.appId]);
    const owner = await signInAs({ orgId: other.orgId, role: "owner" });
    await arrange((tx) => tx.app.update({ where: { id: other.appId }, data: { archivedAt: new Date() } }));
    expect((await subjectOf(owner)).appIds).toEqual([other.otherAppId]);
  });
});
