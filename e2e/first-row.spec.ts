import { execFileSync } from "node:child_process";
import { expect } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { demoCredentials, postEvents, test } from "./demo";
import { asOwner, fresh, item, makeApplication, signInTo } from "./journey";
import { makeOrganization, makePerson } from "./people";

const url = process.env.AFFIDAVIT_E2E_URL ?? "";
/** Runs a command as somebody pastes it into a terminal. */
const shell = (command: string) => execFileSync("/bin/sh", ["-c", command], { encoding: "utf8" });

test("an empty application offers a command that works, and turns into its first row", async ({ page, context }) => {
  test.slow();
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const name = fresh("Empty");
  await asOwner(page, "/settings/applications");
  await makeApplication(page, name);
  await item(page, name)
    .getByRole("link", { name: /^Open its calls/ })
    .click();
  await expect(page.getByRole("heading", { name: "No rows yet" })).toBeVisible();
  const line = page.getByTestId("curl-line");
  await expect(line).toContainText("Bearer YOUR_API_KEY");
  await expectAccessible(page, "empty application");
  await page.getByRole("button", { name: "Make a key for it" }).click();
  await expect(line).toContainText("Bearer afd_live_");
  await expectAccessible(page, "empty application with a key");
  await page.getByRole("button", { name: "Copy the command" }).click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe(await line.textContent());
  expect(copied).toContain(`curl '${url}/v1/events?app_id=`);

  expect(JSON.parse(shell(`${copied} -sS`)).receipts).toHaveLength(1);
  await expect(page.getByRole("heading", { name: "The first row is here" })).toBeVisible();
  await expect(page.getByTestId("first-row")).toContainText("https://example.com/");
  await expect(page.getByTestId("first-row")).toContainText(/Seq0Created \(UTC\)/);
  await expectAccessible(page, "first row");
  await page.getByRole("button", { name: "Show it in the log" }).click();
  await expect(page.getByRole("row", { name: /example/ }).first()).toBeVisible();

  // Its key is for this application and for a day.
  await page.goto("/settings/api-keys");
  const key = item(page, "First row").filter({ hasText: name });
  await expect(key).toContainText("events:write");
  await expect(key).not.toContainText("Expires Never");
});

test("the page watches while it is seen, and asks ever more slowly", async ({ page }) => {
  const name = fresh("Watched");
  await asOwner(page, "/settings/applications");
  await makeApplication(page, name);
  const asked: number[] = [];
  page.on("request", (request) => {
    if (/\/v1\/events\?app_id=/.test(request.url())) asked.push(Date.now());
  });
  await page.clock.install();
  await item(page, name)
    .getByRole("link", { name: /^Open its calls/ })
    .click();
  await expect(page.getByRole("heading", { name: "No rows yet" })).toBeVisible();
  await expect.poll(() => asked.length).toBeGreaterThan(0);
  const setVisibility = (state: "visible" | "hidden") =>
    page.evaluate((value) => {
      Object.defineProperty(document, "visibilityState", { configurable: true, get: () => value });
      document.dispatchEvent(new Event("visibilitychange"));
    }, state);
  await setVisibility("hidden");
  const before = asked.length;
  await page.clock.runFor(60_000);
  expect(asked.length).toBe(before);
  await setVisibility("visible");
  await expect.poll(() => asked.length).toBeGreaterThan(before);
  // In small steps, so that each answer arrives before the next question is due.
  for (let step = 0; step < 100 && !(await page.getByText("No longer watching.").isVisible()); step += 1) {
    await page.clock.runFor(15_000);
    await page.evaluate(() => fetch("/healthz"));
  }
  await expect(page.getByText("No longer watching.")).toBeVisible();
  expect(asked.length).toBeLessThan(75);
  await page.getByRole("button", { name: "Watch again" }).click();
  await expect(page.getByText(/^Watching/)).toBeVisible();
});

test("the application switch leads from one log to another, and Back again", async ({ page }) => {
  const name = fresh("Switched");
  await asOwner(page, "/settings/applications");
  const { api_key } = demoCredentials();
  await postEvents(url, api_key, [{ kind: "call", outcome: "success", provider_id: name }]);
  await makeApplication(page, name);
  await item(page, name)
    .getByRole("link", { name: /^Open its calls/ })
    .click();
  await expect(page.getByRole("heading", { name: "No rows yet" })).toBeVisible();
  await page.getByRole("button", { name: /^Application:/ }).click();
  await expectAccessible(page, "app switch");
  await page.getByRole("menuitemradio", { name: "Demo app" }).click();
  await expect(page.getByRole("row", { name }).first()).toBeVisible();
  await expect(page.getByRole("heading", { name: "No rows yet" })).toHaveCount(0);
  await page.goBack();
  await expect(page.getByRole("heading", { name: "No rows yet" })).toBeVisible();
});

test("who may not make keys is shown a command without that button; a developer manages what is theirs", async ({
  page,
  browser,
}) => {
  const { orgId, appId } = await makeOrganization(fresh("Small"));
  await page.goto(`/logs/calls?app=${appId}`);
  await signInTo(page, await makePerson({ orgId, role: "member", appIds: [appId] }));
  await expect(page.getByTestId("curl-line")).toContainText("YOUR_API_KEY");
  await expect(page.getByText("Whoever may make keys can give you one.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Make a key for it" })).toHaveCount(0);

  const developer = await (await browser.newContext({ baseURL: url })).newPage();
  await developer.goto("/settings/api-keys");
  await signInTo(developer, await makePerson({ orgId, role: "developer", appIds: [appId] }));
  await developer.getByRole("button", { name: "New API key" }).click();
  await expect(developer.getByRole("checkbox", { name: /every application/ })).toHaveCount(0);
  await expect(developer.getByRole("checkbox", { name: /apps:manage|exports:create/ })).toHaveCount(0);
  await developer.context().close();
});
