import { expect } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { test, untilAlive } from "./demo";
import {
  button,
  buttons,
  callOf,
  clipboard,
  enter,
  grid,
  json,
  minutesAgo,
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
const ROWS = 900;
/** In a window of 1,440 px. */
const PRINCIPAL_COLUMN = 6;
const LONG_URL = `https://api.example.com/search?q=${"word+".repeat(80)}end`;
const ARN = `arn:aws:iam::123456789012:role/service-role/${run}-runner-7`;
const LONG_REASON = `Because ${"of this and that ".repeat(30)}\u202eand so on`;

test.beforeAll(() =>
  writeRows([
    callOf(run, 1, { url: LONG_URL, reason: LONG_REASON, principal_user_id: `${run}-ada`, outcome: "provider_error" }),
    callOf(run, 2, { url: "https://example.com/\u001b[31m", reason: "a\u202eb\u0000c", principal_user_id: ARN }),
    callOf(run, 3, { principal_label: "Ada Lovelace", principal_user_id: ARN }),
    ...Array.from({ length: ROWS - 3 }, (_, index) => callOf(run, index + 4)),
  ]),
);
test.use({ permissions: ["clipboard-read", "clipboard-write"], viewport: { width: 1440, height: 900 } });
test.beforeEach(({ page }) => enter(page, mine));

test("rows come with the page, older ones while scrolling, each once, and few of them are in the page", async ({
  page,
}) => {
  const html = await (await page.request.get(mine)).text();
  expect(html).toContain(`${run}-calendar`);
  await expect(spoken(page, /^64 rows, more below$/)).toBeAttached();
  await expect(grid(page)).toHaveAttribute("aria-rowcount", "-1");
  const times = new Set<string>();
  let most = 0;
  await scrollToEnd(page, async () => {
    const seen = await grid(page)
      .locator("time")
      .evaluateAll((all) => all.map((one) => one.getAttribute("datetime") ?? ""));
    most = Math.max(most, seen.length);
    for (const time of seen) times.add(time);
  });
  expect(times.size).toBe(ROWS);
  expect(most).toBeLessThan(70);
  await expect(spoken(page, new RegExp(`^${ROWS} rows$`))).toBeAttached();
  await expect(grid(page)).toHaveAttribute("aria-rowcount", String(ROWS + 1));
  await expect(page.getByText(`All ${ROWS} matching rows of this window`)).toBeVisible();
  await expectAccessible(page, "end of the window");
  // The last row knows its place; the head is row 1.
  await expect(page.getByRole("row").last()).toHaveAttribute("aria-rowindex", String(ROWS + 1));
});

test("the next page is asked for a screen and a half before its rows are needed", async ({ page }) => {
  const asked: string[] = [];
  page.on("request", (request) => request.url().includes("/search?") && asked.push(request.url()));
  await page.reload();
  await expect(button(page, 0)).toBeVisible();
  await page.waitForLoadState("networkidle");
  // Two and a half screens came with the page.
  expect(asked).toEqual([]);
  await scroller(page).evaluate((element) => element.scrollTo(0, 700));
  await expect.poll(() => asked.length).toBe(1);
  const left = await scroller(page).evaluate((e) => (64 * 32 - e.scrollTop - e.clientHeight) / e.clientHeight);
  expect(left).toBeGreaterThan(0.9);
});

test("a row opens in place with its fields in groups and its JSON, and copies", async ({ page }) => {
  await row(page, 2).getByText("Success").click();
  await expect(button(page, 2)).toHaveAttribute("aria-expanded", "true");
  const open = row(page, 2);
  for (const name of ["What happened", "Request", "Caller and agent", "Messages", "Place in the log", "Raw JSON"]) {
    await expect(open.getByRole("heading", { name })).toBeVisible();
  }
  await expect(open.getByRole("definition").filter({ hasText: `${run}-calendar` })).toBeVisible();
  // One name for one thing: the head's own, and those of the API.
  await expect(page.getByRole("columnheader").first()).toHaveText("Occurred (UTC)");
  for (const name of ["Seq", "Occurred (UTC)", "Created (UTC)"]) {
    await expect(open.getByRole("term").filter({ hasText: name })).toHaveCount(1);
  }
  await open.getByRole("button", { name: "Copy JSON" }).click();
  await expect(open.getByRole("button", { name: "Copied" })).toBeVisible();
  const copied = JSON.parse(await clipboard(page));
  expect(copied).toMatchObject({ caller: run, latency_ms: 3, request_body: "body 3", receipt: { seq: copied.seq } });
  await row(page, 2).getByText("Success").first().click();
  await expect(button(page, 2)).toHaveAttribute("aria-expanded", "false");
});

test("what cannot be seen is shown as its escape", async ({ page }) => {
  await expect(row(page, 1)).toContainText("\\u001b[31m");
  await button(page, 1).click();
  await expect(json(page)).toContainText('"reason": "a\\u202eb\\u0000c"');
  await expect(row(page, 1).getByRole("definition").filter({ hasText: "a\\u202eb\\u0000c" })).toBeVisible();
});

test("a long URL and a long reason open whole, and copy as they were logged", async ({ page }) => {
  await row(page, 0)
    .getByRole("button", { name: /api.example.com/ })
    .click();
  const box = page.getByRole("dialog", { name: "URL" });
  await expect(box).toContainText(LONG_URL);
  await expect(button(page, 0)).toHaveAttribute("aria-expanded", "false");
  await expectAccessible(page, "long URL");
  await box.getByRole("button", { name: "Copy" }).click();
  await expect(box.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await clipboard(page)).toBe(LONG_URL);
  await page.keyboard.press("Escape");
  await expect(box).toBeHidden();

  await row(page, 0)
    .getByRole("button", { name: /^Because/ })
    .click();
  const reason = page.getByRole("dialog", { name: "Reason" });
  await expect(reason).toContainText("\\u202eand so on");
  await reason.getByRole("button", { name: "Copy" }).click();
  await expect(reason.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await clipboard(page)).toBe(LONG_REASON);
  await reason.getByRole("button", { name: "Close" }).click();

  // The same from the open row, by keys.
  await button(page, 0).focus();
  await page.keyboard.press("ArrowRight");
  const show = row(page, 0).getByRole("button", { name: /Show all .* of Reason/ });
  await show.focus();
  await page.keyboard.press("Enter");
  await expect(reason).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(show).toBeFocused();
});

test("a principal is shown by its label, or by the end of its id, and whole on hover", async ({ page }) => {
  const cellOf = (index: number) => row(page, index).getByRole("gridcell").nth(PRINCIPAL_COLUMN);
  await expect(page.getByRole("columnheader").nth(PRINCIPAL_COLUMN)).toHaveText("Principal");
  await expect(cellOf(1)).toHaveText(ARN);
  await expect(cellOf(1).getByTitle(ARN)).toBeVisible();
  // Cut at its beginning: its end lies in the cell.
  const seen = await cellOf(1).evaluate((cell) => {
    const text = document.createNodeIterator(cell, NodeFilter.SHOW_TEXT).nextNode() as Text;
    const [end, box] = [document.createRange(), cell.getBoundingClientRect()];
    end.setStart(text, text.length - "-runner-7".length);
    end.setEnd(text, text.length);
    const { left, right } = end.getBoundingClientRect();
    return { begins: left >= box.left, ends: right <= box.right + 1, isCut: text.length * 5 > box.width };
  });
  expect(seen).toEqual({ begins: true, ends: true, isCut: true });
  await expect(cellOf(2)).toHaveText("Ada Lovelace");
  await expect(cellOf(2).getByTitle(ARN)).toBeVisible();
  await button(page, 1).click();
  await expect(row(page, 1).getByRole("definition").filter({ hasText: ARN })).toBeVisible();
});

test("from a row to those of the same principal and around the same time, and back", async ({ page }) => {
  await button(page, 0).click();
  await page.getByRole("link", { name: "Same principal" }).click();
  await expect(page).toHaveURL(`/logs/calls?principal_user_id=${run}-ada`);
  await expect(buttons(page)).toHaveCount(1);
  await page.goBack();
  await expect(page).toHaveURL(mine);
  // Back finds the row still open.
  await expect(button(page, 0)).toHaveAttribute("aria-expanded", "true");
  await page.getByRole("link", { name: /^Around this time/ }).click();
  await expect(page).toHaveURL(/\/logs\/calls\?from=.*&to=/);
  await expect(page.getByRole("button", { name: "Time window: Custom window" })).toBeVisible();
  await page.goBack();
  await page.getByRole("link", { name: "Only this row" }).click();
  await expect(buttons(page)).toHaveCount(1);
});

test("Back restores rows, filter, open rows and scroll, from another view and from another page", async ({ page }) => {
  const top = () => scroller(page).evaluate((element) => element.scrollTop);
  await scrollDownTo(page, 9_000);
  await button(page, 285).click();
  await expect(json(page)).toBeVisible();
  const [before, told] = [await top(), await page.getByText(/as of/).textContent()];

  await page.getByRole("button", { name: /^Filter/ }).click();
  await page.getByRole("dialog").getByLabel("Provider ID").fill(`${run}-mail`);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/provider_id=/);
  await expect.poll(top).toBe(0);
  await page.goBack();
  await expect(page).toHaveURL(mine);
  await expect.poll(top).toBe(before);
  await expect(button(page, 285)).toHaveAttribute("aria-expanded", "true");
  await expect(page.getByText(/as of/)).toHaveText(told ?? "");

  await page.getByRole("link", { name: "API keys" }).click();
  await expect(page.getByRole("heading", { name: "API keys" })).toBeVisible();
  await page.goBack();
  await expect(button(page, 285)).toHaveAttribute("aria-expanded", "true");
  await expect.poll(top).toBe(before);
  await expect(page.getByText(/as of/)).toHaveText(told ?? "");
});

test("the window is a preset or two times, and Back undoes it", async ({ page }) => {
  const picker = page.getByRole("button", { name: /^Time window/ });
  await picker.click();
  await expectAccessible(page, "window picker");
  await page.getByRole("button", { name: "Last hour" }).click();
  await expect(page).toHaveURL(/window=1h/);
  await expect(spoken(page, /^(5\d|6[0-2]) rows/)).toBeAttached();
  await picker.click();
  const [from, to] = [minutesAgo(100.5), minutesAgo(90.5)];
  await page.getByLabel("From (UTC)").fill(from.slice(0, 19).replace("T", " "));
  await page.getByLabel("To (UTC), exclusive").fill(to);
  await page.getByRole("button", { name: "Show this window" }).click();
  await expect(buttons(page)).toHaveCount(10);
  await page.goBack();
  await expect(page).toHaveURL(/window=1h/);
  await expect(spoken(page, /^(5\d|6[0-2]) rows/)).toBeAttached();
  await page.goForward();
  await expect(buttons(page)).toHaveCount(10);
  await page.reload();
  await untilAlive(page);
  await expect(buttons(page)).toHaveCount(10);
  await picker.click();
  await page.getByRole("button", { name: "Yesterday (UTC)" }).click();
  await expect(page).toHaveURL(/window=yesterday/);
  await expect(page.getByText(/, 00:00:00 .* 00:00:00 UTC/)).toBeVisible();
});

test("a copied link shows the same rows whenever it is opened", async ({ page }) => {
  await page.getByRole("button", { name: "Copy a link to these rows" }).click();
  await expect(page.getByText(/^Link copied/)).toBeVisible();
  const link = new URL(await clipboard(page));
  expect([...link.searchParams.keys()].sort()).toEqual(["app", "caller", "from", "to"]);
  await page.goto(link.href);
  await expect(spoken(page, /^64 rows/)).toBeAttached();
  await writeRows([callOf(run, 0, { occurred_at: new Date(Date.now() + 1_000).toISOString(), latency_ms: 0 })]);
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect(page.locator("[role=grid][aria-busy=false]")).toBeVisible();
  await expect(row(page, 0)).toContainText("1 ms");
});
