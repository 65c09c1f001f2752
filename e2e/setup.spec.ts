import { expect } from "@playwright/test";
import { expectAccessible, postEvents, test } from "./demo";

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

  await page.goto(`${url}/settings/api-keys`);
  await page.getByRole("button", { name: "New API key" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("first key");
  await page.getByRole("button", { name: "Create the key" }).click();
  const key = (await page.getByTestId("new-key").textContent()) ?? "";
  await postEvents(url, key, [{ kind: "call", outcome: "success", provider_id: "first-provider" }]);
  await page.goto(`${url}/logs/calls`);
  await expect(page.getByRole("row", { name: /first-provider/ })).toBeVisible();

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
