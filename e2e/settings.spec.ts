import { randomUUID } from "node:crypto";
import { expect } from "@playwright/test";
import { demoCredentials, expectAccessible, postEvents, signIn, test } from "./demo";

test("makes an application and a key, writes with it, sees the row, and revokes it", async ({ page }) => {
  test.slow();
  const name = `App ${randomUUID().slice(0, 8)}`;
  await page.goto("/settings/applications");
  await page.getByLabel("E-mail address").fill(demoCredentials().email);
  await page.getByLabel("Password").fill(demoCredentials().password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Applications" })).toBeVisible();
  await expectAccessible(page, "applications");

  await page.getByRole("button", { name: "New application" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Demo app");
  await page.getByRole("button", { name: "Create" }).click();
  await expect(page.getByText(/already an application named “Demo app”/)).toBeVisible();
  await expectAccessible(page, "refused application");
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByRole("button", { name: "Create" }).click();
  const app = page.getByRole("main").getByRole("listitem").filter({ hasText: name });
  await expect(app).toBeVisible();

  await page.getByRole("link", { name: "API keys" }).click();
  await expect(page.getByRole("heading", { name: "API keys" })).toBeVisible();
  await page.getByRole("button", { name: "New API key" }).click();
  await expectAccessible(page, "new key");
  await page.getByRole("textbox", { name: "Name" }).fill(`Key of ${name}`);
  await page.getByRole("combobox", { name: "Application" }).click();
  await page.getByRole("option", { name }).click();
  await page.getByRole("button", { name: "Create the key" }).click();
  const key = (await page.getByTestId("new-key").textContent()) ?? "";
  expect(key).toMatch(/^afd_live_[0-9A-Za-z]{10}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$/);
  await expectAccessible(page, "made key");
  await page.getByRole("button", { name: "Done" }).click();
  await page.reload();
  await expect(page.getByText(key)).toHaveCount(0);

  const { url } = demoCredentials();
  await postEvents(url, key, [{ kind: "call", outcome: "success", provider_id: name }]);
  await page.getByRole("link", { name: "Applications" }).click();
  await app.getByRole("link", { name: "Open its calls" }).click();
  await expect(page.getByRole("row", { name }).first()).toBeVisible();
  await expect(page.getByText(/· 1 row$/)).toBeVisible();

  // The other app's rows are elsewhere; Back leads here again.
  await page.getByRole("button", { name: /^Application:/ }).click();
  await expectAccessible(page, "app switch");
  await page.getByRole("menuitemradio", { name: "Demo app" }).click();
  await expect(page.getByRole("row", { name })).toHaveCount(0);
  await page.goBack();
  await expect(page.getByRole("row", { name }).first()).toBeVisible();

  await page.goto("/settings/api-keys");
  await page.getByRole("button", { name: `Revoke Key of ${name}` }).click();
  await expectAccessible(page, "revoking");
  await page.getByRole("button", { name: "Revoke the key" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: `Key of ${name}` })).toContainText("Revoked");
  await expect
    .poll(async () => (await page.request.get("/v1/events", { headers: { authorization: `Bearer ${key}` } })).status())
    .toBe(401);
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
