import { expect, type Page } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { demoCredentials, postEvents, signIn, test } from "./demo";
import { asOwner, expectFits, fresh, item, makeApplication } from "./journey";

/** What was done is announced, and the keyboard goes on from a heading: the button that did it is gone. */
async function expectSaid(page: Page, said: string, heading: string | RegExp): Promise<void> {
  await expect(page.getByRole("status").filter({ hasText: said })).toBeVisible();
  await expect(page.getByRole("heading", { name: heading })).toBeFocused();
}

test("makes, renames, archives and restores an application", async ({ page }) => {
  test.slow();
  const [name, renamed] = [fresh("App"), fresh("Renamed")];
  await asOwner(page, "/settings/applications");
  await expect(page.getByRole("heading", { name: "Applications" })).toBeVisible();
  await expectAccessible(page, "applications");
  // Typed at once: the keyboard starts on the name.
  await page.getByRole("button", { name: "New application" }).click();
  await expect(page.getByRole("textbox", { name: "Name" })).toBeFocused();
  await page.keyboard.type("Demo app");
  await page.keyboard.press("Enter");
  await expect(page.getByText(/already an application named “Demo app”/)).toBeVisible();
  await expectAccessible(page, "refused application");
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByRole("button", { name: "Create" }).click();
  await expect(item(page, name)).toContainText("No rows yet · No keys");

  await page.getByRole("button", { name: `Rename ${name}` }).click();
  await expect(page.getByRole("textbox", { name: "Name" })).toHaveValue(name);
  await expect(page.getByRole("textbox", { name: "Name" })).toBeFocused();
  await page.keyboard.type("Demo app");
  await page.keyboard.press("Enter");
  await expect(page.getByText(/already an application named “Demo app”/)).toBeVisible();
  await page.getByRole("textbox", { name: "Name" }).fill(renamed);
  await page.getByRole("dialog").getByRole("button", { name: "Rename" }).click();
  await expect(item(page, renamed)).toBeVisible();
  await expect(item(page, name)).toHaveCount(0);

  await page.getByRole("button", { name: `Archive ${renamed}` }).click();
  await expect(page.getByRole("dialog")).toContainText("Programs can no longer write to it.");
  await expect(page.getByRole("button", { name: "Keep it" })).toBeFocused();
  await expectAccessible(page, "archiving");
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  const archived = page
    .getByRole("region", { name: /^Archived/ })
    .getByRole("listitem")
    .filter({ hasText: renamed });
  await expect(archived).toBeVisible();
  await expectSaid(page, `Archived “${renamed}”`, "Applications");
  await expectAccessible(page, "archived application");
  await archived.getByRole("button", { name: `Restore ${renamed}` }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: `Archive ${renamed}` })).toBeVisible();
  await expectSaid(page, `Restored “${renamed}”`, "Applications");
  await page.setViewportSize({ width: 390, height: 844 });
  await expectFits(page);
});

/** A key that was not copied is not lost by whatever closes a box; afterwards its box is closed. */
async function leaveMadeKey(page: Page): Promise<void> {
  const question = page.getByRole("dialog", { name: "Close without copying the key?" });
  const back = question.getByRole("button", { name: "Go back" });
  const copy = page.getByRole("button", { name: "Copy", exact: true });
  await expect(copy).toBeFocused();
  const leaving = page.waitForEvent("dialog");
  await page.close({ runBeforeUnload: true });
  expect((await leaving).type()).toBe("beforeunload");
  await (await leaving).dismiss();
  const ways = {
    escape: () => page.keyboard.press("Escape"),
    backdrop: () => page.mouse.click(5, 5),
    close: () => page.getByRole("button", { name: "Close", exact: true }).click(),
    done: () => page.getByRole("button", { name: "Done" }).click(),
  };
  for (const [way, close] of Object.entries(ways)) {
    await close();
    await expect(back, way).toBeFocused();
    if (way === "escape") await expectAccessible(page, "leaving a key");
    await page.keyboard.press(way === "escape" ? "Escape" : "Enter");
    await expect(question, way).toHaveCount(0);
    await expect(page.getByTestId("new-key"), way).toBeVisible();
  }
  await page.keyboard.press("Escape");
  await expect(back).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(question.getByRole("button", { name: "Close without copying" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toHaveCount(0);
}

test("a key that was copied is left without a question", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const questions: string[] = [];
  page.on("dialog", (question) => {
    questions.push(question.type());
    void question.accept();
  });
  await asOwner(page, "/settings/api-keys");
  for (const byHand of [false, true]) {
    await page.getByRole("button", { name: "New API key" }).click();
    await page.keyboard.type(fresh("Key"));
    await page.keyboard.press("Enter");
    const key = page.getByTestId("new-key");
    await expect(page.getByRole("button", { name: "Copy", exact: true })).toBeFocused();
    if (byHand) {
      await key.click();
      await page.keyboard.press("ControlOrMeta+C");
    } else await page.keyboard.press("Enter");
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(await key.textContent());
    if (byHand) await page.reload();
    else await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
  }
  expect(questions).toEqual([]);
});

test("makes a key by keyboard, writes with it, finds its rows, and revokes it", async ({ page }) => {
  test.slow();
  const name = fresh("App");
  await asOwner(page, "/settings/applications");
  await makeApplication(page, name);
  await page.getByRole("link", { name: "API keys" }).click();
  await expect(page.getByRole("heading", { name: "API keys" })).toBeVisible();
  await expectAccessible(page, "keys");
  await page.getByRole("button", { name: "New API key" }).focus();
  await page.keyboard.press("Enter");
  await expectAccessible(page, "new key");
  await expect(page.getByRole("textbox", { name: "Name" })).toBeFocused();
  await page.keyboard.type(`Key of ${name}`);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("combobox", { name: "Home application" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("option", { name: "Demo app" })).toBeVisible();
  await page.keyboard.type(name);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("combobox", { name: "Home application" })).toContainText(name);
  // No version takes system rows yet.
  await expect(page.getByRole("checkbox", { name: /system:write/ })).toHaveCount(1);
  await page.getByRole("checkbox", { name: /events:read/ }).focus();
  await page.keyboard.press("Space");
  await page.getByRole("combobox", { name: "Expires" }).click();
  await page.getByRole("option", { name: "After a day of your choice" }).click();
  await page.getByLabel("Last day (UTC)").fill("2020-01-01");
  await page.getByRole("button", { name: "Create the key" }).click();
  await expect(page.getByText("must be in the future")).toBeVisible();
  await expectAccessible(page, "refused key");
  await page.getByLabel("Last day (UTC)").fill("2099-12-31");
  await page.getByRole("button", { name: "Create the key" }).click();
  const key = (await page.getByTestId("new-key").textContent()) ?? "";
  expect(key).toMatch(/^afd_live_[0-9A-Za-z]{10}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$/);
  await expectAccessible(page, "made key");
  await leaveMadeKey(page);
  await page.reload();
  await expect(page.getByText(key)).toHaveCount(0);
  const row = item(page, `Key of ${name}`);
  await expect(row).toContainText("1 Jan 2100, 00:00:00");
  await expect(row).toContainText(demoCredentials().email);
  await expect(row.getByRole("link", { name: /^Rows by this key/ })).toHaveCount(0);

  await postEvents(demoCredentials().url, key, [{ kind: "call", outcome: "success", provider_id: name }]);
  await page.reload();
  await row.getByRole("link", { name: /^Rows by this key/ }).click();
  await expect(page).toHaveURL(new RegExp(`window=15m&caller_key_prefix=${key.split("_").slice(0, 3).join("_")}`));
  await expect(page.getByRole("row", { name }).first()).toBeVisible();

  await page.goto("/settings/api-keys");
  await page.getByRole("button", { name: `Revoke Key of ${name}` }).click();
  await expect(page.getByRole("dialog")).toContainText(`stop writing rows and reading rows in ${name}`);
  await expect(page.getByRole("button", { name: "Keep it" })).toBeFocused();
  await expectAccessible(page, "revoking");
  await page.getByRole("button", { name: "Keep it" }).click();
  await expect(page.getByRole("button", { name: `Revoke Key of ${name}` })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Keep it" })).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(row).toContainText("Revoked");
  await expectSaid(page, `Revoked “Key of ${name}”`, /^Working/);
  await expect
    .poll(async () => (await page.request.get("/v1/events", { headers: { authorization: `Bearer ${key}` } })).status())
    .toBe(401);
  await page.setViewportSize({ width: 390, height: 844 });
  await expectFits(page);
  await expectAccessible(page, "keys on a phone");
});

test("an act from another site, or without a session, does nothing", async ({ page, request }) => {
  await page.goto("/sign-in");
  await signIn(page, demoCredentials());
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const body = { name: "Forged" };
  const forged: Record<string, string>[] = [
    { cookie, origin: "https://evil.example" },
    { cookie },
    { origin: demoCredentials().url },
  ];
  for (const headers of forged) {
    const answer = await request.post("/v1/apps", { headers, data: body });
    expect([401, 403]).toContain(answer.status());
  }
  const action = await request.post("/settings/applications", {
    headers: {
      cookie,
      origin: "https://evil.example",
      "next-action": "0".repeat(42),
      "content-type": "text/plain;charset=UTF-8",
    },
    data: JSON.stringify([body]),
  });
  expect(action.status()).toBeGreaterThanOrEqual(400);
  const list = (await (await page.request.get("/v1/apps")).json()) as { apps: { name: string }[] };
  expect(list.apps.map(({ name }) => name)).not.toContain("Forged");
});

test("an address without a page is not blamed on the owner's role", async ({ page, tolerate }) => {
  tolerate(/status of 404/);
  await asOwner(page, "/settings/api-keys");
  await page.goto("/no-such-page");
  await expect(page.getByRole("heading", { name: "There is no such page" })).toBeVisible();
  await expect(page.getByText(/role|owner|admin/)).toHaveCount(0);
  await expectAccessible(page, "no such page");
});

test("every page has its headers, and no page is stored", async ({ page, request }) => {
  await page.goto("/sign-in");
  await signIn(page, demoCredentials());
  for (const path of ["/sign-in", "/logs/calls", "/settings/api-keys", "/no-such-page"]) {
    const headers = (await (path === "/sign-in" ? request : page.request).get(path)).headers();
    const policy = headers["content-security-policy"] ?? "";
    expect(policy, path).toMatch(/script-src 'nonce-[A-Za-z0-9+/=]+' 'strict-dynamic';/);
    expect(policy, path).toContain("frame-ancestors 'none'");
    expect(headers["x-content-type-options"], path).toBe("nosniff");
    expect(headers["referrer-policy"], path).toBe("same-origin");
    expect(headers["cache-control"], path).toContain("no-store");
    expect(headers["x-powered-by"], path).toBeUndefined();
  }
});

test("the icon is there under the address that browsers ask for by themselves", async ({ request }) => {
  const answer = await request.get("/favicon.ico");
  expect(answer.status()).toBe(200);
  expect(answer.headers()["content-type"]).toContain("image/svg+xml");
});
