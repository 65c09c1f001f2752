import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { hashPassword } from "@/lib/access/password";
import { choosePassword } from "@/lib/access/password-link";
import { findSessionSubject, openSession } from "@/lib/access/session";
import { verifyCredentials } from "@/lib/access/sign-in";
import { prisma } from "@/lib/db/prisma";
import { arrange } from "@/lib/testing/arrange";
import { createTestDatabase } from "@/lib/testing/database";
import { cookieOf } from "@/lib/testing/portal";
import { insertOrganization } from "./first-owner";
import { addOwner, resetPassword } from "./host-users";

const PASSWORD = "correct horse battery staple";
const OTHER = "another long enough password";
const ORIGIN = { clientIp: "192.0.2.1", userAgent: "test" };
let passwordHash: string;
beforeAll(async () => {
  await createTestDatabase();
  passwordHash = await hashPassword(PASSWORD);
});

const address = () => `${randomUUID()}@example.com`;
async function organization(name: string) {
  const email = address();
  const owner = { organization_name: name, app_name: "App", email, passwordHash };
  return { email, ...(await arrange((tx) => insertOrganization(tx, owner))) };
}
const opens = async (email: string, password: string) =>
  (await verifyCredentials({ email, password }, "192.0.2.2")) !== undefined;

test("without an organization there is nobody to add an owner to", async () => {
  await expect(addOwner(address())).rejects.toThrow(/no organization yet/);
});

describe("resetPassword", () => {
  test("ends password and sign-ins at once; the link sets another, once", async () => {
    const { email, userId } = await organization("One");
    const sessionId = await arrange((tx) => openSession(tx, userId, ORIGIN));
    const old = await resetPassword(email);
    expect(old.ended).toBe(1);
    expect(await opens(email, PASSWORD)).toBe(false);
    expect(await findSessionSubject({ cookie: await cookieOf(sessionId), ...ORIGIN })).toBeUndefined();
    const { token } = await resetPassword(email);
    const row = await prisma().passwordLink.findUniqueOrThrow({ where: { userId } });
    expect(Buffer.from(row.tokenHash).toString()).not.toContain(token);

    for (const wrong of [old.token, "guess"]) {
      await expect(choosePassword({ token: wrong, password: OTHER }, ORIGIN)).rejects.toMatchObject({
        code: "forbidden",
      });
    }
    const tries = await Promise.allSettled(
      Array.from({ length: 4 }, () => choosePassword({ token, password: OTHER }, ORIGIN)),
    );
    expect(tries.filter(({ status }) => status === "fulfilled")).toEqual([{ status: "fulfilled", value: { email } }]);
    expect(await opens(email, OTHER)).toBe(true);
    expect(await prisma().passwordLink.count({ where: { userId } })).toBe(0);
  });

  test("a link of more than an hour ago opens nothing", async () => {
    const { email, userId } = await organization("Late");
    const { token } = await resetPassword(email);
    await arrange(
      (tx) => tx.$executeRaw`update "PasswordLink" set "expiresAt" = now() where "userId" = ${userId}::uuid`,
    );
    await expect(choosePassword({ token, password: OTHER }, ORIGIN)).rejects.toMatchObject({ code: "forbidden" });
  });

  test("says when nobody is called so, or belongs nowhere", async () => {
    await expect(resetPassword(address())).rejects.toThrow(/Nobody signs in as/);
    const email = address();
    await arrange((tx) => tx.user.create({ data: { email } }));
    await expect(resetPassword(email)).rejects.toThrow(/belongs to no organization/);
  });
});

describe("addOwner", () => {
  test("makes an owner, makes one of a member, and leaves one as they are", async () => {
    const { orgId } = await organization("Two");
    const email = address();
    const made = await addOwner(email, orgId);
    expect(made).toMatchObject({ organization: "Two", how: "made", token: expect.any(String) });
    await choosePassword({ token: made.token ?? "", password: PASSWORD }, ORIGIN);
    expect(await opens(email, PASSWORD)).toBe(true);
    expect(await addOwner(email, "Two")).toMatchObject({ how: "already", token: undefined });

    const member = await arrange((tx) =>
      tx.user.create({
        data: { email: address(), passwordHash, memberships: { create: { orgId, role: "member" } } },
      }),
    );
    expect(await addOwner(member.email, orgId)).toMatchObject({ how: "promoted", token: undefined });
    expect(await prisma().membership.findMany({ where: { userId: member.id } })).toMatchObject([{ role: "owner" }]);
  });

  test("asks which organization where there are several, and takes nobody from another", async () => {
    const [three, four] = [await organization("Three"), await organization("Four")];
    await expect(addOwner(address())).rejects.toThrow(/several organizations.*Three.*Four/s);
    await expect(addOwner(address(), "Five")).rejects.toThrow(/no organization “Five”/);
    await expect(addOwner(three.email, four.orgId)).rejects.toThrow(/belongs to another organization/);
    expect(await prisma().membership.count({ where: { userId: three.userId } })).toBe(1);
  });
});
