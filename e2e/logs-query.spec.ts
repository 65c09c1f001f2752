import { expect, type Page } from "@playwright/test";
import { canaryIn, canaryQuery } from "../lib/testing/canaries";
import { expectAccessible } from "./accessible";
import { demoCredentials, test } from "./demo";
import {
  button,
  buttons,
  clipboard,
  enter,
  expectNoSidewaysScroll,
  grid,
  json,
  minutesAgo,
  newRun,
  row,
  saveCsv,
  scroller,
  spoken,
  writeRows,
} from "./log-page";
import { DAY, queryOf } from "./query-rows";

const run = newRun();
const mine = `/logs/query?role=${run}`;
const LONG = `select ${Array.from({ length: 400 }, (_, index) => `column_${index}`).join(", ")} from customers where email = 'ana@example.com'`;

test.beforeAll(() =>
  writeRows([
    queryOf(run, 1),
    queryOf(run, 2, { query_text: LONG }),
    queryOf(run, 3, { username: `${run}-ben`, execution_status: "error", error_code: "42P01" }),
    queryOf(run, 4, { query_text: "select 'never ended", decision: "denied" }),
    queryOf(run, 5),
    queryOf(run, 2 * DAY),
  ]),
);
test.use({ permissions: ["clipboard-read", "clipboard-write"], viewport: { width: 1440, height: 900 } });
test.beforeEach(({ page }) => enter(page, mine));

const panel = (page: Page) => page.getByRole("dialog", { name: "Filter" });

test("shows the last 24 hours, with the columns of a query", async ({ page }) => {
  await expect(page.getByRole("button", { name: "Time window: Last 24 hours" })).toBeVisible();
  await expect(buttons(page)).toHaveCount(5);
  await expect(page.getByRole("columnheader")).toHaveText([
    "Completion Time (UTC)",
    "Username",
    "Role",
    "Query Text",
    "Query ID",
    "Rows Accessed",
    "Objects",
    "Tags",
    "Decision",
  ]);
  const first = row(page, 0);
  for (const text of [
    `${run}-ana`,
    run,
    "select name",
    "1,234",
    "customers (name, email)",
    "PII: email",
    "masked",
    "1 policy",
  ]) {
    await expect(first).toContainText(text);
  }
  await expect(row(page, 2).getByTitle("Error")).toBeVisible();
  await expect(row(page, 3)).toContainText("denied");
  await expect(page.getByText("Near-real time: seconds to a minute after completion")).toBeVisible();
  const widths = await page.getByRole("columnheader").evaluateAll((heads) => heads.map((head) => head.clientWidth));
  expect(Math.max(...widths), widths.join()).toBe(widths[3]);
  const navigation = page.getByRole("navigation", { name: "Main" });
  await expect(navigation.getByRole("link", { name: "Query log" })).toHaveAttribute("aria-current", "page");
  await expectAccessible(page, "queries");
});

test("Refresh brings a query that was complete meanwhile", async ({ page }) => {
  await expect(buttons(page)).toHaveCount(5);
  const late = newRun();
  await page.goto(`/logs/query?role=${late}`);
  await expect(page.getByRole("heading", { name: "No queries match in this window" })).toBeVisible();
  await expectAccessible(page, "no queries");
  await writeRows([queryOf(late, 0)]);
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect(buttons(page)).toHaveCount(1);
});

test("Query Text and Query ID open whole, and copy", async ({ page }) => {
  await row(page, 0)
    .getByRole("button", { name: /^select name/ })
    .click();
  const box = page.getByRole("dialog", { name: "Query Text" });
  const text = box.locator("pre");
  await expect(text).toContainText("from customers\nwhere id =");
  await expect(text).toContainText("'literal_string'");
  await expect(text).not.toContainText("Basel");
  await expectAccessible(page, "query text");
  await box.getByRole("button", { name: "Copy" }).click();
  await expect(box.getByRole("button", { name: "Copied" })).toBeVisible();
  // As it was logged: in one line.
  expect(await clipboard(page)).toMatch(
    /^select name, email from customers where id = \d and city = 'literal_string' order by name$/,
  );
  await page.keyboard.press("Escape");

  await row(page, 0)
    .getByRole("button", { name: `${run}-1` })
    .click();
  const id = page.getByRole("dialog", { name: "Query ID" });
  await id.getByRole("button", { name: "Copy" }).click();
  await expect(id.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await clipboard(page)).toBe(`${run}-1`);
});

test("Query Text and Query ID lead to the query in its data source, where that has an address", async ({ page }) => {
  const { url, api_key, app_id } = demoCredentials();
  const connected = await fetch(`${url}/v1/data-sources`, {
    method: "POST",
    headers: { authorization: `Bearer ${api_key}`, "content-type": "application/json" },
    body: JSON.stringify({
      name: run,
      app_id,
      type: "snowflake",
      query_link: "https://app.example/{query_id}/profile",
    }),
  });
  expect(connected.status, await connected.clone().text()).toBe(201);
  const { id } = (await connected.json()) as { id: string };
  const linked = newRun();
  await writeRows([queryOf(linked, 1, { data_source_id: id, data_source_type: "snowflake" }), queryOf(linked, 2)]);
  await page.goto(`/logs/query?role=${linked}`);
  await row(page, 0)
    .getByRole("button", { name: `${linked}-1` })
    .click();
  const link = page.getByRole("dialog").getByRole("link", { name: "Find in the data source" });
  await expect(link).toHaveAttribute("href", `https://app.example/${linked}-1/profile`);
  await expectAccessible(page, "query id with a link");
  await page.keyboard.press("Escape");
  await row(page, 1)
    .getByRole("button", { name: /^select name/ })
    .click();
  await expect(page.getByRole("dialog", { name: "Query Text" })).toBeVisible();
  await expect(link).toHaveCount(0);
  await page.keyboard.press("Escape");
  // The open row has the data source by its name, and by its id.
  await button(page, 0).click();
  await expect(row(page, 0).getByRole("definition").filter({ hasText: id })).toContainText(run);
});

test("a text that the list cuts is asked for whole", async ({ page }) => {
  const asked: string[] = [];
  page.on("request", (request) => /\/v1\/events\/[0-9a-f-]{36}/.test(request.url()) && asked.push(request.url()));
  await row(page, 1)
    .getByRole("button", { name: /^select column_0/ })
    .click();
  const box = page.getByRole("dialog", { name: "Query Text" });
  await expect(box.locator("pre")).toContainText("column_399\nfrom customers");
  expect(asked).toHaveLength(1);
  await box.getByRole("button", { name: "Copy" }).click();
  await expect(box.getByRole("button", { name: "Copied" })).toBeVisible();
  expect((await clipboard(page)).length).toBeGreaterThan(4_000);
});

test("an open row says what was touched, how much, by which policies, and how it was redacted", async ({ page }) => {
  await button(page, 0).click();
  const open = row(page, 0);
  await expect(json(page)).toBeVisible();
  const heads = ["How much was accessed", "Objects and columns", "Policies applied", "Tags", "Statement", "Raw JSON"];
  for (const name of heads) await expect(open.getByRole("heading", { name })).toBeVisible();
  await expect(open.getByRole("group", { name: "Objects accessed" }).getByRole("row")).toHaveText([
    "DatabaseSchemaTableColumn",
    "shoppubliccustomersname",
    "shoppubliccustomersemail",
  ]);
  await expect(open.getByRole("group", { name: "Policies applied" })).toContainText("analysts see no e-mail");
  await expect(open.getByRole("group", { name: "Tags accessed" })).toContainText("role analyst");
  for (const value of ["1,234", "56,789"])
    await expect(open.getByRole("definition").filter({ hasText: value })).toBeVisible();
  await expect(open.getByText("Strings, numbers and comments were replaced")).toBeVisible();
  await expectAccessible(page, "open query");
  await open.getByRole("button", { name: "Hide JSON" }).click();
  await expect(json(page)).toHaveCount(0);
  await open.getByRole("button", { name: "Show JSON" }).click();
  await expect(json(page)).toContainText('"literal_string"'.replaceAll('"', "'"));
  await open.getByRole("button", { name: "Copy JSON" }).click();
  await expect(open.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(JSON.parse(await clipboard(page))).toMatchObject({ query_id: `${run}-1`, redaction: { verdict: "full" } });

  await button(page, 3).click();
  await expect(row(page, 3).getByText("(failed closed)")).toBeVisible();
});

test("nothing that the browser is sent holds a value of a statement", async ({ page }) => {
  const secret = newRun();
  const rows = Array.from({ length: 9 }, (_, n) => ({ ...canaryQuery(n), role: secret, completed_at: minutesAgo(n) }));
  await writeRows(rows);
  const bodies: Promise<string>[] = [];
  // A redirect has no body, and what a page asked for before it was left has none that can be read.
  page.on("response", (response) => bodies.push(response.text().catch(() => "")));
  await page.goto(`/logs/query?role=${secret}`);
  await expect(buttons(page)).toHaveCount(rows.length);
  await row(page, 0)
    .getByRole("button", { name: /^select/ })
    .click();
  await expect(page.getByRole("dialog", { name: "Query Text" }).locator("pre")).toContainText("'literal_string'");
  await page.keyboard.press("Escape");
  await button(page, 0).click();
  await expect(json(page)).toContainText("row filter a = 'literal_string'");
  await button(page, 1).click();
  await expect(row(page, 1).getByRole("heading", { name: "Policies applied" })).toBeVisible();
  const read = await Promise.all(bodies);
  // Of the page, of the list and of the open row.
  expect(read.filter((body) => body.includes(secret)).length).toBeGreaterThanOrEqual(2);
  expect(read.filter((body) => body.includes("row filter a = 'literal_string'")).length).toBeGreaterThanOrEqual(1);
  expect(read.map(canaryIn).filter((found) => found !== undefined)).toEqual([]);
  expect(canaryIn(await page.content())).toBeUndefined();
});

test("a row opened near the bottom is scrolled into view, one above stays where it is", async ({ page }) => {
  const top = () => scroller(page).evaluate((element) => element.scrollTop);
  await page.setViewportSize({ width: 1440, height: 600 });
  await button(page, 0).click();
  await expect(json(page)).toBeVisible();
  expect(await top()).toBe(0);
  await button(page, 0).click();
  await button(page, 4).click();
  await expect(json(page)).toBeInViewport();
  await expect(button(page, 4)).toBeInViewport();
  await expect.poll(top).toBeGreaterThan(0);
});

test("the whole page by keyboard alone", async ({ page }) => {
  const key = (name: string) => page.keyboard.press(name);
  await expect(button(page, 0)).toBeVisible();
  await key("j");
  await key("ArrowDown");
  await expect(button(page, 1)).toBeFocused();
  await key("ArrowRight");
  await expect(json(page)).toBeVisible();
  // To the text that the row shows by its beginning.
  const whole = row(page, 1).getByRole("button", { name: /^Show all .* of Query text/ });
  await expect(async () => {
    await key("Tab");
    await expect(whole).toBeFocused({ timeout: 100 });
  }).toPass();
  await key("Enter");
  const box = page.getByRole("dialog", { name: "Query text" });
  await expect(box).toBeVisible();
  await key("Escape");
  await expect(whole).toBeFocused();
  await key("Escape");
  await expect(button(page, 1)).toBeFocused();
  await key("f");
  await expect(panel(page).getByLabel("Username")).toBeFocused();
  await page.keyboard.type(`${run}-ben`);
  await key("Enter");
  await expect(spoken(page, /^1 row$/)).toBeAttached();
});

test("a CSV says that it holds queries", async ({ page }) => {
  await page.getByRole("button", { name: "Export CSV" }).click();
  const download = await saveCsv(page, ["Queries of Demo app", "5 rows", `Role: ${run}`]);
  expect(download.suggestedFilename()).toMatch(/^affidavit-query-.*\.csv$/);
});

test("fits a phone", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(button(page, 0)).toBeVisible();
  await expectNoSidewaysScroll(page);
  const title = await page.getByRole("heading", { name: "Query log", exact: true }).boundingBox();
  expect(title?.height).toBeGreaterThan(12);
  await expect(row(page, 0)).toContainText("masked");
  await expectAccessible(page, "queries on a phone");
  await button(page, 0).click();
  await expect(json(page)).toBeVisible();
  await expectNoSidewaysScroll(page);
  await page.getByRole("button", { name: /^Filter/ }).click();
  await expect(panel(page)).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectAccessible(page, "filter of queries on a phone");
  await page.keyboard.press("Escape");
  await expect(grid(page)).toBeVisible();
});
