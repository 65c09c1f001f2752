import { expect, type Page } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { test } from "./demo";
import { buttons, enter, minutesAgo, newRun, writeRows } from "./log-page";
import { DAY, queryOf } from "./query-rows";

const run = newRun();
const mine = `/logs/query?role=${run}`;

test.beforeAll(() =>
  writeRows([
    queryOf(run, 1),
    queryOf(run, 2),
    queryOf(run, 3, { username: `${run}-ben` }),
    queryOf(run, 4),
    queryOf(run, 5, {
      tags_accessed: [
        { key: "PII", value: "name" },
        { key: "GDPR", value: "email" },
      ],
    }),
    queryOf(run, 2 * DAY),
    queryOf(run, 6 * DAY),
    queryOf(run, 9 * DAY),
  ]),
);
test.use({ viewport: { width: 1440, height: 900 } });
test.beforeEach(({ page }) => enter(page, mine));

const panel = (page: Page) => page.getByRole("dialog", { name: "Filter" });

test("Filter opens with the last seven days, both ends needed, and sets the window", async ({ page }) => {
  await page.getByRole("button", { name: /^Filter/ }).click();
  await expect(panel(page).getByLabel("Username")).toBeFocused();
  const common = panel(page).getByRole("group", { name: "Common" });
  await expect(common.locator("label")).toHaveText([
    "Username",
    "Role",
    "Query ID",
    "Tag Key",
    "Tag Value",
    "Database",
    "Schema",
    "Table",
    "Column",
  ]);
  const after = panel(page).getByLabel("Completion After");
  const before = panel(page).getByLabel("Completion Before");
  const shown = async (field: typeof after) => Date.parse(`${(await field.inputValue()).replace(" ", "T")}Z`);
  const [start, end] = [await shown(after), await shown(before)];
  expect(end - start).toBe(7 * DAY * 60_000);
  expect(Math.abs(end - Date.now())).toBeLessThan(60_000);
  await expectAccessible(page, "filter of queries");

  await after.fill("");
  await before.fill(" ");
  await page.keyboard.press("Enter");
  await expect(panel(page).getByText("Completion After is needed: a search always has a time window.")).toBeVisible();
  await expect(panel(page).getByText("Completion Before is needed: a search always has a time window.")).toBeVisible();
  await expect(after).toBeFocused();
  await expectAccessible(page, "filter without a window");
  await after.fill("2026-01-02");
  await before.fill("2026-01-01");
  await page.keyboard.press("Enter");
  await expect(panel(page).getByText("Completion Before must be after Completion After.")).toBeVisible();

  // As it was offered: until now, also after the next refresh.
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Filter/ }).click();
  await page.getByRole("button", { name: "Show matching rows" }).click();
  await expect(page.getByRole("button", { name: "Time window: Last 7 days" })).toBeVisible();
  await expect(buttons(page)).toHaveCount(7);
  await expect(page).toHaveURL(/window=7d/);

  // Times of one's own; the panel then opens with them.
  await page.getByRole("button", { name: /^Filter/ }).click();
  const from = minutesAgo(10 * DAY)
    .slice(0, 19)
    .replace("T", " ");
  await after.fill(from);
  await page.getByRole("button", { name: "Show matching rows" }).click();
  await expect(buttons(page)).toHaveCount(8);
  await expect(page).toHaveURL(/from=.*to=/);
  await page.getByRole("button", { name: /^Filter/ }).click();
  await expect(after).toHaveValue(from);
  await page.keyboard.press("Escape");
  await page.goBack();
  await expect(buttons(page)).toHaveCount(7);
});

test("named filters are exact, without regard to case, and of one element", async ({ page }) => {
  const filter = async (values: Record<string, string>) => {
    await page.getByRole("button", { name: /^Filter/ }).click();
    for (const [label, value] of Object.entries(values))
      await panel(page).getByLabel(label, { exact: true }).fill(value);
    await page.getByRole("button", { name: "Show matching rows" }).click();
    await expect(panel(page)).toHaveCount(0);
  };
  const chip = (text: string) =>
    page.getByRole("list", { name: "Filters" }).getByRole("listitem").filter({ hasText: text });
  await filter({ Username: `${run}-BEN` });
  await expect(buttons(page)).toHaveCount(1);
  await expect(chip("Username")).toContainText(`${run}-BEN`);
  await filter({ Username: `${run}-be` });
  await expect(page.getByRole("heading", { name: "No queries match in this window" })).toBeVisible();
  await filter({ Username: "", "Query ID": `${run}-4` });
  await expect(buttons(page)).toHaveCount(1);
  await filter({ "Query ID": "", Database: "SHOP", Schema: "Public", Table: "customers", Column: "EMAIL" });
  await expect(buttons(page)).toHaveCount(7);
  // PII and name are of one tag of one query; GDPR and name are not.
  await filter({ Database: "", Schema: "", Table: "", Column: "", "Tag Key": "pii", "Tag Value": "Name" });
  await expect(buttons(page)).toHaveCount(1);
  await expect(chip("Tag Key")).toBeVisible();
  await filter({ "Tag Key": "gdpr" });
  await expect(page.getByRole("heading", { name: "No queries match in this window" })).toBeVisible();
});
