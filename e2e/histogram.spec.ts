import { expect, type Page, type Route } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { test } from "./demo";
import { expectFits } from "./journey";
import { buttons, callOf, enter, newRun, writeRows } from "./log-page";

const run = newRun();
const HOUR_MS = 3_600_000;
/** A whole hour some hours ago: bars of a window around it begin where it does. */
const hour = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 6 * HOUR_MS;
const at = (minutes: number) => new Date(hour + minutes * 60_000).toISOString();
const mine = `/logs/calls?from=${at(0)}&to=${at(60)}&caller=${run}`;
const HISTOGRAM = "**/v1/events/histogram?*";

/** In the hour: minute 10 has 3 successes and a denial, minute 11 a success, minute 40 two errors. */
const ROWS = [
  ...[0, 1, 2].map((second) => ({ outcome: "success", occurred_at: at(10 + second / 60) })),
  { outcome: "policy_denial", occurred_at: at(10.5) },
  { outcome: "success", occurred_at: at(11) },
  { outcome: "provider_error", occurred_at: at(40) },
  { outcome: "network_error", occurred_at: at(40.1) },
];
test.beforeAll(() => writeRows(ROWS.map((row, index) => callOf(run, index, row))));
test.use({ viewport: { width: 1440, height: 900 } });

const chart = (page: Page) => page.getByRole("figure", { name: "Calls over time" });
const bars = (page: Page) => page.getByRole("slider", { name: "Calls over time" });
const day = () => {
  const [, date, month, year] = new Date(hour).toUTCString().replace(",", "").split(" ").map(String);
  return { month, date, year };
};
const clock = (minutes: number) => at(minutes).slice(11, 16);

/** The middle of the bar of a minute, of an hour with one bar a minute. */
async function placeOf(page: Page, minute: number): Promise<{ x: number; y: number }> {
  const box = await bars(page).boundingBox();
  if (!box) throw new Error("There are no bars.");
  return { x: box.x + ((minute + 0.5) / 60) * box.width, y: box.y + box.height / 2 };
}

async function pointAt(page: Page, minute: number): Promise<void> {
  const { x, y } = await placeOf(page, minute);
  await page.mouse.move(x, y);
}

test("counts what was written, and says the bar that is pointed at", async ({ page }) => {
  await enter(page, mine);
  await expect(chart(page)).toContainText("7 matching rows");
  await expect(chart(page).getByRole("list", { name: "By outcome" }).getByRole("listitem")).toHaveText([
    "1 Network error",
    "1 Provider error",
    "1 Policy denial",
    "4 Success",
  ]);
  await expect(chart(page)).toContainText("One bar is 1 minute");
  await pointAt(page, 10);
  await expect(chart(page)).toContainText(`${clock(10)} to ${clock(11)} UTC`);
  await expect(chart(page)).toContainText("4 matching rows");
  await expect(chart(page).getByRole("listitem")).toHaveText(["1 Policy denial", "3 Success"]);
  await pointAt(page, 30);
  await expect(chart(page)).toContainText("No rows");
  await page.mouse.move(0, 0);
  await expect(chart(page)).toContainText("7 matching rows");
  await expectAccessible(page, "chart");
});

test("dragging over bars shows only their time, Back returns", async ({ page }) => {
  await enter(page, mine);
  await expect(buttons(page)).toHaveCount(7);
  await pointAt(page, 9);
  await page.mouse.down();
  await pointAt(page, 12);
  await expect(chart(page)).toContainText(`${clock(9)} to ${clock(13)} UTC`);
  await page.mouse.up();
  await expect(page).toHaveURL(new RegExp(`from=${encodeURIComponent(at(9))}&to=${encodeURIComponent(at(13))}`));
  await expect(buttons(page)).toHaveCount(5);
  await expect(chart(page)).toContainText("5 matching rows");
  await page.goBack();
  await expect(buttons(page)).toHaveCount(7);
  await expect(chart(page)).toContainText("7 matching rows");
  const { x, y } = await placeOf(page, 40);
  await page.mouse.click(x, y);
  await expect(page).toHaveURL(new RegExp(`from=${encodeURIComponent(at(40))}&to=${encodeURIComponent(at(41))}`));
  await expect(buttons(page)).toHaveCount(2);
  // The only bar is the window: there is nothing to go into.
  await bars(page).click();
  await expect(page.getByText("That is the whole window")).toBeVisible();
});

test("by keyboard: one tab stop, arrows, Shift takes more, Enter goes in and keeps the focus", async ({ page }) => {
  await enter(page, mine);
  await expect(chart(page)).toContainText("7 matching rows");
  await page.getByRole("button", { name: "Chart" }).focus();
  await page.keyboard.press("Tab");
  await expect(bars(page)).toBeFocused();
  const { date, month, year } = day();
  const said = (text: string) => expect(bars(page)).toHaveAttribute("aria-valuetext", text);
  await page.keyboard.press("Home");
  for (let minute = 0; minute < 10; minute += 1) await page.keyboard.press("ArrowRight");
  const when = `${Number(date)} ${month} ${year}, ${clock(10)} to`;
  await said(`${when} ${clock(11)} UTC, 4 matching rows: 1 Policy denial, 3 Success`);
  await page.keyboard.press("Shift+ArrowRight");
  await said(`${when} ${clock(12)} UTC, 5 matching rows: 1 Policy denial, 4 Success`);
  await expectAccessible(page, "bars chosen by keyboard");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`from=${encodeURIComponent(at(10))}&to=${encodeURIComponent(at(12))}`));
  await expect(buttons(page)).toHaveCount(5);
  await expect(bars(page)).toHaveAttribute("aria-valuemax", "2");
  await expect(bars(page)).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await expect(bars(page)).toHaveAttribute("aria-valuenow", "2");
  await page.keyboard.press("Tab");
  await expect(page.locator("[data-row-button]:focus")).toHaveCount(1);
});

test("one question a search, of the same query as the rows", async ({ page }) => {
  const asked: URL[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/v1/events/histogram?")) asked.push(new URL(request.url()));
  });
  await enter(page, `${mine}&q=-outcome%3Asuccess`);
  await expect(chart(page)).toContainText("3 matching rows");
  expect(asked.map(({ searchParams }) => [searchParams.get("caller"), searchParams.get("q")])).toEqual([
    [run, "-outcome:success"],
  ]);
});

test("waits for the rows, and takes no place from them", async ({ page }) => {
  await enter(page, mine);
  await expect(chart(page)).toContainText("7 matching rows");
  const before = await chart(page).boundingBox();
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.route("**/v1/events/search?*", async (route) => {
    await held;
    await route.continue();
  });
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect(chart(page)).toContainText("Counting");
  expect(asked.filter((url) => url.includes("/histogram?"))).toEqual([]);
  expect(await chart(page).boundingBox()).toEqual(before);
  answer();
  await expect(chart(page)).toContainText("7 matching rows");
  await page.goto(`${mine}&provider_id=nobody`);
  await expect(chart(page)).toContainText("No rows in this window");
  expect(await chart(page).boundingBox()).toMatchObject({ height: before?.height });
});

test("counts that cannot be read are no empty chart, and are asked for again", async ({ page, tolerate }) => {
  tolerate(/status of 500/);
  const broken = (route: Route) => route.fulfill({ status: 500, json: { detail: "no" } });
  await page.route(HISTOGRAM, broken);
  await enter(page, mine);
  await expect(buttons(page)).toHaveCount(7);
  await expect(chart(page).getByRole("status")).toContainText("The counts over time could not be read.");
  await expectAccessible(page, "chart failed");
  await page.unroute(HISTOGRAM, broken);
  await chart(page).getByRole("button", { name: "Try again" }).click();
  await expect(chart(page)).toContainText("7 matching rows");
});

test("estimates say so", async ({ page }) => {
  await page.route(HISTOGRAM, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), exact: false } });
  });
  await enter(page, mine);
  await expect(chart(page)).toContainText("about 7 matching rows");
});

test("folded away it asks nothing, and stays so", async ({ page }) => {
  await enter(page, mine);
  await expect(chart(page)).toContainText("7 matching rows");
  const toggle = page.getByRole("button", { name: "Chart" });
  await toggle.click();
  await expect(toggle).toHaveAttribute("aria-expanded", "false");
  await expect(bars(page)).toHaveCount(0);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.reload();
  await expect(toggle).toHaveAttribute("aria-expanded", "false");
  await expect(buttons(page)).toHaveCount(7);
  await expectAccessible(page, "chart folded away");
  expect(asked.filter((url) => url.includes("/histogram?"))).toEqual([]);
  await toggle.click();
  await expect(chart(page)).toContainText("7 matching rows");
});

test("fits a phone, in words too", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await enter(page, mine);
  await expect(chart(page)).toContainText("7 matching rows");
  await expect(chart(page).getByText("1 Policy denial")).toBeVisible();
  await expectFits(page);
  await expectAccessible(page, "chart on a phone");
});

for (const [address, title] of [
  ["/logs/query", "Query log"],
  ["/logs/custom", "Custom"],
  ["/logs/system", "System audit"],
] as const) {
  test(`stands on the page ${title}, too`, async ({ page }) => {
    await enter(page, address);
    await expect(page.getByRole("figure", { name: `${title} over time` })).toContainText(/One bar is|No rows/);
  });
}
