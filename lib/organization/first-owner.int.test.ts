import { beforeAll, expect, test } from "vitest";
import { verifyCredentials } from "@/lib/access/sign-in";
import { prisma } from "@/lib/db/prisma";
import { createTestDatabase } from "@/lib/testing/database";
import { ORIGIN } from "@/lib/testing/portal";
import { hasOwner, issueSetupToken, setUp } from "./first-owner";

beforeAll(async () => {
  await createTestDatabase();
});

const wish = (token: string) => ({
  token,
  organization_name: "Example Ltd",
  app_name: "Production",
  email: "owner@example.com",
  password: "correct horse battery staple",
});

test("the first owner is made once, by the newest token, however many try at the same time", async () => {
  expect(await hasOwner()).toBe(false);
  const old = await issueSetupToken();
  const token = (await issueSetupToken()) ?? "";
  expect(old).not.toBe(token);
  const rows = await prisma().setupToken.findMany();
  expect(rows).toHaveLength(1);
  expect(Buffer.from(rows[0]?.tokenHash ?? []).toString()).not.toContain(token);

  await expect(setUp(wish(old ?? ""), ORIGIN)).rejects.toMatchObject({ code: "forbidden" });
  await expect(setUp(wish("guess"), ORIGIN)).rejects.toMatchObject({ code: "forbidden" });
  const tries = await Promise.allSettled(Array.from({ length: 4 }, () => setUp(wish(token), ORIGIN)));
  expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);

  expect(await prisma().organization.count()).toBe(1);
  const user = await prisma().user.findUniqueOrThrow({
    where: { email: "owner@example.com" },
    include: { memberships: true },
  });
  expect(user.memberships).toMatchObject([{ role: "owner" }]);
  expect(
    await verifyCredentials({ email: "owner@example.com", password: "correct horse battery staple" }, "192.0.2.1"),
  ).toBe(user.id);
  const logs = await prisma().$queryRaw<
    { app_id: string | null }[]
  >`select app_id from audit.log order by app_id nulls first`;
  expect(logs).toHaveLength(2);
  expect(logs[0]?.app_id).toBeNull();

  expect(await hasOwner()).toBe(true);
  expect(await issueSetupToken()).toBeUndefined();
  await expect(setUp(wish(token), ORIGIN)).rejects.toMatchObject({ code: "conflict" });
  expect(await prisma().setupToken.count()).toBe(0);
});
