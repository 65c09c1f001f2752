import { randomUUID } from "node:crypto";
import { expect, type Page } from "@playwright/test";
import { demoCredentials, untilAlive } from "./demo";
import type { Person } from "./people";

/** A name that only this run has. */
export const fresh = (what: string) => `${what} ${randomUUID().slice(0, 8)}`;
/** The list entry that holds a text. */
export const item = (page: Page, name: string) =>
  page.getByRole("main").getByRole("listitem").filter({ hasText: name });
/** No wider than the window: nothing to scroll sideways. */
export const expectFits = async (page: Page) =>
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
    page.viewportSize()?.width ?? 0,
  );
/** Opens a page as the demo owner. */
export const asOwner = async (page: Page, path: string) => {
  await page.goto(path);
  await signInTo(page, demoCredentials());
};

/** Signs in on the page that asks for it, wherever it leads then. */
export async function signInTo(page: Page, { email, password }: Person): Promise<void> {
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).not.toHaveURL(/sign-in/);
  await untilAlive(page);
}

export async function makeApplication(page: Page, name: string): Promise<void> {
  await page.goto("/settings/applications");
  await page.getByRole("button", { name: "New application" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByRole("button", { name: "Create" }).click();
  await expect(item(page, name)).toBeVisible();
}
