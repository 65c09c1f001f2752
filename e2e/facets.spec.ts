import { expect, type Page, type Route } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { test } from "./demo";
import { expectFits } from "./journey";
import { buttons, callOf, enter, newRun, writeRows } from "./log-page";

const run = newRun();
const mine = `/logs/calls?caller=${run}`;
const FACETS = "**/v1/events/facets?*";

/** 20 rows: 4 denied, 16 went through; 12 tools, the first one of 9 rows; the last row used none. */
const toolOf = (index: number) => (index < 9 ? `${run} tool a` : `${run}-tool-${index}`);
test.beforeAll(() =>
  writeRows(Array.from({ length: 20 }, (_, index) => callOf(run, index, index < 19 ? { tool: toolOf(index) } : {}))),
);
test.use({ viewport: { width: 1440, height: 900 } });

const values = (page: Page) => page.getByRole("button", { name: "Values", exact: true });
const column = (page: Page) => page.getByRole("complementary", { name: "Values" });
const section = (page: Page, name: string) => column(page).getByRole("region", { name, exact: true });
const value = (page: Page, field: string, name: string | RegExp) => section(page, field).getByRole("button", { name });

async function open(page: Page, address = mine): Promise<void> {
  await enter(page, address);
  await values(page).click();
  await expect(section(page, "Outcome")).toBeVisible();
}

test("counts what was written, and chooses one value after another", async ({ page }) => {
  await open(page);
  await expect(section(page, "Outcome").getByRole("listitem")).toContainText([/^Success16/, /^Policy denial4/]);
  await expect(section(page, "Tool").getByRole("listitem").first()).toContainText(/tool a9$/);
  await expectAccessible(page, "values");

  await value(page, "Outcome", /^Policy denial/).click();
  await expect(page).toHaveURL(`${mine}&outcome=policy_denial`);
  await expect(buttons(page)).toHaveCount(4);
  await expect(value(page, "Outcome", /^Policy denial/)).toBeFocused();
  // Not narrowed by itself, as the others are.
  await expect(section(page, "Outcome").getByRole("listitem")).toContainText([/^Success16/, /^Policy denial4/]);
  await expect(section(page, "Method").getByRole("listitem")).toContainText([/^GET4/]);
  await expect(value(page, "Outcome", /^Policy denial/)).toHaveAttribute("aria-pressed", "true");
  await expectAccessible(page, "a value chosen");
  await value(page, "Outcome", /^Success/).click();
  await expect(buttons(page)).toHaveCount(16);
  await page.goBack();
  await expect(buttons(page)).toHaveCount(4);
  await section(page, "Outcome").getByRole("button", { name: "Clear Outcome" }).click();
  await expect(page).toHaveURL(mine);
  await expect(buttons(page)).toHaveCount(20);
  await expect(section(page, "Outcome").getByRole("button", { name: /^Success/ })).toBeFocused();
});

test("Alt-click and not leave a value out, in the query bar's words", async ({ page }) => {
  await open(page);
  await value(page, "Tool", /tool a, 9/).click({ modifiers: ["Alt"] });
  await expect(page.getByRole("combobox", { name: "Query" })).toHaveValue(`caller:${run} -tool:"${run} tool a"`);
  await expect(buttons(page)).toHaveCount(11);
  await expect(value(page, "Tool", /tool a, 9, excluded/)).toBeVisible();
  await section(page, "Outcome").getByText("Policy denial").hover();
  await value(page, "Outcome", "Not Policy denial").click();
  await expect(page.getByRole("combobox", { name: "Query" })).toHaveValue(
    `caller:${run} -tool:"${run} tool a" -outcome:policy_denial`,
  );
  await expect(buttons(page)).toHaveCount(9);
  await expectAccessible(page, "values left out");
  await value(page, "Tool", `Not ${run} tool a`).click();
  await expect(buttons(page)).toHaveCount(16);
});

test("many values: the first eight, all, and those that are searched", async ({ page }) => {
  await open(page);
  const lines = section(page, "Tool").getByRole("listitem");
  await expect(lines).toHaveCount(8);
  await section(page, "Tool").getByRole("button", { name: "Show 4 more" }).click();
  await expect(lines).toHaveCount(12);
  // Rows without a tool: counted, and nothing to click, since the language has no word for it.
  await expect(lines.last()).toHaveText("none1");
  await expect(lines.last().getByRole("button")).toHaveCount(0);
  await section(page, "Tool").getByRole("searchbox").fill("TOOL-1");
  await expect(lines).toHaveCount(9);
  await section(page, "Tool").getByRole("searchbox").fill("nothing");
  await expect(section(page, "Tool")).toContainText("No value has that.");
});

test("by keyboard: one tab stop a section, arrows inside", async ({ page }) => {
  await open(page);
  await value(page, "Outcome", /^Success/).focus();
  await page.keyboard.press("ArrowDown");
  await expect(value(page, "Outcome", /^Policy denial/)).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(value(page, "Outcome", "Not Policy denial")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(buttons(page)).toHaveCount(16);
  await expect(value(page, "Outcome", "Not Policy denial")).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await expect(value(page, "Outcome", /^Policy denial/)).toBeFocused();
  await page.keyboard.press("Home");
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Tab");
  await expect(section(page, "Outcome").locator("li button[tabindex='0']")).toHaveCount(1);
});

test("is folded away until somebody wants it, asks nothing until then, and stays as it was left", async ({ page }) => {
  const asked: string[] = [];
  page.on("request", (request) => request.url().includes("/facets?") && asked.push(request.url()));
  await enter(page, mine);
  await expect(buttons(page)).toHaveCount(20);
  await expect(values(page)).toHaveAttribute("aria-expanded", "false");
  expect(asked).toEqual([]);
  await values(page).click();
  await expect(section(page, "Outcome")).toBeVisible();
  await page.reload();
  await expect(section(page, "Outcome")).toBeVisible();
  // One for all sections: none has a filter of its own.
  expect(asked).toHaveLength(2);
  await values(page).click();
  await expect(column(page)).toHaveCount(0);
});

test("values that cannot be counted are no empty column, and are asked for again", async ({ page, tolerate }) => {
  tolerate(/status of 500/);
  const broken = (route: Route) => route.fulfill({ status: 500, json: { detail: "no" } });
  await page.route(FACETS, broken);
  await enter(page, mine);
  await values(page).click();
  await expect(column(page)).toContainText("Values could not be counted.");
  await expectAccessible(page, "values failed");
  await page.unroute(FACETS, broken);
  await column(page).getByRole("button", { name: "Try again" }).click();
  await expect(section(page, "Outcome")).toBeVisible();
});

test("estimates say so", async ({ page }) => {
  await page.route(FACETS, async (route) => {
    const response = await route.fetch();
    const answer = await response.json();
    const facets = answer.facets.map((facet: object) => ({ ...facet, exact: false, other: 7 }));
    await route.fulfill({ response, json: { ...answer, exact: false, facets } });
  });
  await open(page);
  await expect(section(page, "Outcome")).toContainText("about 16");
  await expect(section(page, "Outcome")).toContainText("…other valuesabout 7");
});

test("on a phone they are a sheet", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await enter(page, mine);
  await expectFits(page);
  await values(page).click();
  const sheet = page.getByRole("dialog", { name: "Values" });
  await expect(sheet.getByRole("region", { name: "Outcome" })).toBeVisible();
  await expectAccessible(page, "values on a phone");
  await sheet.getByRole("button", { name: /^Policy denial/ }).click();
  await page.keyboard.press("Escape");
  await expect(sheet).toHaveCount(0);
  await expect(buttons(page)).toHaveCount(4);
});
