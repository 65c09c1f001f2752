import { readFile } from "node:fs/promises";
import { expect, type Page } from "@playwright/test";
import { button, callOf, enter, newRun, writeCalls } from "./calls-log";
import { expectAccessible, test } from "./demo";

const run = newRun();
const mine = `/logs/calls?caller=${run}`;
const DOWNLOAD = "**/v1/exports/download?*";

test.beforeAll(() => writeCalls(Array.from({ length: 300 }, (_, index) => callOf(run, index + 1))));
test.beforeEach(async ({ page }) => {
  await enter(page, mine);
  await expect(button(page, 0)).toBeVisible();
});

const box = (page: Page) => page.getByRole("dialog", { name: "Export CSV" });

test("says what is exported and how many before it starts, and that it was all of it afterwards", async ({ page }) => {
  await page.getByRole("button", { name: "Export CSV" }).click();
  await expect(box(page)).toContainText("Calls of Demo app");
  await expect(box(page)).toContainText(`Caller: ${run}`);
  await expect(box(page)).toContainText("300 rows");
  await expect(box(page)).toContainText("at most 100,000 rows");
  await expect(box(page).getByRole("button", { name: "Export", exact: true })).toBeFocused();
  await expectAccessible(page, "export");
  const waiting = page.waitForEvent("download");
  await page.keyboard.press("Enter");
  const download = await waiting;
  await expect(box(page)).toContainText("300 rows saved, not truncated");
  await expect(box(page)).toContainText(download.suggestedFilename());
  expect((await readFile(await download.path(), "utf8")).trim().split("\r\n")).toHaveLength(301);
  await expectAccessible(page, "exported");
});

test("says that it was truncated, by notice and by name", async ({ page }) => {
  // The real answer with the headers of a larger one: 100,001 rows take minutes to write. The server's part has its own test.
  await page.route(DOWNLOAD, async (route) => {
    const response = await route.fetch();
    const name = 'attachment; filename="affidavit-call-20261122T000000-truncated.csv"';
    await route.fulfill({
      response,
      headers: { ...response.headers(), "x-affidavit-truncated": "true", "content-disposition": name },
    });
  });
  await page.route("**/v1/events/histogram?*", (route) =>
    route.fulfill({
      json: { bucket_seconds: 60, buckets: [{ from: "", count: 123_456, by_outcome: {} }], exact: false },
    }),
  );
  await page.getByRole("button", { name: "Export CSV" }).click();
  await expect(box(page)).toContainText("About 123,456 rows (an estimate)");
  await expect(box(page)).toContainText("This search has more");
  const waiting = page.waitForEvent("download");
  await box(page).getByRole("button", { name: "Export", exact: true }).click();
  expect((await waiting).suggestedFilename()).toBe("affidavit-call-20261122T000000-truncated.csv");
  await expect(box(page).getByRole("status").filter({ hasText: "Truncated" })).toContainText(
    "the newest 300 rows were saved",
  );
  await expectAccessible(page, "truncated");
});

test("can be cancelled, and then saves nothing", async ({ page }) => {
  // Nobody answers: only cancelling ends it.
  await page.route(DOWNLOAD, () => {});
  let downloads = 0;
  page.on("download", () => {
    downloads += 1;
  });
  await page.getByRole("button", { name: "Export CSV" }).click();
  await box(page).getByRole("button", { name: "Export", exact: true }).click();
  await expect(box(page)).toContainText("Collecting the rows");
  await expectAccessible(page, "exporting");
  const failed = page.waitForEvent("requestfailed");
  await box(page).getByRole("button", { name: "Cancel" }).click();
  await failed;
  await expect(box(page)).toContainText("Cancelled. No file was saved.");
  await page.unroute(DOWNLOAD);
  await box(page).getByRole("button", { name: "Export again" }).click();
  await expect(box(page)).toContainText("300 rows saved, not truncated");
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
  await box(page).getByRole("button", { name: "Export", exact: true }).click();
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
  await box(page).getByRole("button", { name: "Export", exact: true }).click();
  await expect(box(page).getByRole("alert")).toContainText(/Only \d+ of 300 rows arrived/);
  await expectAccessible(page, "broken export");
  await page.unroute(DOWNLOAD);
  const problem = { title: "The log cannot be read", detail: "Wait.", request_id: "req_csv", status: 503 };
  await page.route(DOWNLOAD, (route) => route.fulfill({ status: 503, json: problem }));
  await box(page).getByRole("button", { name: "Export again" }).click();
  await expect(box(page).getByRole("alert")).toContainText("req_csv");
  expect(downloads).toBe(0);
});
