import { expect, type Page, type Route } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { test } from "./demo";
import { button, buttons, callOf, enter, grid, newRun, row, scroller, spoken, writeRows } from "./log-page";

const run = newRun();
const old = newRun();
const mine = `/logs/calls?caller=${run}`;
const HOUR_MINUTES = 60;
const SEARCH = "**/v1/events/search?*";

test.beforeAll(() =>
  writeRows([
    ...Array.from({ length: 600 }, (_, index) => callOf(run, index + 1)),
    // Rows that were imported: the newest is three days old.
    ...Array.from({ length: 5 }, (_, index) => callOf(old, (3 * 24 + 5) * HOUR_MINUTES + 12 + index)),
  ]),
);
test.beforeEach(({ page }) => enter(page, mine));

const PROBLEM = {
  title: "Something went wrong on our side",
  detail: "Report it.",
  request_id: "req_e2e",
  status: 500,
};
const broken = (route: Route) => route.fulfill({ status: 500, json: PROBLEM, contentType: "application/problem+json" });
/** Answers of the search wait until the returned function is called. */
async function hold(page: Page): Promise<() => void> {
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route(SEARCH, async (route) => {
    await held;
    await route.continue();
  });
  return answer;
}

test("an empty window says where the rows are, and leads there", async ({ page }) => {
  const searched: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/v1/events/search?")) searched.push(request.url());
  });
  await page.goto(`/logs/calls?caller=${old}`);
  await expect(page.getByRole("heading", { name: "No calls match in this window" })).toBeVisible();
  await expect(page.getByText("The nearest row before it is 2 d 5 h earlier")).toBeVisible();
  // Each search is told in the system log as a view: those that nobody asked for would be false.
  expect(searched).toEqual([]);
  await expectAccessible(page, "empty");
  await page.getByRole("button", { name: "Go to that row" }).click();
  await expect(page).toHaveURL(/from=.*&to=.*caller=/);
  await expect(buttons(page)).toHaveCount(5);
  await page.goBack();
  await page.getByRole("button", { name: "Widen to 7 days" }).click();
  await expect(page).toHaveURL(/window=7d/);
  await expect(buttons(page)).toHaveCount(5);
  await expect(page.getByText("All 5 matching rows of this window")).toBeVisible();
  await expect(page.getByText(/^End of the window, .* · 5 matching rows$/)).toBeVisible();
  // A window before all rows.
  await page.goto(`/logs/calls?caller=${old}&from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z`);
  await page.getByRole("button", { name: "Go to the newest row" }).click();
  await expect(button(page, 0)).toBeVisible();
});

test("nothing found anywhere says so, and takes the filters off", async ({ page }) => {
  await page.goto(`${mine}&provider_id=nobody`);
  await expect(page.getByRole("heading", { name: "No calls match in this window" })).toBeVisible();
  await expect(page.getByText("There is none before or after it either.")).toBeVisible();
  await expect(page.getByRole("button", { name: /^Widen to/ })).toHaveCount(0);
  await page.getByRole("button", { name: "Clear the filters" }).click();
  await expect(page).toHaveURL("/logs/calls");
  await expect(button(page, 0)).toBeVisible();
});

test("an address that is not understood is neither rows nor emptiness", async ({ page }) => {
  await page.goto("/logs/calls?provder_id=nobody");
  await expect(page.getByText("There is no filter named “provder_id”.")).toBeVisible();
  await expect(buttons(page)).toHaveCount(0);
  await expectAccessible(page, "problem");
  await page.getByRole("link", { name: "Show the last 24 hours" }).click();
  await expect(button(page, 0)).toBeVisible();
});

test("a value that a filter cannot have is such an address, too", async ({ page, tolerate }) => {
  tolerate(/status of 400/);
  for (const [value, fault] of [
    ["response_status=many", "response_status must be a whole number"],
    ["outcome=nope", /^outcome must be one of: .*policy_denial/],
  ] as const) {
    await page.goto(`/logs/calls?${value}`);
    await expect(page.getByText(fault)).toBeVisible();
    await expect(page.getByRole("heading", { name: "This address is not a search" })).toBeVisible();
  }
  await expect(page.getByRole("button", { name: "Try again" })).toHaveCount(0);
  await expect(buttons(page)).toHaveCount(0);
  await page.getByRole("link", { name: "Show the last 24 hours" }).click();
  await expect(button(page, 0)).toBeVisible();
});

test("a failing API is an error with its request id, never an empty log", async ({ page, tolerate }) => {
  tolerate(/status of 500/);
  await expect(button(page, 0)).toBeVisible();
  await page.route(SEARCH, broken);
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "req_e2e" })).toBeVisible();
  await expect(page.getByText("No calls")).toHaveCount(0);
  await expect(buttons(page)).toHaveCount(0);
  await expectAccessible(page, "error");
  await page.unroute(SEARCH);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(button(page, 0)).toBeVisible();
});

test("a server that is away is said to be away", async ({ page, tolerate }) => {
  tolerate(/ERR_CONNECTION_REFUSED/);
  await page.route(SEARCH, (route) => route.abort("connectionrefused"));
  await page.getByRole("button", { name: "Refresh" }).click();
  // It is asked for twice more before.
  await expect(page.getByRole("heading", { name: "The server cannot be reached" })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText("this says nothing about what is in the log")).toBeVisible();
  await page.unroute(SEARCH);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(button(page, 0)).toBeVisible();
});

test("a page that fails further down keeps the rows above it", async ({ page, tolerate }) => {
  tolerate(/status of 500/);
  await expect(button(page, 0)).toBeVisible();
  await page.route(SEARCH, broken);
  await scroller(page).evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await expect(page.getByText("Some rows could not be read")).toBeVisible();
  await expect(page.getByRole("alert").filter({ hasText: "req_e2e" })).toBeVisible();
  await expect(button(page, 60)).toBeVisible();
  await expectAccessible(page, "failed page");
  await page.unroute(SEARCH);
  await page
    .getByRole("contentinfo")
    .or(page.getByText("Some rows could not be read").locator(".."))
    .getByRole("button")
    .click();
  await expect(spoken(page, /^264 rows/)).toBeAttached();
});

test("a row that fails to open says so and can be asked again", async ({ page, tolerate }) => {
  tolerate(/status of 500/);
  await page.route("**/v1/events/*-*", broken);
  await button(page, 0).click();
  await expect(row(page, 0).getByRole("alert")).toContainText("req_e2e");
  // What the list knew is still there.
  await expect(
    row(page, 0)
      .getByRole("definition")
      .filter({ hasText: `${run}-calendar` }),
  ).toBeVisible();
  await expectAccessible(page, "failed row");
  await page.unroute("**/v1/events/*-*");
  await row(page, 0).getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("region", { name: "The row as JSON" })).toBeVisible();
});

test("a search under way is neither its predecessor's rows nor its emptiness", async ({ page }) => {
  await page.goto(`${mine}&provider_id=nobody`);
  await expect(page.getByRole("heading", { name: "No calls match in this window" })).toBeVisible();
  const answer = await hold(page);
  await page.getByRole("button", { name: "Remove the filter Provider ID: nobody" }).click();
  await expect(page.getByRole("heading", { name: /No calls/ })).toHaveCount(0);
  await expect(spoken(page, /^Searching$/)).toBeAttached();
  await expectAccessible(page, "loading");
  answer();
  await expect(button(page, 0)).toBeVisible();
});

test("while another search is asked for, the rows before it are marked and cannot be opened", async ({ page }) => {
  await expect(button(page, 0)).toBeVisible();
  const answer = await hold(page);
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect(page.locator("[role=grid][aria-busy=true][inert]")).toBeVisible();
  await expectAccessible(page, "refreshing");
  answer();
  await expect(grid(page)).toHaveAttribute("aria-busy", "false");
});

test("a browser that is offline says so, and goes on when it is back", async ({ page, context, tolerate }) => {
  tolerate(/ERR_INTERNET_DISCONNECTED/);
  await expect(button(page, 0)).toBeVisible();
  await context.setOffline(true);
  await expect(page.getByText("This browser is offline.")).toBeVisible();
  await expectAccessible(page, "offline");
  await expect(button(page, 0)).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText("This browser is offline.")).toHaveCount(0);
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect(button(page, 0)).toBeVisible();
});
