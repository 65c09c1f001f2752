import { readFile } from "node:fs/promises";
import { expect } from "@playwright/test";
import { CSV_ROWS_MAX } from "../lib/contracts/quick-csv";
import { expectAccessible } from "./accessible";
import { test } from "./demo";
import { makeLargeLog } from "./large-log";
import { button, callOf, csvBox, enter, newRun, writeRows } from "./log-page";

const run = newRun();
const mine = `/logs/calls?caller=${run}`;
const DOWNLOAD = "**/v1/exports/download?*";

test.beforeAll(() => writeRows(Array.from({ length: 300 }, (_, index) => callOf(run, index + 1))));
test.beforeEach(async ({ page }) => {
  await enter(page, mine);
  await expect(button(page, 0)).toBeVisible();
});

test("says what is exported and how many before it starts, and that it was all of it afterwards", async ({ page }) => {
  await page.getByRole("button", { name: "Export CSV" }).click();
  await expect(csvBox(page)).toContainText("Calls of Demo app");
  await expect(csvBox(page)).toContainText(`Caller: ${run}`);
  await expect(csvBox(page)).toContainText("300 rows");
  await expect(csvBox(page)).toContainText("at most 100,000 rows");
  await expect(csvBox(page).getByRole("button", { name: "Export", exact: true })).toBeFocused();
  await expectAccessible(page, "export");
  const waiting = page.waitForEvent("download");
  await page.keyboard.press("Enter");
  const download = await waiting;
  await expect(csvBox(page)).toContainText("300 rows saved, not truncated");
  await expect(csvBox(page)).toContainText(download.suggestedFilename());
  await expect(csvBox(page)).toContainText(/, \d{2,3} KB\./);
  expect((await readFile(await download.path(), "utf8")).trim().split("\r\n")).toHaveLength(301);
  await expectAccessible(page, "exported");
});

test("says that it is truncated, before and after, by notice and by name", async ({ page }) => {
  test.setTimeout(360_000);
  const { appId, name } = await makeLargeLog(CSV_ROWS_MAX + 1);
  await page.goto(`/logs/calls?app=${appId}`);
  await expect(button(page, 0)).toBeVisible();
  await page.getByRole("button", { name: "Export CSV" }).click();
  await expect(csvBox(page)).toContainText(`Calls of ${name}`);
  await expect(csvBox(page)).toContainText("100,001 rows");
  await expect(csvBox(page)).toContainText("This search has more: the file will hold the newest of them");
  const waiting = page.waitForEvent("download", { timeout: 120_000 });
  await csvBox(page).getByRole("button", { name: "Export", exact: true }).click();
  const download = await waiting;
  expect(download.suggestedFilename()).toMatch(/^affidavit-call-.*-truncated\.csv$/);
  await expect(csvBox(page).getByRole("status").filter({ hasText: "Truncated" })).toContainText(
    "the newest 100,000 rows were saved",
  );
  await expect(csvBox(page)).toContainText(download.suggestedFilename());
  await expectAccessible(page, "truncated");
  const [head = "", ...rows] = (await readFile(await download.path(), "utf8")).trim().split("\r\n");
  const latency = head.split(",").indexOf("latency_ms");
  // Rows newest first: what is missing is the oldest one.
  expect(rows).toHaveLength(CSV_ROWS_MAX);
  expect([rows[0], rows.at(-1)].map((row) => row?.split(",")[latency])).toEqual(["0", String(CSV_ROWS_MAX - 1)]);
  await page.keyboard.press("Escape");

  // With a filter, so many rows are estimated and not counted.
  await page.goto(`/logs/calls?app=${appId}&method=GET`);
  await page.getByRole("button", { name: "Export CSV" }).click();
  await expect(csvBox(page)).toContainText(/About 1\d\d,\d{3} rows \(an estimate\)/);
  await expect(csvBox(page)).toContainText("This search has more");
});

test("can be cancelled, and then saves nothing", async ({ page }) => {
  // Nobody answers: only cancelling ends it.
  await page.route(DOWNLOAD, () => {});
  let downloads = 0;
  page.on("download", () => {
    downloads += 1;
  });
  await page.getByRole("button", { name: "Export CSV" }).click();
  await csvBox(page).getByRole("button", { name: "Export", exact: true }).click();
  await expect(csvBox(page)).toContainText("Collecting the rows");
  await expectAccessible(page, "exporting");
  const failed = page.waitForEvent("requestfailed");
  await csvBox(page).getByRole("button", { name: "Cancel" }).click();
  await failed;
  await expect(csvBox(page)).toContainText("Cancelled. No file was saved.");
  await page.unroute(DOWNLOAD);
  await csvBox(page).getByRole("button", { name: "Export again" }).click();
  await expect(csvBox(page)).toContainText("300 rows saved, not truncated");
  expect(downloads).toBe(1);
});

test("leaving the page ends it", async ({ page }) => {
  // Nobody answers: only leaving ends it.
  await page.route(DOWNLOAD, () => {});
  await page.getByRole("link", { name: "API keys" }).click();
  await expect(page.getByRole("heading", { name: "API keys" })).toBeVisible();
  await page.getByRole("link", { name: "Calls" }).click();
  await expect(button(page, 0)).toBeVisible();
  await page.getByRole("button", { name: "Export CSV" }).click();
  const asked = page.waitForRequest(DOWNLOAD);
  await csvBox(page).getByRole("button", { name: "Export", exact: true }).click();
  await asked;
  const failed = page.waitForEvent("requestfailed", (request) => request.url().includes("/exports/download"));
  await page.goBack();
  await expect(page.getByRole("heading", { name: "API keys" })).toBeVisible();
  expect((await failed).failure()?.errorText).toContain("ERR_ABORTED");
});

test("a file that broke off is an error and is not saved", async ({ page, tolerate }) => {
  tolerate(/status of 503/);
  let downloads = 0;
  page.on("download", () => {
    downloads += 1;
  });
  await page.route(DOWNLOAD, async (route) => {
    const response = await route.fetch();
    const text = await response.text();
    const { "content-length": _, ...headers } = response.headers();
    await route.fulfill({ status: 200, headers, body: text.slice(0, text.length / 2) });
  });
  await page.getByRole("button", { name: "Export CSV" }).click();
  await csvBox(page).getByRole("button", { name: "Export", exact: true }).click();
  await expect(csvBox(page).getByRole("alert")).toContainText(/Only \d+ of 300 rows arrived/);
  await expectAccessible(page, "broken export");
  await page.unroute(DOWNLOAD);
  const problem = { title: "The log cannot be read", detail: "Wait.", request_id: "req_csv", status: 503 };
  await page.route(DOWNLOAD, (route) => route.fulfill({ status: 503, json: problem }));
  await csvBox(page).getByRole("button", { name: "Export again" }).click();
  await expect(csvBox(page).getByRole("alert")).toContainText("req_csv");
  expect(downloads).toBe(0);
});
