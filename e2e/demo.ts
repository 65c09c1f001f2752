import { readFileSync } from "node:fs";
import path from "node:path";
import { test as base, expect, type Page } from "@playwright/test";

interface DemoCredentials {
  url: string;
  email: string;
  password: string;
  api_key: string;
  org_id: string;
  app_id: string;
}

/** What the demo server printed, from its data folder. */
export function demoCredentials(): DemoCredentials {
  const folder = process.env.AFFIDAVIT_E2E_DATA ?? "";
  return JSON.parse(readFileSync(path.join(folder, "demo-credentials.json"), "utf8")) as DemoCredentials;
}

/** Writes rows as a program would, and wants every one acknowledged. */
export async function postEvents(url: string, apiKey: string, events: readonly object[]): Promise<void> {
  const response = await fetch(`${url}/v1/events`, {
    method: "POST",
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
    body: JSON.stringify({ events }),
  });
  expect(response.status, await response.text()).toBe(201);
}

export async function signIn(page: Page, { email, password }: { email: string; password: string }): Promise<void> {
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Calls", exact: true })).toBeAttached();
  await untilAlive(page);
}

/**
 * Until React has taken over the buttons that the server sent. A busy machine shows a page seconds before its script runs,
 * and a click in between opens no menu.
 */
export async function untilAlive(page: Page): Promise<void> {
  const alive = () =>
    page.evaluate(() =>
      [...document.querySelectorAll("button")].every((button) =>
        Object.keys(button).some((key) => key.startsWith("__reactProps")),
      ),
    );
  await expect.poll(alive, { timeout: 60_000 }).toBe(true);
}

interface Fixtures {
  /** Says that this test provokes such complaints of the browser. */
  tolerate: (complaint: RegExp) => void;
}

/**
 * What the browser complains about during a test fails it: a script that the policy blocks, a hydration that does not
 * match, an exception.
 */
export const test = base.extend<Fixtures>({
  page: async ({ page }, use) => {
    const goto = page.goto.bind(page);
    page.goto = async (...request) => {
      const response = await goto(...request);
      await untilAlive(page);
      return response;
    };
    await use(page);
  },
  tolerate: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      const tolerated: RegExp[] = [];
      page.on("console", (message) => {
        if (message.type() === "error") complaints.push(`${message.text()} ${message.location().url}`);
      });
      page.on("pageerror", (error) => complaints.push(String(error)));
      await use((complaint) => tolerated.push(complaint));
      expect(complaints.filter((text) => !tolerated.some((one) => one.test(text)))).toEqual([]);
    },
    { auto: true },
  ],
});
