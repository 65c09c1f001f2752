import { readFile } from "node:fs/promises";
import { expect } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { demoCredentials, signIn, test } from "./demo";
import { button, callOf, json, newRun, row, saveCsv, spoken, writeRows } from "./log-page";

const run = newRun();
const mine = `/logs/calls?caller=${run}`;

test.beforeAll(() => writeRows(Array.from({ length: 130 }, (_, index) => callOf(run, index + 1))));

test("signs in, filters, opens a row, exports the CSV, and signs out", async ({ page }) => {
  test.slow();
  await page.goto(mine);
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await expectAccessible(page, "sign-in");
  await signIn(page, demoCredentials());
  // The page that was asked for, with its filter.
  await expect(page).toHaveURL(mine);
  await expect(button(page, 0)).toBeVisible();
  await expectAccessible(page, "rows");

  await page.getByRole("button", { name: /^Filter/ }).click();
  const panel = page.getByRole("dialog", { name: "Filter" });
  await expect(panel.getByRole("combobox", { name: "Outcome" })).toBeFocused();
  await expectAccessible(page, "filter panel");
  await panel.getByLabel("Provider ID").fill(`${run}-MAIL`);
  await panel.getByRole("combobox", { name: "Outcome" }).click();
  await page.getByRole("option", { name: "Policy denial" }).click();
  await page.getByRole("button", { name: "Show matching rows" }).click();
  await expect(spoken(page, /^26 rows$/)).toBeAttached();
  await expect(page).toHaveURL(new RegExp(`caller=${run}.*outcome=policy_denial.*provider_id=${run}-MAIL`));

  // Chips, panel and address are one state; Back and forward go through it.
  const chips = page.getByRole("list", { name: "Filters" }).getByRole("listitem");
  await page.getByRole("button", { name: `Remove the filter Provider ID: ${run}-MAIL` }).click();
  await expect(spoken(page, /^26 rows$/)).toBeAttached();
  await expect(chips).toHaveCount(2);
  await page.goBack();
  await expect(chips).toHaveCount(3);
  await page.goBack();
  await expect(chips).toHaveCount(1);
  await expect(page).toHaveURL(mine);
  await page.goForward();
  await expect(chips).toHaveCount(3);
  await expect(spoken(page, /^26 rows$/)).toBeAttached();
  await page.getByRole("button", { name: /^Filter/ }).click();
  await expect(panel.getByLabel("Provider ID")).toHaveValue(`${run}-MAIL`);
  await page.keyboard.press("Escape");

  await button(page, 0).click();
  await expect(json(page)).toContainText(`"request_body": "body 5"`);
  await expect(json(page)).toContainText(`items/5?token=***`);
  await expect(row(page, 0).getByRole("heading", { name: "What happened" })).toBeVisible();
  await expect(row(page, 0).getByRole("term").filter({ hasText: "Provider ID" })).toBeVisible();
  await expectAccessible(page, "open row");

  await page.getByRole("button", { name: "Export CSV" }).click();
  const download = await saveCsv(page, ["26 rows"]);
  expect(download.suggestedFilename()).toMatch(/^affidavit-call-.*\.csv$/);
  const csv = (await readFile(await download.path(), "utf8"))
    .replace(/^\uFEFF/, "")
    .trim()
    .split("\r\n");
  expect(csv[0]).toContain("provider_id");
  expect(csv).toHaveLength(27);
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await page.goto("/logs/calls");
  await expect(page).toHaveURL(/\/sign-in/);
});

test("a session ends everywhere when it is signed out", async ({ page, context }) => {
  await page.goto("/sign-in");
  await signIn(page, demoCredentials());
  const cookies = await context.cookies();
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await context.addCookies(cookies);
  expect((await page.request.get("/v1/apps")).status()).toBe(401);
});

test("a wrong password and an unknown name get one answer", async ({ page, tolerate }) => {
  tolerate(/status of 401/);
  await page.goto("/sign-in");
  for (const email of [demoCredentials().email, "nobody@example.com"]) {
    await page.getByLabel("E-mail address").fill(email);
    await page.getByLabel("Password").fill("wrong");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByText("E-mail address or password is wrong.")).toBeVisible();
  }
  await expectAccessible(page, "refused sign-in");
});

test("a session that ended meanwhile says so", async ({ page, context, tolerate }) => {
  tolerate(/status of 401/);
  await page.goto("/sign-in?next=/logs/calls");
  await signIn(page, demoCredentials());
  await page.goto(mine);
  await expect(button(page, 0)).toBeVisible();
  await context.clearCookies();
  await page.getByRole("button", { name: "Refresh" }).click();
  await page.getByRole("button", { name: "Sign in again" }).click();
  await signIn(page, demoCredentials());
  await expect(page).toHaveURL(mine);
});
