import { expect } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { test } from "./demo";
import {
  button,
  callOf,
  clipboard,
  enter,
  grid,
  json,
  newRun,
  row,
  scrollDownTo,
  scroller,
  spoken,
  writeRows,
} from "./log-page";

const run = newRun();
const mine = `/logs/calls?caller=${run}`;

test.beforeAll(() => writeRows(Array.from({ length: 400 }, (_, index) => callOf(run, index + 1))));
test.use({ permissions: ["clipboard-read", "clipboard-write"], viewport: { width: 1440, height: 900 } });
test.beforeEach(async ({ page }) => {
  await enter(page, mine);
  await expect(button(page, 0)).toBeVisible();
});

test("the whole page by keyboard alone", async ({ page }) => {
  const key = (name: string) => page.keyboard.press(name);
  // To the rows, down and up, open and close.
  await key("j");
  await expect(button(page, 0)).toBeFocused();
  await key("ArrowDown");
  await key("j");
  await expect(button(page, 2)).toBeFocused();
  await key("k");
  await key("ArrowRight");
  await expect(button(page, 1)).toHaveAttribute("aria-expanded", "true");
  await expect(json(page)).toBeVisible();
  await key("Tab");
  await expect(page.getByRole("link", { name: "Same key" })).toBeFocused();
  await key("Escape");
  await expect(button(page, 1)).toBeFocused();
  await key("ArrowLeft");
  await expect(button(page, 1)).toHaveAttribute("aria-expanded", "false");
  await key("Enter");
  await expect(button(page, 1)).toHaveAttribute("aria-expanded", "true");
  await key("Enter");
  await expect(button(page, 1)).toHaveAttribute("aria-expanded", "false");

  await key("c");
  await expect(page.getByText(/^Row #.* copied as JSON$/)).toBeVisible();
  expect(JSON.parse(await clipboard(page))).toMatchObject({ caller: run, latency_ms: 2 });

  // Far down: the focus stays on a row, and rows are read as it goes.
  await key("End");
  await expect(button(page, 63)).toBeFocused();
  await expect(spoken(page, /^264 rows/)).toBeAttached();
  await key("End");
  await expect(button(page, 263)).toBeFocused();
  await expect(spoken(page, /^400 rows$/)).toBeAttached();
  await key("End");
  await expect(button(page, 399)).toBeFocused();
  await expect(row(page, 399)).toHaveAttribute("aria-rowindex", "401");
  await key("PageUp");
  await expect(button(page, 399)).not.toBeFocused();
  await key("Home");
  await expect(button(page, 0)).toBeFocused();
  expect(await scroller(page).evaluate((element) => element.scrollTop)).toBe(0);

  // Filter.
  await key("f");
  const panel = page.getByRole("dialog", { name: "Filter" });
  await expect(panel.getByRole("combobox", { name: "Outcome" })).toBeFocused();
  await key("Tab");
  await page.keyboard.type(`${run}-mail`);
  await key("Enter");
  await expect(spoken(page, /^80 rows$|^64 rows/)).toBeAttached();
  await expect(page).toHaveURL(/provider_id=/);

  // Refresh, export, keys.
  const before = await page.getByText(/as of/).textContent();
  await key("r");
  await expect(page.getByText(/as of/)).not.toHaveText(before ?? "");
  await key("e");
  await expect(page.getByRole("dialog", { name: "Export CSV" })).toContainText("80 rows");
  const waiting = page.waitForEvent("download");
  await key("Enter");
  await waiting;
  await key("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await key("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
  await expectAccessible(page, "keys");
  await key("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("one tab stop for the table, at the row that had the focus", async ({ page }) => {
  await button(page, 4).focus();
  await page.getByRole("button", { name: "Remove the filter Caller" }).focus();
  // The chart's two lie before the rows.
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("slider", { name: "Calls over time" })).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(button(page, 4)).toBeFocused();
  await page.keyboard.press("Tab");
  expect(await grid(page).evaluate((element) => element.contains(document.activeElement))).toBe(false);
});

test("a row that is scrolled away keeps the focus", async ({ page }) => {
  await button(page, 4).focus();
  await scrollDownTo(page, 6_000);
  await expect(button(page, 190)).toBeVisible();
  await expect(button(page, 4)).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(button(page, 5)).toBeFocused();
  await expect(button(page, 5)).toBeInViewport();
});

test("keys steal neither typing nor shortcuts of the browser, and can be turned off", async ({ page }) => {
  await page.keyboard.press("f");
  const field = page.getByRole("dialog").getByLabel("Provider ID");
  await field.pressSequentially("free?jack");
  await expect(field).toHaveValue("free?jack");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  const taken = await page.evaluate(() => {
    const press = (init: KeyboardEventInit) =>
      !document.body.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...init }));
    return [
      press({ key: "f", ctrlKey: true }),
      press({ key: "r", metaKey: true }),
      press({ key: "e", altKey: true }),
      press({ key: "x" }),
    ];
  });
  expect(taken).toEqual([false, false, false, false]);

  await page.getByRole("button", { name: "Keys" }).click();
  await page.getByRole("checkbox", { name: "Letters act on the page" }).uncheck();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await button(page, 0).focus();
  await page.keyboard.press("j");
  await page.keyboard.press("f");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(button(page, 0)).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(button(page, 1)).toBeFocused();
});

test("the focus goes on when a chip is taken off", async ({ page }) => {
  await page.goto(`${mine}&method=GET`);
  await page.getByRole("button", { name: "Remove the filter Caller" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Remove the filter Method: GET" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: /^Filter/ })).toBeFocused();
});

test("the focus goes past a chip that was taken off a moment ago", async ({ page }) => {
  await page.goto(`${mine}&method=GET`);
  await page.getByRole("list", { name: "Filters" }).evaluate((list) => {
    for (const one of list.querySelectorAll("button")) one.click();
  });
  await expect(page.getByRole("button", { name: /^Filter/ })).toBeFocused();
});

test("two chips that are taken off in one moment are both gone", async ({ page }) => {
  await page.goto(`${mine}&method=GET`);
  await page.getByRole("list", { name: "Filters" }).evaluate((list) => {
    for (const one of list.querySelectorAll("button")) one.click();
  });
  await expect(page).toHaveURL("/logs/calls");
  await expect(page.getByRole("list", { name: "Filters" })).toHaveCount(0);
});
