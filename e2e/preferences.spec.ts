import { expect, type Page } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { demoCredentials, test } from "./demo";
import { asOwner, expectFits, fresh } from "./journey";

const clipboard = (page: Page) => page.evaluate(() => navigator.clipboard.readText());
const sqlOf = (page: Page, block: string) => page.getByTestId(block).locator("pre");

/** A Snowflake data source of the demo organization, made in the signed-in browser. @returns its id */
async function makeSnowflake(page: Page, name: string): Promise<string> {
  const { url, app_id } = demoCredentials();
  const made = await page.request.post("/v1/data-sources", {
    headers: { origin: url },
    data: { name, app_id, type: "snowflake" },
  });
  expect(made.status(), await made.text()).toBe(201);
  return ((await made.json()) as { id: string }).id;
}

test.beforeEach(({ context }) => context.grantPermissions(["clipboard-read", "clipboard-write"]));

test("the organization's id is copied as it is and with underscores, by keyboard", async ({ page }) => {
  const { org_id } = demoCredentials();
  await asOwner(page, "/settings/preferences");
  const navigation = page.getByRole("navigation", { name: "Main" });
  await expect(navigation.getByRole("link", { name: "Preferences" })).toHaveAttribute("aria-current", "page");
  const section = page.getByRole("region", { name: "Organization ID" });
  await section.getByRole("button", { name: "Copy the ID" }).focus();
  await page.keyboard.press("Enter");
  await expect(section.getByText("Copied")).toBeVisible();
  expect(await clipboard(page)).toBe(org_id);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect.poll(() => clipboard(page)).toBe(org_id.replaceAll("-", "_"));
  await expectAccessible(page, "preferences");
  await page.setViewportSize({ width: 390, height: 844 });
  await expectFits(page);
});

test("the SQL for Snowflake follows the gateway and the names, and is copied whole", async ({ page }) => {
  test.slow();
  const { org_id } = demoCredentials();
  await asOwner(page, "/settings/preferences");
  const name = fresh("Snow");
  await makeSnowflake(page, name);
  await page.reload();
  await page.getByRole("link", { name }).click();
  await expect(page.getByRole("heading", { name: `Snowflake: ${name}` })).toBeVisible();
  await expect(page.getByText("This SQL was not tried on Snowflake")).toBeVisible();
  await expect(sqlOf(page, "api-integration")).toContainText("API_PROVIDER = aws_api_gateway");
  await page.getByRole("combobox", { name: "Gateway" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("option", { name: "Azure API Management" }).click();
  await expect(sqlOf(page, "api-integration")).toContainText("API_PROVIDER = azure_api_management");
  await page.getByRole("textbox", { name: "Tenant ID" }).fill("a'tenant");
  await expect(sqlOf(page, "api-integration")).toContainText("AZURE_TENANT_ID = 'a''tenant'");
  await page.getByRole("textbox", { name: "Address at the gateway" }).fill("http://example.com/x/y");
  await expect(page.getByText("must be an https address")).toBeVisible();
  await page.getByRole("textbox", { name: "Address at the gateway" }).fill("https://example.com/x/y");
  await expect(sqlOf(page, "api-integration")).toContainText("API_ALLOWED_PREFIXES = ('https://example.com/x/')");
  await page.getByRole("textbox", { name: "Function name" }).fill('my "audit"');
  const full = `"AFFIDAVIT"."${org_id.replaceAll("-", "_")}"."my ""audit"""`;
  await expect(sqlOf(page, "functions")).toContainText(`CREATE OR REPLACE FUNCTION ${full}("records" ARRAY)`);
  await page.getByRole("textbox", { name: "Warehouse" }).fill("");
  await expect(page.getByText("must not be empty")).toBeVisible();
  await page.getByRole("textbox", { name: "Warehouse" }).fill("audit_wh");
  await expect(sqlOf(page, "monitor")).toHaveText('GRANT MONITOR ON WAREHOUSE "audit_wh" TO ROLE "AUDITOR";');
  await page.getByTestId("task").getByRole("button", { name: "Copy" }).click();
  await expect(page.getByTestId("task").getByText("Copied")).toBeVisible();
  expect(await clipboard(page)).toBe(await sqlOf(page, "task").textContent());
  expect(await clipboard(page)).toContain("RESUME;");
  await expectAccessible(page, "SQL for Snowflake");
  await page.setViewportSize({ width: 390, height: 844 });
  await expectFits(page);
});

test("a data source that has been silent says so, and one that has not says since when", async ({ page }) => {
  const { url, api_key } = demoCredentials();
  await asOwner(page, "/settings/preferences");
  const id = await makeSnowflake(page, fresh("Snow"));
  const address = `/settings/data-sources/${id}/snowflake`;
  await page.goto(address);
  await expect(page.getByText("Queries: none in 30 days · custom events: none in 30 days")).toBeVisible();
  const record = { event_type: "LOGIN", content_type: "application/json", event_details: { user_name: "ANA" } };
  const sent = await fetch(`${url}/v1/custom-events?data_source_id=${id}`, {
    method: "POST",
    headers: { authorization: `Bearer ${api_key}`, "content-type": "application/json" },
    body: JSON.stringify([record]),
  });
  expect(sent.status, await sent.text()).toBe(201);
  await page.goto(address);
  await expect(page.getByText(/^Queries: none in 30 days · custom events: \d+ s ago$/)).toBeVisible();
});
