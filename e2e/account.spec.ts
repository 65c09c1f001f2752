import { expect, type Page } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { demoCredentials, test } from "./demo";
import { expectFits, signInTo } from "./journey";
import { makePerson, type Person } from "./people";

const url = process.env.AFFIDAVIT_E2E_URL ?? "";
const OTHER = "another long enough password";
let person: Person;
test.beforeEach(async () => {
  person = await makePerson({ orgId: demoCredentials().org_id, role: "auditor" });
});

const openAccount = async (page: Page) => {
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Your account" }).click();
  await expect(page.getByRole("heading", { name: "Your account" })).toBeVisible();
};

test("changes name, e-mail address and password, and signs in with them", async ({ page, tolerate }) => {
  test.slow();
  tolerate(/status of 401/);
  await page.goto("/logs/calls");
  await signInTo(page, person);
  await openAccount(page);
  await expectAccessible(page, "account");
  await page.getByLabel("Name", { exact: true }).fill("Ada Lovelace");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();

  const email = `new-${person.email}`;
  await page.getByRole("button", { name: "Change the e-mail address" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("New e-mail address")).toBeFocused();
  await dialog.getByLabel("New e-mail address").fill(demoCredentials().email);
  await dialog.getByLabel("Current password").fill(person.password);
  await dialog.getByRole("button", { name: "Change it" }).click();
  await expect(dialog.getByText("is taken")).toBeVisible();
  await expectAccessible(page, "refused e-mail address");
  await dialog.getByLabel("New e-mail address").fill(email);
  await dialog.getByLabel("Current password").fill("wrong");
  await dialog.getByRole("button", { name: "Change it" }).click();
  await expect(dialog.getByText("is not your password")).toBeVisible();
  await dialog.getByLabel("Current password").fill(person.password);
  await dialog.getByRole("button", { name: "Change it" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole("main").getByText(email)).toBeVisible();

  await page.getByLabel("Current password").fill("wrong");
  await page.getByLabel("New password").fill(OTHER);
  await page.getByRole("button", { name: "Change the password" }).click();
  await expect(page.getByText("is not your password")).toBeVisible();
  await expectAccessible(page, "refused password");
  await page.getByLabel("Current password").fill(person.password);
  await page.getByRole("button", { name: "Change the password" }).click();
  await expect(page.getByText("The password was changed.")).toBeVisible();
  await expect(page.getByLabel("Current password")).toHaveValue("");
  await page.reload();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Ada Lovelace");

  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/sign-in/);
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("E-mail address or password is wrong.")).toBeVisible();
  await expect(page.getByLabel("Password")).toBeFocused();
  await signInTo(page, { email, password: OTHER });
});

test("sees where one is signed in, ends one of them, then all", async ({ page, browser, tolerate }) => {
  test.slow();
  tolerate(/status of 401/);
  const elsewhere = await browser.newContext({
    baseURL: url,
    userAgent: "Mozilla/5.0 (iPhone) Version/18.0 Safari/604",
  });
  const phone = await elsewhere.newPage();
  await phone.goto("/account");
  await signInTo(phone, person);
  await page.goto("/account");
  await signInTo(page, person);
  const list = page.getByRole("region", { name: "Where you are signed in" }).getByRole("listitem");
  await expect(list).toHaveCount(2);
  await expect(list.first()).toContainText("This one");
  await expect(list.nth(1)).toContainText("Safari on iPhone");
  await page.getByRole("button", { name: "Sign out Safari on iPhone" }).click();
  await expect(list).toHaveCount(1);
  await phone.goto("/account");
  await expect(phone).toHaveURL(/sign-in\?next=%2Faccount/);

  await signInTo(phone, person);
  await expect(phone).toHaveURL(/\/account$/);
  await page.getByRole("button", { name: "Sign out everywhere" }).click();
  await expect(page.getByRole("button", { name: "Stay signed in" })).toBeFocused();
  await expectAccessible(page, "signing out everywhere");
  await page.getByRole("dialog").getByRole("button", { name: "Sign out everywhere" }).click();
  await expect(page).toHaveURL(/sign-in/);
  expect((await phone.request.get("/v1/apps")).status()).toBe(401);
  await elsewhere.close();
});

test("a stolen open session cannot end or list the sign-ins of anybody else", async ({ page, browser, tolerate }) => {
  tolerate(/ERR_FAILED/);
  await page.goto("/account");
  await signInTo(page, person);
  const context = await browser.newContext({ baseURL: url });
  const twin = await context.newPage();
  await twin.goto("/account");
  await signInTo(twin, person);
  await page.reload();
  const waiting = page.waitForRequest((request) => request.headers()["next-action"] !== undefined);
  await page.route("**/account", (route) => (route.request().method() === "POST" ? route.abort() : route.continue()));
  await page.getByRole("button", { name: /^Sign out Chrome/ }).click();
  const act = await waiting;
  const { "next-action": id = "", "content-type": type = "" } = act.headers();
  const stranger = await (await browser.newContext({ baseURL: url })).newPage();
  await stranger.goto("/account");
  await signInTo(stranger, await makePerson({ orgId: demoCredentials().org_id, role: "owner" }));
  const answer = await stranger.request.post("/account", {
    headers: { "next-action": id, "content-type": type, accept: "text/x-component", origin: url },
    data: act.postData() ?? "",
  });
  const text = await answer.text();
  expect(text).toContain('"code":"not_found"');
  expect(text).not.toContain(person.email);
  expect((await twin.request.get("/v1/apps")).status()).toBe(200);
  await context.close();
  await stranger.context().close();
});

test("the account page fits a phone and is clean there", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/account");
  await signInTo(page, person);
  await expect(page.getByRole("heading", { name: "Your account" })).toBeVisible();
  await expectFits(page);
  await expectAccessible(page, "account on a phone");
});

test("the sign-in form says when Caps Lock is on, shows what is typed, and never puts it into the address", async ({
  page,
  tolerate,
}) => {
  tolerate(/status of 401/);
  await page.goto("/sign-in?next=/settings/api-keys");
  await expect(page.getByText("Then on to the page that you asked for.")).toBeVisible();
  const password = page.getByLabel("Password");
  await expect(password).toHaveAttribute("autocomplete", "current-password");
  await expect(page.getByLabel("E-mail address")).toHaveAttribute("autocomplete", "username");
  await expect(page.locator("form")).toHaveAttribute("method", "post");
  await password.evaluate((input) =>
    input.dispatchEvent(new KeyboardEvent("keydown", { key: "A", modifierCapsLock: true, bubbles: true })),
  );
  await expect(page.getByText("Caps Lock is on.")).toBeVisible();
  await expectAccessible(page, "sign-in with Caps Lock");
  await page.setViewportSize({ width: 390, height: 844 });
  await password.fill("secret");
  await page.getByLabel("E-mail address").fill(person.email);
  await password.focus();
  // The words about Caps Lock must not move the button away while it is pressed.
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("E-mail address or password is wrong.")).toBeVisible();
  await page.getByRole("button", { name: "Show what is typed" }).click();
  await expect(password).toHaveAttribute("type", "text");
  await page.getByText("I cannot sign in").click();
  await expect(page.getByText("npx affidavit user reset-password")).toBeVisible();
  await expectAccessible(page, "sign-in with help");
});

test("a browser that keeps no cookie is told so", async ({ page, context, tolerate }) => {
  tolerate(/status of 401/);
  await page.goto("/sign-in");
  await page.route("**/api/auth/callback/credentials", async (route) => {
    const response = await route.fetch();
    await context.clearCookies();
    await route.fulfill({ status: response.status(), contentType: "application/json", body: await response.text() });
  });
  await page.getByLabel("E-mail address").fill(person.email);
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("The browser did not keep the sign-in.")).toBeVisible();
});

test("a form that is sent before its script runs puts nothing into the address", async ({ browser }) => {
  const context = await browser.newContext({ baseURL: url, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto("/sign-in");
  await page.locator("input[name=email]").fill(person.email);
  await page.locator("input[name=password]").fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.locator("input[name=password]")).toHaveValue("");
  expect(page.url()).toBe(`${url}/sign-in`);
  await context.close();
});
