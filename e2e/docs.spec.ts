import { expect } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { demoCredentials, signIn, test, untilAlive } from "./demo";

test("the API reference is readable without signing in, linked, and of one page", async ({ page, context }) => {
  await page.goto("/sign-in");
  await page.getByRole("link", { name: "API reference" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "API reference" })).toBeVisible();
  await expectAccessible(page, "API reference");

  const sample = page.locator("#writeEvents").getByRole("region", { name: /^curl/ });
  await expect(sample).toContainText('curl "$AFFIDAVIT_URL/v1/events"');
  await expect(page.locator("#start")).toContainText(`export AFFIDAVIT_URL=${demoCredentials().url}`);
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.locator("#writeEvents").getByRole("button", { name: "Copy" }).first().click();
  await expect(page.locator("#writeEvents").getByText("Copied")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe((await sample.textContent()) ?? "");

  // Every operation of the document has its section, and every link of the page leads somewhere on it.
  const document = (await (await page.request.get("/v1/openapi.json")).json()) as {
    paths: Record<string, Record<string, { operationId: string; summary: string }>>;
  };
  for (const { operationId, summary } of Object.values(document.paths).flatMap((one) => Object.values(one))) {
    await expect(page.locator(`#${operationId}`).getByRole("heading", { level: 3 })).toHaveText(summary);
  }
  const dead = await page.evaluate(() =>
    [...window.document.querySelectorAll<HTMLAnchorElement>('a[href^="#"]')]
      .map((link) => link.hash.slice(1))
      .filter((id) => !window.document.getElementById(id)),
  );
  expect(dead).toEqual([]);
});

test("the API reference is one click away for whoever is signed in, on a phone too", async ({ page, context }) => {
  await page.goto("/sign-in");
  await signIn(page, demoCredentials());
  const link = page.getByRole("link", { name: "API reference" });
  const reference = page.getByRole("heading", { level: 1, name: "API reference" });
  await link.click();
  await expect(reference).toBeVisible();
  await page.getByRole("link", { name: "Affidavit, to the portal" }).click();
  await expect(page).toHaveURL("/logs/calls");
  await page.setViewportSize({ width: 390, height: 844 });
  await untilAlive(page);
  await page.getByRole("button", { name: "Open the navigation" }).click();
  await page.getByRole("dialog").getByRole("link", { name: "API reference" }).click();
  await expect(reference).toBeVisible();
  expect(context.pages()).toHaveLength(1);
});

test("its contents are reached by keyboard and on a phone", async ({ page }) => {
  await page.goto("/docs/api");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the page" })).toBeFocused();
  await page
    .getByRole("navigation", { name: "Contents", exact: true })
    .getByRole("link", { name: "Limits" })
    .press("Enter");
  await expect(page).toHaveURL(/#limits$/);
  await expect(page.getByRole("heading", { name: "Limits" })).toBeInViewport();

  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/docs/api");
  const wide = () => page.evaluate(() => window.document.documentElement.scrollWidth - window.innerWidth);
  expect(await wide()).toBeLessThanOrEqual(0);
  await page.getByText("Contents", { exact: true }).click();
  await page
    .getByRole("navigation", { name: "Contents of the page" })
    .getByRole("link", { name: "Make an API key" })
    .click();
  await expect(page.locator("#createApiKey")).toBeInViewport();
  await expectAccessible(page, "API reference on a phone");
});

test("llms.txt lists the pages, and each is there as Markdown", async ({ request }) => {
  const index = await request.get("/llms.txt");
  expect(index.headers()["content-type"]).toContain("text/plain");
  const text = await index.text();
  const links = [...text.matchAll(/\]\((https?:[^)]+)\)/g)].map(([, link]) => link ?? "");
  expect(links.length).toBeGreaterThan(5);
  for (const link of links) expect((await request.get(link)).status(), link).toBe(200);
  expect((await request.get("/docs/quick-start.md")).headers()["content-type"]).toContain("text/markdown");
  for (const path of ["/docs/..%2fpackage.json", "/docs/nothing.md", "/docs/%2e%2e%2f.env"]) {
    expect((await request.get(path)).status(), path).toBe(404);
  }
});
