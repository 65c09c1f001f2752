import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseApiKey } from "@/lib/access/api-key-format";
import { hashPassword, verifyPassword } from "@/lib/access/password";
import { SCOPES } from "@/lib/access/policy";
import { prisma } from "@/lib/db/prisma";
import { arrange } from "@/lib/testing/arrange";
import { createTestDatabase } from "@/lib/testing/database";
import { ensureDemo, hasOtherOwner } from "./demo";

const folder = mkdtempSync(path.join(tmpdir(), "afd-demo-"));
const file = path.join(folder, "demo-credentials.json");
const URL = "http://localhost:3000";
const demo = () => ensureDemo(folder, URL);
const written = () => JSON.parse(readFileSync(file, "utf8"));

beforeAll(async () => {
  await createTestDatabase();
});
afterAll(() => rmSync(folder, { recursive: true }));

test("the first run makes an organization, an owner, an app and a key with every scope", async () => {
  const { passwordWorks, ...given } = await demo();
  expect(passwordWorks).toBe(true);
  expect(written()).toEqual(given);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const membership = await prisma().membership.findFirstOrThrow({
    include: { user: true, org: { include: { apps: true } } },
  });
  expect(membership).toMatchObject({
    role: "owner",
    orgId: given.org_id,
    user: { email: given.email },
    org: { name: "Demo" },
  });
  expect(membership.org.apps.map(({ id }) => id)).toEqual([given.app_id]);
  expect(await verifyPassword(membership.user.passwordHash ?? "", given.password)).toBe(true);
  const key = await prisma().apiKey.findUniqueOrThrow({ where: { id: parseApiKey(given.api_key)?.id ?? "" } });
  expect(key).toMatchObject({ orgId: given.org_id, appId: given.app_id, orgWide: true, revokedAt: null });
  expect(new Set(key.scopes)).toEqual(new Set(SCOPES));
});

test("further runs change nothing", async () => {
  const before = written();
  await demo();
  expect(written()).toEqual(before);
  expect(await prisma().organization.count()).toBe(1);
  expect(await prisma().apiKey.count()).toBe(1);
});

test("another address is written down, with the same credentials", async () => {
  const before = written();
  expect(await ensureDemo(folder, "https://audit.example.com")).toMatchObject({
    ...before,
    url: "https://audit.example.com",
  });
  await demo();
});

test("a key that was revoked, or no longer has every scope, is replaced", async () => {
  for (const data of [
    { revokedAt: new Date() },
    { scopes: ["events:read"] },
    { orgWide: false },
    { expiresAt: new Date(0) },
  ]) {
    const before = written();
    await arrange((tx) => tx.apiKey.update({ where: { id: parseApiKey(before.api_key)?.id ?? "" }, data }));
    const after = await demo();
    expect(after).toMatchObject({ password: before.password, org_id: before.org_id });
    expect(after.api_key).not.toBe(before.api_key);
  }
});

test("a lost or damaged file gets a password and a key that work", async () => {
  for (const text of ["", "{", '{"password": 7}']) {
    writeFileSync(file, text);
    const { password } = await demo();
    const user = await prisma().user.findFirstOrThrow();
    expect(await verifyPassword(user.passwordHash ?? "", password)).toBe(true);
  }
});

test("a password that was changed in the portal stays, and is not shown as the one that opens", async () => {
  const before = written();
  const user = await prisma().user.findFirstOrThrow();
  const passwordHash = await hashPassword("chosen in the portal");
  await arrange((tx) => tx.user.update({ where: { id: user.id }, data: { passwordHash } }));
  expect(await demo()).toMatchObject({ password: before.password, passwordWorks: false });
});

test("an owner of somebody's own is seen", async () => {
  expect(await hasOtherOwner()).toBe(false);
  const org = await arrange((tx) => tx.organization.create({ data: { name: "Real" } }));
  await arrange((tx) =>
    tx.membership.create({
      data: { role: "owner", org: { connect: { id: org.id } }, user: { create: { email: "real@example.com" } } },
    }),
  );
  expect(await hasOtherOwner()).toBe(true);
});
