import { expect, type Page } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { demoCredentials, test } from "./demo";
import { asOwner, signInTo } from "./journey";
import {
  button,
  buttons,
  clipboard,
  enter,
  expectNoSidewaysScroll,
  json,
  minutesAgo,
  newRun,
  row,
  saveCsv,
  spoken,
  writeRows,
} from "./log-page";
import { makePerson } from "./people";

const run = newRun();
const ana = `${run}-ana@example.com`;
const mine = `/logs/system?source_system=${run}`;

const actOf = (minutes: number, extra: object = {}) => ({
  kind: "system",
  source_system: run,
  category: "column_policy",
  action: "update",
  event: "column_policy.updated",
  actor_email: ana,
  target_type: "column_policy",
  target_name: "Mask e-mail",
  changes: [
    { field: "name", old: "Mask mail", new: "Mask e-mail" },
    { field: "columns", new: ["shop.public.customers.email"] },
  ],
  client_ip: "192.0.2.17",
  user_agent: "policy-engine/1.2",
  occurred_at: minutesAgo(minutes),
  ...extra,
});

test.beforeAll(() =>
  writeRows([
    actOf(1),
    actOf(2, { actor_email: undefined, event: "lock.removed", category: "locks", action: "remove" }),
    actOf(3, {
      event: "row_policy.created",
      category: "row_policy",
      action: "create",
      outcome: "failure",
      changes: [],
    }),
    actOf(6 * 24 * 60),
  ]),
);
test.use({ permissions: ["clipboard-read", "clipboard-write"], viewport: { width: 1440, height: 900 } });

const tabs = (page: Page) => page.getByRole("navigation", { name: "Categories" });
const tab = (page: Page, name: string) => tabs(page).getByRole("link", { name, exact: true });

test.describe("for the owner", () => {
  test.beforeEach(({ page }) => enter(page, mine));

  test("shows acts with who did them and what changed", async ({ page }) => {
    await expect(buttons(page)).toHaveCount(3);
    await expect(page.getByRole("columnheader")).toHaveText([
      "Time Stamp (UTC)",
      "Event",
      "User",
      "API Key",
      "Details",
    ]);
    await expect(row(page, 0)).toContainText("column_policy.updated");
    await expect(row(page, 0)).toContainText(ana);
    await expect(row(page, 0).getByText(`via ${run}`)).toBeVisible();
    await expect(row(page, 0)).toContainText("Mask e-mail · name: Mask mail → Mask e-mail");
    await expect(row(page, 1).getByText(`via ${run}`)).toBeVisible();
    await expect(row(page, 2)).toContainText("Failure");
    // It is the organization's log, whatever the application.
    await expect(page.getByRole("button", { name: /^Application:/ })).toHaveCount(0);
    await expectAccessible(page, "acts");
  });

  test("has one tab a category, each with an address", async ({ page }) => {
    await expect(tabs(page).getByRole("link")).toHaveText([
      "All",
      "API Keys",
      "Locks",
      "Data",
      "Administrators",
      "Thresholds",
      "Alerts",
      "Applications",
      "Data Sources",
      "User Groups",
      "Column Policy",
      "Row Policy",
      "Retention",
      "Destinations",
      "Exports & Access",
      "Sign-in",
    ]);
    await tab(page, "Locks").click();
    await expect(page).toHaveURL(/category=locks/);
    await expect(tab(page, "Locks")).toHaveAttribute("aria-current", "page");
    await expect(buttons(page)).toHaveCount(1);
    await expect(page.getByText("Locks are part of a former policy interface.")).toBeVisible();
    await expectAccessible(page, "legacy tab");
    // The tab is a place and no filter: it has no chip, and the panel leaves it alone.
    await expect(page.getByRole("list", { name: "Filters" })).not.toContainText("locks");
    await page.getByRole("button", { name: /^Remove the filter/ }).click();
    await expect(page).toHaveURL(/\/logs\/system\?category=locks$/);
    await page.goBack();
    await tab(page, "Thresholds").click();
    await expect(page.getByRole("heading", { name: "No administrative acts match in this window" })).toBeVisible();
    await expect(page.getByText("Thresholds are part of a former policy interface.")).toBeVisible();
    await expectAccessible(page, "no acts");
    await tab(page, "All").click();
    await expect(buttons(page)).toHaveCount(3);
    await page.goBack();
    await expect(tab(page, "Thresholds")).toHaveAttribute("aria-current", "page");
  });

  test("filters by User and Event", async ({ page }) => {
    await page.getByRole("button", { name: /^Filter/ }).click();
    const panel = page.getByRole("dialog", { name: "Filter" });
    await expect(panel.getByRole("group", { name: "Common" }).locator("label")).toHaveText(["User", "Event"]);
    await expect(panel.getByText("Category")).toHaveCount(0);
    await expectAccessible(page, "filter of acts");
    await panel.getByLabel("User", { exact: true }).fill(ana.toUpperCase());
    await panel.getByLabel("Event", { exact: true }).fill("row_policy.created");
    await page.getByRole("button", { name: "Show matching rows" }).click();
    await expect(spoken(page, /^1 row$/)).toBeAttached();
  });

  test("takes an event by the words that the list shows", async ({ page }) => {
    await page.goto("/logs/system");
    await expect(page.getByRole("row").filter({ hasText: "Signed in" }).first()).toBeVisible();
    await page.getByRole("button", { name: /^Filter/ }).click();
    const panel = page.getByRole("dialog", { name: "Filter" });
    await panel.getByLabel("Event", { exact: true }).fill("signed in");
    await page.getByRole("button", { name: "Show matching rows" }).click();
    await expect(page).toHaveURL(/event=sign_in\.succeeded/);
    await expect(page.getByRole("list", { name: "Filters" })).toContainText("Event: Signed in");
    await expect(row(page, 0)).toContainText("Signed in");
    await page.getByRole("button", { name: /^Filter/ }).click();
    await expect(panel.getByLabel("Event", { exact: true })).toHaveValue("Signed in");
  });

  test("shows at most seven days, and says why", async ({ page }) => {
    await page.getByRole("button", { name: /^Time window/ }).click();
    await expect(page.getByRole("button", { name: "Last 30 days" })).toHaveCount(0);
    const from = page.getByLabel("From (UTC)");
    await from.fill(minutesAgo(8 * 24 * 60).slice(0, 19));
    await page.getByRole("button", { name: "Show this window" }).click();
    await expect(from).toHaveAccessibleDescription(/at most 7 days at once/);
    await expectAccessible(page, "window too long");
    await page.getByRole("button", { name: "Last 7 days" }).click();
    await expect(buttons(page)).toHaveCount(4);
    await page.goto(`${mine}&window=30d`);
    await expect(page.getByText("This page shows at most 7 days at once.")).toBeVisible();
    await expect(buttons(page)).toHaveCount(0);
  });

  test("an open row shows its changes side by side, and copies", async ({ page }) => {
    await button(page, 0).click();
    const open = row(page, 0);
    await expect(open.getByRole("group", { name: "Changes" }).getByRole("row")).toHaveText([
      "FieldOldNew",
      "nameMask mailMask e-mail",
      'columns–["shop.public.customers.email"]',
    ]);
    for (const value of ["192.0.2.17", "policy-engine/1.2", ana]) {
      await expect(open.getByRole("definition").filter({ hasText: value })).toBeVisible();
    }
    await open.getByRole("button", { name: "Copy JSON" }).click();
    await expect(open.getByRole("button", { name: "Copied" })).toBeVisible();
    expect(JSON.parse(await clipboard(page))).toMatchObject({ source_system: run, category: "column_policy" });
    await expectAccessible(page, "open act");
  });

  test("exports its rows as CSV, and keys act", async ({ page }) => {
    await expect(buttons(page)).toHaveCount(3);
    await page.keyboard.press("j");
    await expect(button(page, 0)).toBeFocused();
    await page.keyboard.press("ArrowRight");
    await expect(json(page)).toBeVisible();
    await page.keyboard.press("e");
    const download = await saveCsv(page, ["Administrative acts of Demo", "3 rows"]);
    expect(download.suggestedFilename()).toMatch(/^affidavit-system-.*\.csv$/);
  });

  test("fits a phone", async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await expect(button(page, 0)).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page, "acts on a phone");
    await button(page, 0).click();
    await expect(json(page)).toBeVisible();
    await expectNoSidewaysScroll(page);
    await tab(page, "Sign-in").click();
    await expect(tab(page, "Sign-in")).toBeInViewport();
  });
});

test("an act of the product itself names its person, or the platform", async ({ page }) => {
  await asOwner(page, "/logs/system?category=sign_in");
  await expect(row(page, 0)).toContainText(demoCredentials().email);
  await expect(row(page, 0)).not.toContainText("via ");
  await expect(row(page, 0)).toContainText("Signed in");
  await expect(row(page, 0).getByTitle("sign_in.succeeded")).toBeVisible();
  // Its session has no name: the id is for whoever looks closer.
  await expect(row(page, 0)).not.toContainText("session_id");
  await expect(row(page, 0).getByTitle(/session_id: /)).toBeVisible();
});

test("a view says in words which log was read, with which filter and of which time", async ({ page }) => {
  await asOwner(page, `/logs/query?role=${run}`);
  await page.goto("/logs/system?event=audit.view");
  // The empty page asks for what is before and after it, too: those are views of other times.
  const view = page.getByRole("row").filter({ hasText: `Demo app, Query log, role=${run}, last 24 hours` });
  // Nobody waits for it to be written.
  await expect(async () => {
    await page.getByRole("button", { name: "Refresh" }).click();
    await expect(view).toHaveCount(1, { timeout: 1_000 });
  }).toPass();
  await expect(view).toContainText("Rows viewed");
});

test("whoever does not see the whole organization is told so", async ({ page }) => {
  const { org_id, app_id } = demoCredentials();
  await page.goto("/logs/system");
  await signInTo(page, await makePerson({ orgId: org_id, role: "developer", appIds: [app_id] }));
  await expect(page.getByText("Your role, developer, may not read the acts of the whole organization.")).toBeVisible();
  await expectAccessible(page, "refused system audit");
  const navigation = page.getByRole("navigation", { name: "Main" });
  await expect(navigation.getByRole("link", { name: "Custom" })).toBeVisible();
  await expect(navigation.getByRole("link", { name: "System audit" })).toHaveCount(0);
});
