import { randomUUID } from "node:crypto";
import { type Download, expect, type Page } from "@playwright/test";
import { demoCredentials, postEvents } from "./demo";
import { signInTo } from "./journey";

/** What the tests of the log pages have in common: rows that only one file wrote, and where things are on a page. */
export const newRun = () => `e2e-${randomUUID().slice(0, 8)}`;
export const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const BATCH = 1_000;

export async function writeRows(rows: readonly object[]): Promise<void> {
  const { url, api_key } = demoCredentials();
  for (let at = 0; at < rows.length; at += BATCH) await postEvents(url, api_key, rows.slice(at, at + BATCH));
}

/** A call of this run, so many minutes old; every fifth one was denied. */
export const callOf = (run: string, index: number, extra: object = {}) => ({
  kind: "call",
  provider_id: index % 5 === 0 ? `${run}-mail` : `${run}-calendar`,
  caller: run,
  method: "GET",
  url: `https://api.example.com/items/${index}?token=secret`,
  response_status: 200,
  latency_ms: index,
  outcome: index % 5 === 0 ? "policy_denial" : "success",
  request_body: `body ${index}`,
  occurred_at: minutesAgo(index),
  ...extra,
});

export async function enter(page: Page, address: string): Promise<void> {
  await page.goto(`/sign-in?next=${encodeURIComponent(address)}`);
  await signInTo(page, demoCredentials());
  await expect(page).toHaveURL(address);
}

export const grid = (page: Page) => page.getByRole("grid");
/** What the rows scroll in; by the grid's name, which is the page's. */
export const scroller = (page: Page) => page.locator("section", { has: grid(page) });
/** The buttons that open rows, those in the page. */
export const buttons = (page: Page) => page.locator("[data-row-button]");
export const button = (page: Page, index: number) => page.locator(`[data-row-button="${index}"]`);
export const row = (page: Page, index: number) =>
  page.getByRole("row").filter({ has: page.locator(`[data-row-button="${index}"]`) });
/** What screen readers are told of the search's result. */
export const spoken = (page: Page, text: RegExp) => page.getByRole("status").filter({ hasText: text });
export const json = (page: Page) => page.getByRole("region", { name: "The row as JSON" });

export const csvBox = (page: Page) => page.getByRole("dialog", { name: "Export CSV" });

/** Exports from the box, once it is open and says all this of what it will save. */
export async function saveCsv(page: Page, says: readonly string[]): Promise<Download> {
  for (const text of says) await expect(csvBox(page)).toContainText(text);
  const waiting = page.waitForEvent("download");
  await csvBox(page).getByRole("button", { name: "Export", exact: true }).click();
  return waiting;
}

/** Scrolls to the end of the window, however many pages that takes; calls back at every stop. */
export async function scrollToEnd(page: Page, atStop: () => Promise<void> = async () => {}): Promise<void> {
  const step = () =>
    scroller(page).evaluate((element) => {
      element.scrollBy(0, element.clientHeight * 0.8);
      return element.scrollTop + element.clientHeight >= element.scrollHeight - 1;
    });
  await expect
    .poll(
      async () => {
        const atBottom = await step();
        await atStop();
        return atBottom && (await page.getByText(/^End of the window/).isVisible());
      },
      { timeout: 90_000, intervals: [30] },
    )
    .toBe(true);
}

/** Scrolls down to a height, px, as far as rows are read on the way. */
export async function scrollDownTo(page: Page, px: number): Promise<void> {
  const step = () =>
    scroller(page).evaluate((element, to) => {
      element.scrollTo(0, to);
      return element.scrollTop;
    }, px);
  await expect.poll(step, { timeout: 30_000, intervals: [50] }).toBe(px);
}

/** Nothing lies beyond the right edge of the window. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
}

export async function clipboard(page: Page): Promise<string> {
  return page.evaluate(() => navigator.clipboard.readText());
}
