import { expect } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { test } from "./demo";
import {
  button,
  buttons,
  clipboard,
  enter,
  expectNoSidewaysScroll,
  json,
  newRun,
  row,
  saveCsv,
  spoken,
  writeRows,
} from "./log-page";

const run = newRun();
const mine = `/logs/custom?event_type=${run}`;
const HOUR_MS = 3_600_000;

const eventOf = (details: object, extra: object = {}) => ({
  kind: "custom",
  event_type: run,
  content_type: "application/json",
  event_details: details,
  ...extra,
});

// Newest first: by event time, and those without one by their submission, which is now.
test.beforeAll(async () => {
  await writeRows([
    eventOf({ user_name: "ana", note: "quarterly review", is_success: "YES" }, { event_time: Date.now() - HOUR_MS }),
    eventOf({ user_name: "ben", note: "monthly review" }, { event_time: Date.now() - 2 * HOUR_MS }),
    eventOf(
      { user_name: "cleo", text: "\u202edesrever", long: "y".repeat(3_000) },
      { event_time: Date.now() - 3 * HOUR_MS },
    ),
  ]);
  await writeRows([eventOf({ user_name: "dora", late: true }, { event_time: Date.now() - 80 * HOUR_MS })]);
});
test.use({ permissions: ["clipboard-read", "clipboard-write"], viewport: { width: 1440, height: 900 } });
test.beforeEach(({ page }) => enter(page, mine));

test("shows custom events, and warns that they are not redacted", async ({ page }) => {
  await expect(buttons(page)).toHaveCount(4);
  await expect(page.getByText("Custom events are not redacted.")).toBeVisible();
  await expect(page.getByRole("columnheader")).toHaveText([
    "Occurred (UTC)",
    "Event type",
    "Data source",
    "Details",
    "Time source",
  ]);
  await expect(row(page, 0)).toContainText("Submission");
  await expect(row(page, 1)).toContainText('"note":"quarterly review"');
  await expect(row(page, 1)).toContainText("Event time");
  await expect(row(page, 3)).toContainText("Long: open the row");
  await expectAccessible(page, "custom events");
});

test("the search finds whole words of the details, all of them, in any order", async ({ page }) => {
  const box = page.getByRole("searchbox", { name: "Search the details" });
  const search = async (words: string) => {
    await box.fill(words);
    await box.press("Enter");
  };
  await expect(box).toHaveAccessibleDescription(/all must occur, in any order/);
  await search("REVIEW quarterly");
  await expect(spoken(page, /^1 row$/)).toBeAttached();
  await expect(page).toHaveURL(/text=REVIEW\+quarterly/);
  await expect(page.getByRole("list", { name: "Filters" })).toContainText("Words: REVIEW quarterly");
  await search("review");
  await expect(buttons(page)).toHaveCount(2);
  await search("user_name ben");
  await expect(buttons(page)).toHaveCount(1);
  await search("quarter");
  await expect(page.getByRole("heading", { name: "No custom events match in this window" })).toBeVisible();
  await expectAccessible(page, "no custom events");
  await search("?!");
  await expect(page.getByText("Give a word of two or more letters or digits.")).toBeVisible();
  await expectAccessible(page, "search without a word");
  // One state: the address, the chip, the box.
  await page.goBack();
  await expect(box).toHaveValue("user_name ben");
  await expect(buttons(page)).toHaveCount(1);
  await page.getByRole("button", { name: "Remove the filter Words: user_name ben" }).click();
  await expect(box).toHaveValue("");
  await expect(buttons(page)).toHaveCount(4);
});

test("an open row shows its details as JSON, with every character visible", async ({ page }) => {
  await button(page, 3).click();
  const open = row(page, 3);
  await expect(json(page)).toContainText("\\u202edesrever");
  await expect(open.getByRole("definition").filter({ hasText: '"long": "yyy' })).toBeVisible();
  await open.getByRole("button", { name: /^Show all .* of Event details/ }).click();
  const box = page.getByRole("dialog", { name: "Event details" });
  await expect(box.locator("pre")).toContainText("y".repeat(3_000));
  await box.getByRole("button", { name: "Copy" }).click();
  await expect(box.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(JSON.parse(await clipboard(page))).toMatchObject({ user_name: "cleo" });
  await expectAccessible(page, "details");
});

test("says why an old event is found by its submission", async ({ page }) => {
  await button(page, 0).click();
  await expect(
    row(page, 0).getByText("The event time was more than 72 hours old, so this row is found by its submission."),
  ).toBeVisible();
  await button(page, 1).click();
  await expect(json(page)).toHaveCount(2);
  await expect(row(page, 1).getByText("found by its submission")).toHaveCount(0);
  await expectAccessible(page, "open custom events");
});

test("keys, Filter and CSV act as on every log", async ({ page }) => {
  await expect(buttons(page)).toHaveCount(4);
  await page.keyboard.press("j");
  await page.keyboard.press("ArrowDown");
  await expect(button(page, 1)).toBeFocused();
  await page.keyboard.press("f");
  const panel = page.getByRole("dialog", { name: "Filter" });
  await expect(panel.getByLabel("Event type")).toBeFocused();
  await expect(panel.getByLabel("Event type")).toHaveValue(run);
  await panel.getByRole("combobox", { name: "Time source" }).click();
  await page.getByRole("option", { name: "submission" }).click();
  await page.getByRole("button", { name: "Show matching rows" }).click();
  await expect(buttons(page)).toHaveCount(1);
  // While it closes, keys are its own.
  await expect(panel).toBeHidden();
  await page.keyboard.press("e");
  const download = await saveCsv(page, ["Custom events of Demo app", "1 row"]);
  expect(download.suggestedFilename()).toMatch(/^affidavit-custom-.*\.csv$/);
});

test("fits a phone", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(button(page, 0)).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expect(row(page, 1)).toContainText('"is_success":"YES"');
  await expectAccessible(page, "custom events on a phone");
  await button(page, 0).click();
  await expect(json(page)).toBeVisible();
  await expectNoSidewaysScroll(page);
});
