import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { CLIENT_ADDRESS_HEADER } from "@/lib/access/client-address";
import { hashPassword } from "@/lib/access/password";
import { choosePassword } from "@/lib/access/password-link";
import { authOptions } from "@/lib/access/sign-in";
import { signOut } from "@/lib/access/sign-in-acts";
import { ensureDemo } from "@/lib/demo/demo";
import { insertOrganization, issueSetupToken, setUp } from "@/lib/organization/first-owner";
import { addOwner, resetPassword } from "@/lib/organization/host-users";
import { arrange } from "@/lib/testing/arrange";
import { createTestDatabase } from "@/lib/testing/database";
import { cookieOf, ORIGIN, signInAs } from "@/lib/testing/portal";
import { rowsOfEvent, systemLogRows } from "@/lib/testing/system-log";

/** Acts of people and programs that are not signed in: nobody's session or key says who they are. */
const PASSWORD = "correct horse battery staple";
const EMAIL = "owner@example.com";
const FROM = { client_ip: ORIGIN.clientIp, user_agent: ORIGIN.userAgent, actor_source: "portal" };

let folder: string;
let orgId: string;
let userId: string;
let passwordHash: string;
beforeAll(async () => {
  await createTestDatabase();
  folder = mkdtempSync(path.join(tmpdir(), "afd-entrances-"));
  passwordHash = await hashPassword(PASSWORD);
  const token = (await issueSetupToken()) ?? "";
  const wish = { organization_name: "One", app_name: "App", email: EMAIL, password: PASSWORD, token };
  ({ orgId, userId } = await setUp(wish, ORIGIN));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let seen: number;
beforeEach(async () => {
  seen = (await systemLogRows(orgId)).length;
});
const news = async () => (await systemLogRows(orgId)).slice(seen);

test("the first rows of a system log tell of its organization", async () => {
  const actor = { ...FROM, actor_user_id: userId, actor_email: EMAIL, source_system: "affidavit" };
  expect(await systemLogRows(orgId)).toMatchObject([
    { ...actor, event: "organization.created", target_id: orgId, target_name: "One", seq: 0 },
    {
      ...actor,
      event: "member.added",
      target_name: EMAIL,
      changes: [
        { field: "role", old: null, new: "owner" },
        { field: "password", old: null, new: "***" },
      ],
    },
    { ...actor, event: "app.created", target_name: "App" },
  ]);
});

describe("the host", () => {
  const host = { actor_source: "cli", target_type: "user", target_name: EMAIL };

  test("resets a password; the link's use is the person's own act", async () => {
    const { token } = await resetPassword(EMAIL);
    await choosePassword({ token, password: PASSWORD }, ORIGIN);
    const rows = await news();
    expect(rows).toMatchObject([
      { ...host, event: "password.reset", changes: [{ field: "password", old: "***", new: null }] },
      { ...host, event: "password_link.issued" },
      { ...FROM, event: "password_link.used", actor_user_id: userId, actor_email: EMAIL },
    ]);
    for (const row of rows.slice(0, 2)) {
      expect(row).not.toHaveProperty("actor_user_id");
      expect(row).not.toHaveProperty("client_ip");
    }
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  test("adds an owner, makes one of a member, and tells nothing where one is one already", async () => {
    const { userId: memberId } = await signInAs({ orgId, role: "member" });
    const { email } = await arrange((tx) => tx.user.update({ where: { id: memberId }, data: { passwordHash } }));
    await addOwner("second@example.com");
    await addOwner(email);
    await addOwner(email);
    expect(await news()).toMatchObject([
      {
        event: "member.added",
        target_name: "second@example.com",
        changes: [{ field: "role", old: null, new: "owner" }],
      },
      { event: "password_link.issued", target_name: "second@example.com" },
      { event: "member.role_changed", target_id: memberId, changes: [{ field: "role", old: "member", new: "owner" }] },
    ]);
  });
});

/** As next-auth asks. */
async function trySignIn(email: string, password: string, address: string) {
  const [provider] = authOptions().providers as unknown as [{ options: { authorize: Authorize } }];
  const headers = { [CLIENT_ADDRESS_HEADER]: address, "user-agent": "browser" };
  return provider.options.authorize({ email, password }, { headers });
}
type Authorize = (credentials: object, request: object) => Promise<{ sid: string } | null>;

describe("signing in", () => {
  test("and out are rows; signing out once more is none", async () => {
    const { sid } = (await trySignIn(EMAIL, PASSWORD, "192.0.2.50")) ?? { sid: "" };
    const cookie = await cookieOf(sid);
    await signOut(cookie, ORIGIN);
    await signOut(cookie, ORIGIN);
    const person = { actor_user_id: userId, actor_email: EMAIL, details: { session_id: sid } };
    expect(await news()).toMatchObject([
      { event: "sign_in.succeeded", outcome: "success", client_ip: "192.0.2.50", user_agent: "browser", ...person },
      { event: "sign_out.done", client_ip: ORIGIN.clientIp, ...person },
    ]);
  });

  test("in vain is told once for many attempts, with no actor, for names that there are and are not", async () => {
    for (let attempt = 0; attempt < 12; attempt += 1) {
      await trySignIn(EMAIL, "wrong", "192.0.2.51").catch((error: Error) => expect(error.message).toBe("rate_limited"));
    }
    await trySignIn("nobody@example.com", "wrong", "192.0.2.51");
    await expect.poll(async () => (await news()).length).toBe(2);
    const failed = { event: "sign_in.failed", outcome: "failure", client_ip: "192.0.2.51", details: { attempts: 1 } };
    const rows = (await news()).sort((a, b) => String(a.target_name).localeCompare(String(b.target_name)));
    expect(rows).toMatchObject([
      { ...failed, target_name: "nobody@example.com" },
      { ...failed, target_name: EMAIL, target_id: userId },
    ]);
    for (const row of rows) expect(row).not.toHaveProperty("actor_email");
    expect(rows[0]).not.toHaveProperty("target_id");
  });

  test("in vain is told to the known person's organization only, and with several to nobody for an unknown name", async () => {
    const owner = { organization_name: "Two", app_name: "App", email: "two@example.com", passwordHash };
    const { orgId: other } = await arrange((tx) => insertOrganization(tx, owner));
    await trySignIn("nobody-else@example.com", "wrong", "192.0.2.52");
    await trySignIn("two@example.com", "wrong", "192.0.2.52");
    await expect.poll(async () => (await rowsOfEvent(other, "sign_in.failed")).length).toBe(1);
    expect(await rowsOfEvent(other, "sign_in.failed")).toMatchObject([{ target_name: "two@example.com" }]);
    expect(await news()).toEqual([]);
  });
});

test("demo data is the installation's act", async () => {
  const { org_id: demo } = await ensureDemo(folder, "http://localhost:3000");
  const rows = await systemLogRows(demo);
  expect(rows.map(({ event }) => event)).toEqual([
    "organization.created",
    "member.added",
    "app.created",
    "api_key.created",
  ]);
  for (const row of rows) {
    expect(row.actor_source).toBe("worker");
    expect(row).not.toHaveProperty("actor_email");
  }
  await ensureDemo(folder, "http://localhost:3000");
  expect(await systemLogRows(demo)).toHaveLength(4);
});
