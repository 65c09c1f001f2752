import { expect } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { test } from "./demo";
import {
  button,
  callOf,
  enter,
  expectNoSidewaysScroll,
  json,
  newRun,
  row,
  scrollDownTo,
  scroller,
  scrollToEnd,
  spoken,
  writeRows,
} from "./log-page";

const run = newRun();
const mine = `/logs/calls?caller=${run}`;

test.use({ viewport: { width: 390, height: 844 } });
test.beforeAll(() => writeRows(Array.from({ length: 300 }, (_, index) => callOf(run, index + 1))));
test.beforeEach(async ({ page }) => {
  await enter(page, mine);
  await expect(button(page, 0)).toBeVisible();
});

test("fits a phone, with rows of two lines and nothing cut", async ({ page }) => {
  for (const width of [320, 360, 390]) {
    await page.setViewportSize({ width, height: 844 });
    await expectNoSidewaysScroll(page);
  }
  const first = row(page, 0);
  for (const text of ["Success", "GET", "200", "1 ms", `${run}-calendar`]) await expect(first).toContainText(text);
  const cut = await first
    .locator("[role=gridcell]:visible")
    .evaluateAll((cells) =>
      cells.filter((cell) => cell.scrollWidth > cell.clientWidth).map((cell) => cell.textContent),
    );
  expect(cut).toEqual([]);
  await expectAccessible(page, "phone");
  await button(page, 0)
    .tap()
    .catch(() => button(page, 0).click());
  await expect(json(page)).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectAccessible(page, "phone, open row");
  await button(page, 0).click();
  await scrollToEnd(page);
  await expect(spoken(page, /^300 rows$/)).toBeAttached();
});

test("Back restores the scroll of two-line rows", async ({ page }) => {
  await scrollDownTo(page, 12_000);
  await page.getByRole("button", { name: "Open the navigation" }).click();
  await page.getByRole("dialog").getByRole("link", { name: "API keys" }).click();
  await expect(page.getByRole("heading", { name: "API keys" })).toBeVisible();
  await page.goBack();
  await expect(button(page, 230)).toBeInViewport();
  expect(await scroller(page).evaluate((element) => element.scrollTop)).toBe(12_000);
});

test("its boxes fit a phone, too", async ({ page }) => {
  await page.getByRole("button", { name: /^Filter/ }).click();
  await expect(page.getByRole("dialog", { name: "Filter" })).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectAccessible(page, "phone, filter");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Time window/ }).click();
  await expect(page.getByLabel("From (UTC)")).toBeVisible();
  await expectNoSidewaysScroll(page);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Export CSV" }).click();
  await expect(page.getByRole("dialog", { name: "Export CSV" })).toContainText("300 rows");
  await expectNoSidewaysScroll(page);
  await expectAccessible(page, "phone, export");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Open the navigation" }).click();
  await expectAccessible(page, "phone, navigation");
  await page.getByRole("dialog").getByRole("link", { name: "API keys" }).click();
  await expect(page.getByRole("heading", { name: "API keys" })).toBeVisible();
  await expectNoSidewaysScroll(page);
});
