import { expect, type Page } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { test } from "./demo";
import { expectFits } from "./journey";
import { buttons, callOf, enter, newRun, writeRows } from "./log-page";

const run = newRun();
/** 10 rows; those of 0 and 5 were denied, and have another provider. Their latencies are 0 to 9 ms. */
test.beforeAll(() => writeRows(Array.from({ length: 10 }, (_, index) => callOf(run, index))));

const bar = (page: Page) => page.getByRole("combobox", { name: "Query" });
const chips = (page: Page) => page.getByRole("list", { name: "Filters" }).getByRole("listitem");

async function ask(page: Page, query: string): Promise<void> {
  await page.keyboard.press("/");
  await expect(bar(page)).toBeFocused();
  await bar(page).fill(query);
  await page.keyboard.press("Enter");
}

test("bar, chips, panel, address and Back say the same", async ({ page }) => {
  await enter(page, "/logs/calls");
  await ask(page, `latency_ms:>=3 -provider_id:${run}-mail caller:${run}`);
  await expect(buttons(page)).toHaveCount(6);
  await expect(page).toHaveURL(`/logs/calls?caller=${run}&q=latency_ms%3A%3E%3D3+-provider_id%3A${run}-mail`);
  await expect(bar(page)).toHaveValue(`caller:${run} latency_ms:>=3 -provider_id:${run}-mail`);
  await expect(chips(page)).toHaveText([`Caller: ${run}`, `Query: latency_ms:>=3 -provider_id:${run}-mail`]);
  await expectAccessible(page, "query bar");

  // The panel changes its own, and leaves the rest.
  await page.getByRole("button", { name: /^Filter/ }).click();
  await page.getByRole("dialog").getByLabel("Provider ID").fill(`${run}-mail`);
  await page.getByRole("button", { name: "Show matching rows" }).click();
  await expect(bar(page)).toHaveValue(`caller:${run} provider_id:${run}-mail latency_ms:>=3 -provider_id:${run}-mail`);
  await expect(buttons(page)).toHaveCount(0);
  await page.getByRole("button", { name: /Remove the filter Query/ }).click();
  await expect(bar(page)).toHaveValue(`caller:${run} provider_id:${run}-mail`);
  await expect(buttons(page)).toHaveCount(2);
  await page.goBack();
  await page.goBack();
  await expect(bar(page)).toHaveValue(`caller:${run} latency_ms:>=3 -provider_id:${run}-mail`);
  await expect(buttons(page)).toHaveCount(6);
});

test("a query that is wrong is told at its place, and the rows stay those of the one before", async ({ page }) => {
  await enter(page, `/logs/calls?caller=${run}`);
  await expect(buttons(page)).toHaveCount(10);
  await ask(page, "outcom:success latency_ms:>fast");
  const fault = page.getByRole("alert").filter({ hasText: "Did you mean outcome?" });
  await expect(fault).toContainText("latency_ms must be a whole number. Character 16.");
  await expect(bar(page)).toHaveAttribute("aria-invalid", "true");
  const selected = await bar(page).evaluate((input: HTMLInputElement) =>
    input.value.slice(input.selectionStart ?? 0, input.selectionEnd ?? 0),
  );
  expect(selected).toBe("outcom:success");
  await expect(buttons(page)).toHaveCount(10);
  await expectAccessible(page, "a faulty query");
  await bar(page).press("Escape");
  await expect(bar(page)).toHaveValue(`caller:${run}`);
  await expect(fault).toHaveCount(0);
});

test("fields and values are suggested where the caret is, and put there by keyboard", async ({ page }) => {
  await enter(page, "/logs/calls");
  await page.keyboard.press("/");
  await page.keyboard.type(`caller:${run} -outc`);
  const options = page.getByRole("listbox", { name: "Suggestions" }).getByRole("option");
  await expect(options).toHaveText([/^outcome: *Outcome/]);
  await page.keyboard.press("ArrowDown");
  await expect(options.first()).toHaveAttribute("aria-selected", "true");
  await expectAccessible(page, "suggestions");
  await page.keyboard.press("Enter");
  await expect(bar(page)).toHaveValue(`caller:${run} -outcome:`);
  // As the log has them, with how many rows.
  await expect(options.filter({ hasText: /^success *[\d,]+ rows?/ })).toHaveCount(1);
  await page.keyboard.type("den");
  await expect(options).toHaveText([/^policy_denial/]);
  await options.first().click();
  await expect(bar(page)).toHaveValue(`caller:${run} -outcome:policy_denial `);
  await page.keyboard.press("Escape");
  await expect(options).toHaveCount(0);
  await expect(bar(page)).toHaveValue(`caller:${run} -outcome:policy_denial `);
  await page.keyboard.press("Enter");
  await expect(buttons(page)).toHaveCount(8);
});

test("an address whose query is wrong is neither rows nor emptiness", async ({ page, tolerate }) => {
  tolerate(/status of 400/);
  await enter(page, "/logs/calls?q=outcom%3Asuccess");
  await expect(page.getByText("outcom is no field here. Did you mean outcome?")).toBeVisible();
  await expect(buttons(page)).toHaveCount(0);
});

test("fits a phone", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await enter(page, `/logs/calls?caller=${run}&q=-provider_id%3Anobody`);
  await expect(bar(page)).toHaveValue(`caller:${run} -provider_id:nobody`);
  await expectFits(page);
});
