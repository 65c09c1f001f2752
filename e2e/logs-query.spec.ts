import { expect, type Page } from "@playwright/test";
import { expectAccessible, test } from "./demo";
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
  spoken,
  writeRows,
} from "./log-page";

const run = newRun();
const mine = `/logs/query?role=${run}`;
const HOUR = 60;
const DAY = 24 * HOUR;
const SOURCE = "8a1f0c22-9d7c-4f53-9b1e-0c6f3a7b1d10";
const LONG = `select ${Array.from({ length: 400 }, (_, index) => `column_${index}`).join(", ")} from customers where email = 'ana@example.com'`;

const queryOf = (minutes: number, extra: object = {}) => ({
  kind: "query",
  username: `${run}-ana`,
  role: run,
  query_text: "select name, email from customers where id = 7 and city = 'Basel' order by name",
  query_id: `${run}-${minutes}`,
  rows_accessed: 1_234,
  bytes_accessed: 56_789,
  execution_status: "success",
  decision: "masked",
  completed_at: minutesAgo(minutes),
  data_source_type: "postgres",
  data_source_id: SOURCE,
  objects_accessed: [
    { database: "shop", schema: "public", table: "customers", column: "name" },
    { database: "shop", schema: "public", table: "customers", column: "email" },
  ],
  tags_accessed: [{ key: "PII", value: "email", decision: "masked", rationale: "role analyst" }],
  policies_applied: [{ policy_id: "pol_7", name: "Mask e-mail", decision: "masked", reason: "analysts see no e-mail" }],
  ...extra,
});

test.beforeAll(() =>
  writeRows([
    queryOf(1),
    queryOf(2, { query_text: LONG }),
    queryOf(3, { username: `${run}-ben`, execution_status: "error", error_code: "42P01" }),
    queryOf(4, { query_text: "select 'never ended", decision: "denied" }),
    queryOf(5, {
      tags_accessed: [
        { key: "PII", value: "name" },
        { key: "GDPR", value: "email" },
      ],
    }),
    queryOf(2 * DAY),
    queryOf(6 * DAY),
    queryOf(9 * DAY),
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
  await expect(row(page, 2)).toContainText("Error");
  await expect(row(page, 3)).toContainText("denied");
  await expect(page.getByText("Near-real time: seconds to a minute after completion")).toBeVisible();
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
  await writeRows([queryOf(0, { role: late })]);
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect(buttons(page)).toHaveCount(1);
});

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
  await expect(open.getByRole("region", { name: "Objects accessed" }).getByRole("row")).toHaveText([
    "DatabaseSchemaTableColumn",
    "shoppubliccustomersname",
    "shoppubliccustomersemail",
  ]);
  await expect(open.getByRole("region", { name: "Policies applied" })).toContainText("analysts see no e-mail");
  await expect(open.getByRole("region", { name: "Tags accessed" })).toContainText("role analyst");
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
  const box = page.getByRole("dialog", { name: "Export CSV" });
  await expect(box).toContainText("Queries of Demo app");
  await expect(box).toContainText("5 rows");
  await expect(box).toContainText(`Role: ${run}`);
  const waiting = page.waitForEvent("download");
  await box.getByRole("button", { name: "Export", exact: true }).click();
  expect((await waiting).suggestedFilename()).toMatch(/^affidavit-query-.*\.csv$/);
});

test("fits a phone", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(button(page, 0)).toBeVisible();
  await expectNoSidewaysScroll(page);
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
