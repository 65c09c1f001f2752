import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { expect, type Page } from "@playwright/test";
import { demoCredentials, expectAccessible, postEvents, signIn, test } from "./demo";

/** Names that only this run's rows carry. */
const run = `e2e-${randomUUID().slice(0, 8)}`;
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const row = (index: number, extra: object = {}) => ({
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
const NAUGHTY = { reason: "a\u202eb\u0000c", url: "https://example.com/\u001b[31m", occurred_at: minutesAgo(0) };

test.beforeAll(async () => {
  const { url, api_key } = demoCredentials();
  await postEvents(url, api_key, [...Array.from({ length: 129 }, (_, index) => row(index + 1)), row(131, NAUGHTY)]);
});

const rows = (page: Page) => page.getByRole("row").filter({ has: page.getByRole("button", { expanded: false }) });
/** What screen readers are told of the search's result. */
const count = (page: Page, text: RegExp) => page.getByRole("status").filter({ hasText: text });
const mine = `/logs/calls?caller=${run}`;

test("signs in, filters, opens a row, downloads the CSV, and signs out", async ({ page }) => {
  test.slow();
  await page.goto(mine);
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await expectAccessible(page, "sign-in");
  await signIn(page, demoCredentials());
  // The page that was asked for, with its filter.
  await expect(page).toHaveURL(mine);
  await expect(rows(page).first()).toBeVisible();
  await expectAccessible(page, "rows");

  await page.getByRole("button", { name: /^Filter/ }).click();
  await expectAccessible(page, "filter panel");
  await page.getByRole("dialog").getByLabel("Provider ID").fill(`${run}-MAIL`);
  await page.getByRole("dialog").getByRole("combobox", { name: "Outcome" }).click();
  await page.getByRole("option", { name: "Policy denial" }).click();
  await page.getByRole("button", { name: "Show matching rows" }).click();
  await expect(count(page, /^25 rows$/)).toBeAttached();
  await expect(rows(page)).toHaveCount(25);
  await expect(page).toHaveURL(new RegExp(`caller=${run}.*outcome=policy_denial.*provider_id=${run}-MAIL`));

  await page.getByRole("button", { name: `Remove the filter Provider ID: ${run}-MAIL` }).click();
  await expect(count(page, /^25 rows$/)).toBeAttached();
  await page.goBack();
  await expect(page.getByRole("list", { name: "Filters" }).getByRole("listitem")).toHaveCount(3);

  await rows(page).first().getByRole("button").click();
  const json = page.getByRole("region", { name: "The row as JSON" });
  await expect(json).toContainText(`"request_body": "body 5"`);
  await expect(json).toContainText(`items/5?token=***`);
  await expectAccessible(page, "open row");

  const waiting = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download CSV" }).click();
  const download = await waiting;
  expect(download.suggestedFilename()).toMatch(/\.csv$/);
  const csv = (await readFile(await download.path(), "utf8"))
    .replace(/^\uFEFF/, "")
    .trim()
    .split("\r\n");
  expect(csv[0]).toContain("provider_id");
  expect(csv).toHaveLength(26);

  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await page.goto("/logs/calls");
  await expect(page).toHaveURL(/\/sign-in/);
});

test("a session ends everywhere when it is signed out", async ({ page, context }) => {
  await page.goto("/sign-in");
  await signIn(page, demoCredentials());
  const cookies = await context.cookies();
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await context.addCookies(cookies);
  expect((await page.request.get("/v1/apps")).status()).toBe(401);
});

test("a wrong password and an unknown name get one answer", async ({ page, tolerate }) => {
  tolerate(/status of 401/);
  await page.goto("/sign-in");
  for (const email of [demoCredentials().email, "nobody@example.com"]) {
    await page.getByLabel("E-mail address").fill(email);
    await page.getByLabel("Password").fill("wrong");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByText("E-mail address or password is wrong.")).toBeVisible();
  }
  await expectAccessible(page, "refused sign-in");
});

test.describe("signed in", () => {
  test.beforeEach(async ({ page }) => {
    await page.goto("/sign-in?next=/logs/calls");
    await signIn(page, demoCredentials());
  });

  test("rows come with the page, older ones while scrolling, each once", async ({ page }) => {
    const html = await (await page.request.get(mine)).text();
    expect(html).toContain(`${run}-calendar`);
    await page.goto(mine);
    await expect(count(page, /^(50|130) rows/)).toBeAttached();
    await expect
      .poll(async () => {
        await page
          .getByRole("region", { name: "Calls" })
          .evaluate((element) => element.scrollTo(0, element.scrollHeight));
        return page.getByText(/End of the window/).isVisible();
      })
      .toBe(true);
    await expect(rows(page)).toHaveCount(130);
    const ids = await page
      .locator("[data-row-button]")
      .evaluateAll((all) => all.map((one) => one.getAttribute("data-row-button")));
    expect(new Set(ids).size).toBe(130);
  });

  test("the keyboard alone goes through rows and opens them", async ({ page }) => {
    await page.goto(mine);
    await expect(rows(page).first()).toBeVisible();
    await page.getByRole("link", { name: /CSV/ }).focus();
    await page.keyboard.press("Tab");
    await expect(page.getByRole("button", { name: "Remove the filter Caller" })).toBeFocused();
    await page.keyboard.press("Tab");
    const buttons = page.locator("[data-row-button]");
    if (!(await buttons.first().evaluate((element) => element === document.activeElement)))
      await page.keyboard.press("Tab");
    await expect(buttons.first()).toBeFocused();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("j");
    await expect(buttons.nth(2)).toBeFocused();
    await page.keyboard.press("k");
    await page.keyboard.press("ArrowRight");
    await expect(buttons.nth(1)).toHaveAttribute("aria-expanded", "true");
    await expect(page.getByRole("region", { name: "The row as JSON" })).toBeVisible();
    await page.keyboard.press("ArrowLeft");
    await expect(buttons.nth(1)).toHaveAttribute("aria-expanded", "false");
  });

  test("the window is a preset or two times, and Back undoes it", async ({ page }) => {
    await page.goto(mine);
    await page.getByRole("button", { name: /^Time window/ }).click();
    await expectAccessible(page, "window picker");
    await page.getByRole("button", { name: "Last hour" }).click();
    await expect(page).toHaveURL(/window=1h/);
    await expect(count(page, /^(5\d|6[0-2]) rows/)).toBeAttached();
    await page.getByRole("button", { name: /^Time window/ }).click();
    const [from, to] = [minutesAgo(100.5), minutesAgo(90.5)];
    await page.getByLabel("From (UTC)").fill(from.slice(0, 19).replace("T", " "));
    await page.getByLabel("To (UTC), exclusive").fill(to);
    await page.getByRole("button", { name: "Show this window" }).click();
    await expect(rows(page)).toHaveCount(10);
    await page.goBack();
    await expect(page).toHaveURL(/window=1h/);
    await expect(count(page, /^(5\d|6[0-2]) rows/)).toBeAttached();
    await page.goForward();
    await expect(rows(page)).toHaveCount(10);
    await page.reload();
    await expect(rows(page)).toHaveCount(10);
  });

  test("nothing found, nothing understood and nothing answered are three different pages", async ({
    page,
    tolerate,
  }) => {
    tolerate(/status of 500/);
    await page.goto(`${mine}&provider_id=nobody`);
    await expect(page.getByRole("heading", { name: "No calls match in this window" })).toBeVisible();
    await expectAccessible(page, "empty");

    await page.goto("/logs/calls?provder_id=nobody");
    await expect(page.getByText("There is no filter named “provder_id”.")).toBeVisible();
    await expect(rows(page)).toHaveCount(0);
    await expectAccessible(page, "problem");

    await page.goto(mine);
    await expect(rows(page).first()).toBeVisible();
    const problem = {
      title: "Something went wrong on our side",
      detail: "Report it.",
      request_id: "req_e2e",
      status: 500,
    };
    await page.route("**/v1/events/search?*", (route) =>
      route.fulfill({ status: 500, json: problem, contentType: "application/problem+json" }),
    );
    await page.getByRole("button", { name: "Refresh" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "req_e2e" })).toBeVisible();
    await expect(page.getByText("No calls")).toHaveCount(0);
    await expect(rows(page)).toHaveCount(0);
    await expectAccessible(page, "error");
    await page.unroute("**/v1/events/search?*");
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(rows(page).first()).toBeVisible();
  });

  test("a search under way is neither its predecessor's rows nor its emptiness", async ({ page }) => {
    let answer = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const hold = async () => {
      await page.route("**/v1/events/search?*", async (route) => {
        await held;
        await route.continue();
      });
    };
    await page.goto(`${mine}&provider_id=nobody`);
    await expect(page.getByRole("heading", { name: "No calls match in this window" })).toBeVisible();
    await hold();
    await page.getByRole("button", { name: "Remove the filter Provider ID: nobody" }).click();
    await expect(page.getByRole("heading", { name: /No calls/ })).toHaveCount(0);
    await expect(page.getByRole("status").filter({ hasText: "Searching" })).toBeAttached();
    await expectAccessible(page, "loading");
    answer();
    await expect(rows(page).first()).toBeVisible();
  });

  test("while another filter is asked for, the rows before it are marked and cannot be opened", async ({ page }) => {
    await page.goto(mine);
    await expect(rows(page).first()).toBeVisible();
    await page.route("**/v1/events/search?*", () => {});
    await page.getByRole("button", { name: "Refresh" }).click();
    await expect(page.locator("[role=table][aria-busy=true][inert]")).toBeVisible();
    await expectAccessible(page, "refreshing");
  });

  test("what cannot be seen is shown as its escape", async ({ page }) => {
    await page.goto(`${mine}&latency_ms=131`);
    await expect(rows(page)).toHaveCount(1);
    await expect(rows(page).first()).toContainText("\\u001b[31m");
    await rows(page).first().getByRole("button").click();
    await expect(page.getByRole("region", { name: "The row as JSON" })).toContainText('"reason": "a\\u202eb\\u0000c"');
  });

  test("a session that ended meanwhile says so", async ({ page, context, tolerate }) => {
    tolerate(/status of 401/);
    await page.goto(mine);
    await expect(rows(page).first()).toBeVisible();
    await context.clearCookies();
    await page.getByRole("button", { name: "Refresh" }).click();
    await page.getByRole("button", { name: "Sign in again" }).click();
    await signIn(page, demoCredentials());
    await expect(page).toHaveURL(mine);
  });

  test("fits a phone", async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${mine}&outcome=policy_denial`);
    await expect(rows(page).first()).toBeVisible();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(390);
    await expectAccessible(page, "phone");
    await page.getByRole("button", { name: "Open the navigation" }).click();
    await expectAccessible(page, "phone, navigation");
    await page.getByRole("dialog").getByRole("link", { name: "API keys" }).click();
    await expect(page.getByRole("heading", { name: "API keys" })).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });
});
