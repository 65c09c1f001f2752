import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { findKeySubject } from "@/lib/access/api-key";
import { grant } from "@/lib/access/door";
import type { Subject } from "@/lib/access/granted";
import { hashPassword } from "@/lib/access/password";
import { ROLES, SCOPES } from "@/lib/access/policy";
import { findSessionSubject, openSession } from "@/lib/access/session";
import { verifyCredentials } from "@/lib/access/sign-in";
import { ChangePassword, RenameAccount } from "@/lib/contracts/account";
import { makeTenant, type Tenant } from "@/lib/testing/api";
import { arrange } from "@/lib/testing/arrange";
import { createTestDatabase } from "@/lib/testing/database";
import { cookieOf, type SignedIn, signInAs, subjectOf } from "@/lib/testing/portal";
import { changeEmail, changePassword, getAccount, renameAccount } from "./account";
import { endSession, listSessions, signOutEverywhere } from "./sessions";

const PASSWORD = "correct horse battery staple";
const OTHER = "another long enough password";
const ORIGIN = { clientIp: "192.0.2.7", userAgent: "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0" };
let tenant: Tenant;
let other: Tenant;
let passwordHash: string;
beforeAll(async () => {
  await createTestDatabase();
  [tenant, other, passwordHash] = await Promise.all([makeTenant("One"), makeTenant("Two"), hashPassword(PASSWORD)]);
});

const own = (subject: Subject) => grant(subject, "account:manage");
async function person(orgId = tenant.orgId): Promise<SignedIn & { email: string; subject: Subject }> {
  const made = await signInAs({ orgId, role: "member" });
  await arrange((tx) => tx.user.update({ where: { id: made.userId }, data: { passwordHash } }));
  const subject = await subjectOf(made);
  return { ...made, subject, email: subject.actor.type === "user" ? subject.actor.email : "" };
}
const isOpen = async (sessionId: string) =>
  (await findSessionSubject({ cookie: await cookieOf(sessionId), ...ORIGIN })) !== undefined;

describe("who has an account", () => {
  test("every role has, and a key has not, whatever its scopes say", async () => {
    for (const role of ROLES) {
      const subject = await subjectOf(await signInAs({ orgId: tenant.orgId, role }));
      expect(await getAccount(own(subject))).toMatchObject({ role, has_password: false });
    }
    expect(SCOPES).not.toContain("account:manage");
    const key = await findKeySubject(tenant.key, ORIGIN);
    expect(() => own(key)).toThrowError(expect.objectContaining({ code: "forbidden" }));
    const forged = { ...key, permissions: new Set([...key.permissions, "account:manage" as const]) };
    await expect(getAccount(own(forged))).rejects.toMatchObject({ code: "forbidden" });
    await expect(listSessions(own(forged))).rejects.toMatchObject({ code: "forbidden" });
  });
});

describe("name and e-mail address", () => {
  test("a name is set, and cleared by an empty one", async () => {
    const { subject } = await person();
    await renameAccount(own(subject), RenameAccount.parse({ name: "  Ada Lovelace " }));
    expect((await getAccount(own(subject))).name).toBe("Ada Lovelace");
    await renameAccount(own(subject), RenameAccount.parse({ name: "" }));
    expect((await getAccount(own(subject))).name).toBeNull();
    expect(RenameAccount.safeParse({ name: "a\u0000b" }).success).toBe(false);
  });

  test("an address wants the password, must be free, and opens from then on", async () => {
    const [one, two] = [await person(), await person(other.orgId)];
    const email = `${randomUUID()}@example.com`;
    await expect(changeEmail(own(one.subject), { email, current_password: "wrong" })).rejects.toMatchObject({
      code: "invalid_request",
      options: { errors: [{ pointer: "/current_password" }] },
    });
    await expect(changeEmail(own(one.subject), { email: two.email, current_password: PASSWORD })).rejects.toMatchObject(
      { code: "conflict", options: { errors: [{ pointer: "/email" }] } },
    );
    await changeEmail(own(one.subject), { email, current_password: PASSWORD });
    expect(await verifyCredentials({ email, password: PASSWORD }, "192.0.2.8")).toBe(one.userId);
    expect(await verifyCredentials({ email: one.email, password: PASSWORD }, "192.0.2.8")).toBeUndefined();
  });
});

describe("changePassword", () => {
  test("wants the current one, ends the other sign-ins of this person and nobody else's", async () => {
    const [one, two] = [await person(), await person()];
    const elsewhere = await arrange((tx) => openSession(tx, one.userId, ORIGIN));
    const change = (current_password: string, new_password: string) =>
      changePassword(own(one.subject), ChangePassword.parse({ current_password, new_password }));
    await expect(change("wrong", OTHER)).rejects.toMatchObject({ code: "invalid_request" });
    await expect(change(PASSWORD, PASSWORD)).rejects.toMatchObject({
      code: "invalid_request",
      options: { errors: [{ pointer: "/new_password" }] },
    });
    expect(ChangePassword.safeParse({ current_password: PASSWORD, new_password: "short" }).success).toBe(false);
    expect(await isOpen(elsewhere)).toBe(true);
    expect(await change(PASSWORD, OTHER)).toEqual({ ended: 1 });
    expect([await isOpen(one.sessionId), await isOpen(elsewhere), await isOpen(two.sessionId)]).toEqual([
      true,
      false,
      true,
    ]);
    expect(await verifyCredentials({ email: one.email, password: PASSWORD }, "192.0.2.9")).toBeUndefined();
    expect(await verifyCredentials({ email: one.email, password: OTHER }, "192.0.2.9")).toBe(one.userId);
  });

  test("two at once: one wins, the other is told", async () => {
    const { subject } = await person();
    const tries = await Promise.allSettled(
      ["first new password", "second new password"].map((new_password) =>
        changePassword(own(subject), { current_password: PASSWORD, new_password }),
      ),
    );
    expect(tries.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(tries.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "conflict" } });
  });

  test("ten wrong ones end the guessing, also for the right one", async () => {
    const { subject } = await person();
    const guess = (current_password: string) =>
      changePassword(own(subject), { current_password, new_password: OTHER }).catch((error) => error.code);
    const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => guess(`guess ${index}`)));
    expect(answers.filter((code) => code === "invalid_request")).toHaveLength(10);
    expect(await guess(PASSWORD)).toBe("rate_limited");
  });
});

describe("sessions", () => {
  test("are one's own open ones, this one first", async () => {
    const one = await person();
    const [elsewhere, ended, idle, expired] = await Promise.all(
      Array.from({ length: 4 }, () => arrange((tx) => openSession(tx, one.userId, ORIGIN))),
    );
    await endSession(own(one.subject), { id: ended ?? "" });
    await arrange(
      (tx) =>
        tx.$executeRaw`update "Session" set "lastSeenAt" = now() - interval '31 minutes' where id = ${idle}::uuid`,
    );
    await arrange((tx) => tx.$executeRaw`update "Session" set "expiresAt" = now() where id = ${expired}::uuid`);
    const list = await listSessions(own(one.subject));
    expect(list.map(({ id, current }) => [id, current])).toEqual([
      [one.sessionId, true],
      [elsewhere, false],
    ]);
    expect(list[1]).toMatchObject({ client_ip: ORIGIN.clientIp, user_agent: ORIGIN.userAgent });
  });

  test("of others can be neither seen nor ended, not even in the same organization", async () => {
    const [one, colleague, stranger] = [await person(), await person(), await person(other.orgId)];
    for (const subject of [colleague.subject, stranger.subject]) {
      expect((await listSessions(own(subject))).map(({ id }) => id)).not.toContain(one.sessionId);
      await expect(endSession(own(subject), { id: one.sessionId })).rejects.toMatchObject({ code: "not_found" });
      await signOutEverywhere(own(subject));
    }
    expect(await isOpen(one.sessionId)).toBe(true);
    expect([await isOpen(colleague.sessionId), await isOpen(stranger.sessionId)]).toEqual([false, false]);
  });

  test("all end at once when signed out everywhere", async () => {
    const one = await person();
    const elsewhere = await arrange((tx) => openSession(tx, one.userId, ORIGIN));
    expect(await signOutEverywhere(own(one.subject))).toEqual({ ended: 2 });
    expect([await isOpen(one.sessionId), await isOpen(elsewhere)]).toEqual([false, false]);
  });
});
