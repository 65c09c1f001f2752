import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";
import { expect } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { test } from "./demo";

/** `npx affidavit …` on the machine where the second server runs. */
async function affidavit(...args: string[]): Promise<{ code: number; output: string }> {
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    NODE_ENV: "production" as const,
    AFFIDAVIT_DATA_DIR: process.env.AFFIDAVIT_E2E_SETUP_DATA,
  };
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ["cli/bin.mjs", ...args], { env });
    return { code: 0, output: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, output: `${stdout}${stderr}` };
  }
}
const linkIn = (output: string) => /http\S+#token=\S+/.exec(output)?.[0] ?? "";

test("the first owner is made with the one-time token, and can go on to the first row", async ({
  page,
  request,
  tolerate,
}) => {
  tolerate(/status of 403/);
  const url = process.env.AFFIDAVIT_E2E_SETUP_URL ?? "";
  const token = process.env.AFFIDAVIT_E2E_SETUP_TOKEN ?? "";
  await page.goto(`${url}/`);
  await expect(page).toHaveURL(`${url}/setup`);
  await expectAccessible(page, "setup");

  const fill = async (given: string) => {
    await page.getByLabel("Setup token").fill(given);
    await page.getByLabel("Organization").fill("Example Ltd");
    await page.getByLabel("First application").fill("Production");
    await page.getByLabel("Your e-mail address").fill("Owner@Example.com");
    await page.getByLabel("Password").fill("correct horse battery staple");
    await page.getByRole("button", { name: "Set up" }).click();
  };
  await fill("wrong");
  await expect(page.getByRole("alert").filter({ hasText: "setup token is wrong" })).toBeVisible();
  await expectAccessible(page, "refused setup");

  await page.goto(`${url}/setup#token=${token}`);
  await expect(page.getByLabel("Setup token")).toHaveValue(token);
  await fill(token);
  await expect(page).toHaveURL(`${url}/logs/calls`);
  await expect(page.getByRole("heading", { name: "No rows yet" })).toBeVisible();
  await page.getByRole("button", { name: "Make a key for it" }).click();
  const line = page.getByTestId("curl-line");
  await expect(line).toContainText("Bearer afd_live_");
  execFileSync("/bin/sh", ["-c", (await line.textContent()) ?? ""], { stdio: "pipe" });
  await expect(page.getByRole("heading", { name: "The first row is here" })).toBeVisible();

  await page.goto(`${url}/setup#token=${token}`);
  await expect(page.getByRole("heading", { name: "Already set up" })).toBeVisible();
  await expectAccessible(page, "already set up");
  const again = await request.post(`${url}/setup/complete`, {
    headers: { origin: url },
    data: {
      token,
      organization_name: "B",
      app_name: "B",
      email: "b@example.com",
      password: "correct horse battery staple",
    },
  });
  expect(again.status()).toBe(409);
  const elsewhere = await request.post(`${url}/setup/complete`, {
    headers: { origin: "https://evil.example" },
    data: {},
  });
  expect(elsewhere.status()).toBe(403);
});

test("whoever has the machine can let people in again, while it runs", async ({ page, browser, tolerate }) => {
  test.slow();
  tolerate(/status of 40[13]/);
  const url = process.env.AFFIDAVIT_E2E_SETUP_URL ?? "";
  const email = "owner@example.com";
  await page.goto(`${url}/account`);
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill("correct horse battery staple");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Your account" })).toBeVisible();

  expect(await affidavit("user", "reset-password", "nobody@example.com")).toMatchObject({
    code: 1,
    output: expect.stringContaining("Nobody signs in as nobody@example.com."),
  });
  expect((await affidavit("user", "reset-password", email, "my-new-password")).code).toBe(2);
  const reset = await affidavit("user", "reset-password", "Owner@Example.com");
  expect(reset, reset.output).toMatchObject({
    code: 0,
    output: expect.stringMatching(/\d sign-ins? (was|were) ended/),
  });
  await page.reload();
  await expect(page).toHaveURL(/sign-in/);

  await page.goto(linkIn(reset.output));
  await expect(page.getByLabel("E-mail address")).toHaveValue(email);
  await expectAccessible(page, "choosing a password");
  await page.getByLabel("New password").fill("a quite different password");
  await page.getByRole("button", { name: "Set the password" }).click();
  await expect(page).toHaveURL(`${url}/logs/calls`);
  await page.goto("about:blank");
  await page.goto(linkIn(reset.output));
  await page.getByLabel("New password").fill("whoever finds it later");
  await page.getByRole("button", { name: "Set the password" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "This link is wrong, was used" })).toBeVisible();
  await expectAccessible(page, "used link");

  const added = await affidavit("user", "add-owner", "second@example.com");
  expect(added, added.output).toMatchObject({
    code: 0,
    output: expect.stringContaining("second@example.com is an owner of Example Ltd."),
  });
  const second = await (await browser.newContext()).newPage();
  await second.goto(linkIn(added.output));
  await second.getByLabel("New password").fill("the second owner's password");
  await second.getByRole("button", { name: "Set the password" }).click();
  await expect(second).toHaveURL(`${url}/logs/calls`);
  await second.goto(`${url}/settings/applications`);
  await expect(second.getByRole("button", { name: "New application" })).toBeVisible();
  await second.context().close();
});
