import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { choosePassword } from "@/lib/access/password-link";
import { verifyCredentials } from "@/lib/access/sign-in";
import { insertOrganization } from "@/lib/organization/first-owner";
import { arrange } from "@/lib/testing/arrange";
import { createTestDatabase } from "@/lib/testing/database";
import { ORIGIN } from "@/lib/testing/portal";
import { CLEAN_ENVIRONMENT, ROOT } from "@/lib/testing/program";

/** `npx affidavit …`, as a person runs it. The way it goes beside a running `npm start` is tried in e2e/setup.spec.ts. */
function affidavit(env: Record<string, string>, ...args: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, ["cli/bin.mjs", ...args], { cwd: ROOT, env: { ...CLEAN_ENVIRONMENT, ...env } });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, output })));
}

const EMAIL = "owner@example.com";
const home = mkdtempSync(path.join(tmpdir(), "afd-test-user-"));
let own: Record<string, string>;
beforeAll(async () => {
  own = { DATABASE_URL: await createTestDatabase(), AFFIDAVIT_URL: "https://audit.example.com" };
  const owner = { organization_name: "One", app_name: "App", email: EMAIL, passwordHash: "none" };
  await arrange((tx) => insertOrganization(tx, owner));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

test("on one's own database, a reset prints a link at the public address; the link works", async () => {
  const { code, output } = await affidavit(own, "user", "reset-password", "Owner@Example.com");
  expect({ code, output }).toMatchObject({ code: 0 });
  const [, token = ""] =
    /https:\/\/audit\.example\.com\/sign-in\/new-password#token=([\w-]{43})&email=/.exec(output) ?? [];
  const password = "correct horse battery staple";
  expect(await choosePassword({ token, password }, ORIGIN)).toEqual({ email: EMAIL });
  expect(await verifyCredentials({ email: EMAIL, password }, "192.0.2.1")).toBeDefined();
});

test("an owner is added", async () => {
  const { code, output } = await affidavit(own, "user", "add-owner", "second@example.com", "--organization", "One");
  expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining("is an owner of One.") });
});

test.each([
  [["reset-password", "nobody@example.com"], "Nobody signs in as nobody@example.com."],
  [["reset-password", "nobody"], "“nobody” is not an e-mail address."],
  [["add-owner", "x@example.com", "--organization", "Nowhere"], "There is no organization “Nowhere”."],
])("%j is refused in words", async (args, words) => {
  const { code, output } = await affidavit(own, "user", ...args);
  expect(code).toBe(1);
  expect(output).toContain(words);
  expect(output).not.toContain("    at ");
});

test.each([
  [[]],
  [["reset-password"]],
  [["reset-password", EMAIL, "a-new-password"]],
  [["add-owner", EMAIL, "--organization"]],
  [["delete", EMAIL]],
])("%j cannot work and prints how", async (args) => {
  const { code, output } = await affidavit(own, "user", ...args);
  expect(code).toBe(2);
  expect(output).toMatch(/Usage: affidavit (<command>|user)/);
});

test("without a running Affidavit it says what to do", async () => {
  const { code, output } = await affidavit({ AFFIDAVIT_DATA_DIR: home }, "user", "reset-password", EMAIL);
  expect(code).toBe(1);
  expect(output).toContain(`Affidavit does not run on ${home}, and its database with it: start it with npm start`);
});
