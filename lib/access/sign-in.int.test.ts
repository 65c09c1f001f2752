import { beforeAll, describe, expect, test } from "vitest";
import { INSTALLATION, mutation } from "@/lib/db/mutation";
import { prisma } from "@/lib/db/prisma";
import { insertOrganization } from "@/lib/organization/first-owner";
import { createTestDatabase } from "@/lib/testing/database";
import { hashPassword } from "./password";
import { authOptions, verifyCredentials } from "./sign-in";

const PASSWORD = "correct horse battery staple";
let userId: string;
beforeAll(async () => {
  await createTestDatabase();
  const passwordHash = await hashPassword(PASSWORD);
  const owner = { organization_name: "One", app_name: "App", email: "owner@example.com", passwordHash };
  ({ userId } = await mutation(INSTALLATION, (tx) => insertOrganization(tx, owner)));
  await prisma().user.create({ data: { email: "stranger@example.com", passwordHash } });
  await prisma().user.create({ data: { email: "sso@example.com", memberships: {} } });
});

let addresses = 0;
/** An address of its own for each case, so that the limits of one do not meet another. */
const address = () => {
  addresses += 1;
  return `198.51.100.${addresses}`;
};

describe("verifyCredentials", () => {
  test("knows the user by e-mail address and password", async () => {
    expect(await verifyCredentials({ email: "owner@example.com", password: PASSWORD }, address())).toBe(userId);
  });

  test.each([
    ["owner@example.com", "wrong"],
    ["nobody@example.com", PASSWORD],
    ["stranger@example.com", PASSWORD],
    ["sso@example.com", PASSWORD],
    ["sso@example.com", "no user has this hash"],
  ])("answers %s with %s alike", async (email, password) => {
    expect(await verifyCredentials({ email, password }, address())).toBeUndefined();
  });

  test("an unknown name costs as much time as a wrong password", async () => {
    const time = async (email: string) => {
      const from = performance.now();
      await verifyCredentials({ email, password: "wrong" }, address());
      return performance.now() - from;
    };
    const median = async (email: string) => {
      const times: number[] = [];
      for (let run = 0; run < 7; run += 1) times.push(await time(email));
      return times.sort((a, b) => a - b)[3] ?? 0;
    };
    const [known, unknown] = [await median("owner@example.com"), await median("nobody@example.com")];
    expect(unknown).toBeGreaterThan(known / 3);
  });

  test("ten wrong passwords from one address end the attempts of that address on that name, and of no other", async () => {
    const [from, elsewhere] = [address(), address()];
    const attempt = (password: string, clientIp = from) =>
      verifyCredentials({ email: "owner@example.com", password }, clientIp);
    await Promise.all(Array.from({ length: 10 }, () => attempt("wrong")));
    await expect(attempt(PASSWORD)).rejects.toThrow("rate_limited");
    expect(await attempt(PASSWORD, elsewhere)).toBe(userId);
    await expect(verifyCredentials({ email: "nobody@example.com", password: "wrong" }, from)).resolves.toBeUndefined();
  });

  test("signing in often is no attack", async () => {
    const from = address();
    for (let run = 0; run < 15; run += 1) {
      expect(await verifyCredentials({ email: "owner@example.com", password: PASSWORD }, from)).toBe(userId);
    }
  });
});

describe("authOptions", () => {
  test("puts nothing but the session's id into the cookie, and revokes the row on signing out", async () => {
    const { callbacks, events } = authOptions();
    const session = await prisma().session.create({ data: { userId, expiresAt: new Date(Date.now() + 60_000) } });
    const args = { token: { name: "n", email: "e", sub: "s" }, user: { id: userId, sid: session.id }, account: null };
    const token = await callbacks?.jwt?.(args);
    expect(token).toEqual({ sid: session.id });
    await events?.signOut?.({ token: token ?? {}, session: { expires: "" } });
    expect((await prisma().session.findUniqueOrThrow({ where: { id: session.id } })).revokedAt).not.toBeNull();
  });
});
