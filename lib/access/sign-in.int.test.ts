import { beforeAll, describe, expect, test } from "vitest";
import { insertOrganization } from "@/lib/organization/first-owner";
import { arrange } from "@/lib/testing/arrange";
import { createTestDatabase } from "@/lib/testing/database";
import { hashPassword } from "./password";
import { authOptions, verifyCredentials } from "./sign-in";

const PASSWORD = "correct horse battery staple";
let userId: string;
beforeAll(async () => {
  await createTestDatabase();
  const passwordHash = await hashPassword(PASSWORD);
  const owner = { organization_name: "One", app_name: "App", email: "owner@example.com", passwordHash };
  ({ userId } = await arrange((tx) => insertOrganization(tx, owner)));
  await arrange((tx) => tx.user.create({ data: { email: "stranger@example.com", passwordHash } }));
  await arrange((tx) => tx.user.create({ data: { email: "sso@example.com", memberships: {} } }));
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
    // The fastest of several in turns: what else runs on the machine only ever adds.
    let [known, unknown] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let run = 0; run < 9; run += 1) {
      known = Math.min(known, await time("owner@example.com"));
      unknown = Math.min(unknown, await time("nobody@example.com"));
    }
    expect(unknown).toBeGreaterThan(known / 2);
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
  test("puts nothing but the session's id into the cookie", async () => {
    const token = { name: "n", email: "e", sub: "s" };
    const args = { token, user: { id: userId, sid: "id of the session" }, account: null };
    expect(await authOptions().callbacks?.jwt?.(args)).toEqual({ sid: "id of the session" });
  });

  test("has no cookie that next-auth would take for a piece of the session's", () => {
    const names = Object.values(authOptions().cookies ?? {}).map(({ name }) => name);
    const [session = ""] = names;
    expect(names.filter((name) => name.startsWith(session))).toEqual([session]);
  });
});
