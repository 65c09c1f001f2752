import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, type Page } from "@playwright/test";
import pg from "pg";
import { expectAccessible } from "./accessible";
import { demoCredentials, test } from "./demo";
import { asOwner, expectFits, fresh, item, signInTo } from "./journey";
import { makePerson } from "./people";

/** The embedded server, over TCP with its password, as any other PostgreSQL: it has a database of its own for this file. */
const server = new URL(readFileSync(path.join(process.env.AFFIDAVIT_E2E_DATA ?? "", "postgres-url"), "utf8").trim());
const DATABASE = `shop_${process.pid}`;
const ROLE = `reader_${process.pid}`;
const PASSWORD = "canary-e2e-61f0";

async function asSuperuser(database: string, ...statements: string[]): Promise<void> {
  const address = new URL(server);
  address.pathname = `/${database}`;
  const client = new pg.Client({ connectionString: address.href });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

test.beforeAll(async () => {
  await asSuperuser("postgres", `create role ${ROLE} login password '${PASSWORD}'`, `create database ${DATABASE}`);
  await asSuperuser(
    DATABASE,
    "create table customers (id int primary key, email text, phone text)",
    "create table orders (id int primary key, total numeric(10, 2))",
  );
});
test.afterAll(() => asSuperuser("postgres", `drop database ${DATABASE} with (force)`, `drop role ${ROLE}`));

async function fill(page: Page, name: string, password: string): Promise<void> {
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Name" }).fill(name);
  await dialog.getByRole("textbox", { name: "Host" }).fill("127.0.0.1");
  await dialog.getByRole("textbox", { name: "Port" }).fill(server.port);
  await dialog.getByRole("textbox", { name: "Database" }).fill(DATABASE);
  await dialog.getByRole("textbox", { name: "User" }).fill(ROLE);
  await dialog.getByLabel("Password").fill(password);
  await dialog.getByRole("combobox", { name: "TLS" }).click();
  await page.getByRole("option", { name: /Without TLS/ }).click();
}

test("connects PostgreSQL, tests it, reads its catalogue, tags a column, sees what is not recorded, and disconnects", async ({
  page,
  tolerate,
}) => {
  test.slow();
  // Its settings are asked for with the wrong password, too.
  tolerate(/409 \(Conflict\)/);
  const name = fresh("Shop");
  await asOwner(page, "/settings/data-sources");
  await expect(page.getByRole("heading", { name: "Data sources" })).toBeVisible();
  await page.getByRole("button", { name: "Connect a data source" }).click();
  await expect(page.getByRole("textbox", { name: "Name" })).toBeFocused();
  await fill(page, name, "wrong");
  await expectAccessible(page, "form of a data source");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByText("must say why the connection goes without TLS")).toBeVisible();
  await page.getByRole("textbox", { name: "Why without TLS" }).fill("the same machine");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByRole("heading", { name })).toBeVisible();
  await expect(page.getByText("Not tested yet")).toBeVisible();

  await page.getByRole("button", { name: `Test ${name}` }).click();
  await expect(page.getByText(`Last test failed: The password of “${ROLE}” was refused`).first()).toBeVisible();
  await expect(page.getByText("Connected", { exact: true })).toHaveCount(0);
  await page.getByRole("button", { name: "Read from the source" }).click();
  const catalogue = page.getByRole("region", { name: "Catalogue" });
  await expect(catalogue.getByRole("alert")).toContainText("was refused");
  const collector = page.getByRole("region", { name: "Collector" });
  await expect(collector.getByText(/--log-dir '<log_directory of the server>'/)).toBeVisible();
  await expect(collector.getByText(/current_setting\('data_directory'\)/)).toBeVisible();
  await page.getByRole("button", { name: `Edit ${name}` }).click();
  await page.getByRole("dialog").getByRole("textbox", { name: "Name" }).fill(`${name} 2`);
  await page.getByRole("dialog").getByLabel("Password").fill(PASSWORD);
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("status").filter({ hasText: `Changed “${name} 2”` })).toBeVisible();
  await expect(page.getByText("was refused")).toHaveCount(0);
  await page.getByRole("button", { name: `Edit ${name} 2` }).click();
  await page.getByRole("dialog").getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { name, exact: true })).toBeVisible();
  await page.getByRole("button", { name: `Test ${name}` }).click();
  await expect(page.getByText(/Connected to PostgreSQL 18\.\d+ as/)).toBeVisible();

  const coverage = page.getByRole("region", { name: "What will be recorded" });
  await coverage.getByRole("button", { name: "Check again" }).click();
  await expect(
    coverage.getByText("Nothing is recorded: no table of it is known. Read the catalogue first.").first(),
  ).toBeVisible();
  await expect(coverage.getByText(/ALTER SYSTEM SET log_min_duration_statement = 0;/)).toBeVisible();
  await expect(page.getByText(/affidavit collect postgres/)).toBeVisible();

  await page.getByRole("button", { name: "Read from the source" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Read 5 columns: 5 new, 0 gone" })).toBeVisible();
  const customers = page.getByRole("region", { name: "public.customers" });
  await customers.getByRole("checkbox", { name: "phone is connected" }).click();
  await expect(customers.getByRole("checkbox", { name: "phone is connected" })).not.toBeChecked();
  await customers.getByRole("button", { name: "Tag email" }).click();
  await page.getByRole("textbox", { name: "Key" }).fill("sensitivity");
  await page.getByRole("textbox", { name: "Value" }).fill("personal");
  await page.getByRole("button", { name: "Add the tag" }).click();
  await expect(customers.getByText("personal")).toBeVisible();
  await page
    .getByRole("region", { name: "public.orders" })
    .getByRole("button", { name: /Disconnect the table/ })
    .click();
  await expect(page.getByRole("button", { name: "Connect the table orders" })).toBeVisible();
  await page.getByRole("searchbox", { name: "Search the catalogue" }).fill("customers.em");
  await expect(page.getByRole("checkbox")).toHaveCount(1);
  await expectAccessible(page, "page of a data source");
  await customers.getByRole("button", { name: "Take the tag sensitivity off email" }).click();
  await expect(customers.getByText("personal")).toHaveCount(0);
  expect(await page.content()).not.toContain("canary");

  await page.getByRole("button", { name: `Disconnect ${name}` }).click();
  await expect(page.getByRole("dialog")).toContainText("Its password is forgotten");
  await page.getByRole("dialog").getByRole("button", { name: "Disconnect", exact: true }).click();
  await expect(page.getByRole("status").filter({ hasText: `Disconnected “${name}”` })).toBeVisible();
  await expect(page.getByRole("heading", { name })).toBeFocused();
  await page.getByRole("link", { name: "All data sources" }).click();
  await expect(item(page, name)).toContainText("Disconnected");
  await expectAccessible(page, "data sources");
  await page.setViewportSize({ width: 390, height: 844 });
  await expectFits(page);
});

test("an address that this server may not reach is refused at its field", async ({ page }) => {
  await asOwner(page, "/settings/data-sources");
  await page.getByRole("button", { name: "Connect a data source" }).click();
  await fill(page, fresh("Metadata"), "x");
  await page.getByRole("textbox", { name: "Why without TLS" }).fill("none");
  await page.getByRole("textbox", { name: "Host" }).fill("0xa9fea9fe");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByText(/is an address that this server may not connect to/)).toBeVisible();
});

test("Snowflake warns of the grant without which nothing is recorded", async ({ page }) => {
  const name = fresh("Warehouse");
  await asOwner(page, "/settings/data-sources");
  await page.getByRole("button", { name: "Connect a data source" }).click();
  await page.getByRole("dialog").getByRole("combobox", { name: "Type" }).click();
  await page.getByRole("option", { name: "Snowflake" }).click();
  await page.getByRole("dialog").getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByRole("heading", { name })).toBeVisible();
  await expect(page.getByText("Without MONITOR on a warehouse, nothing of it is recorded.")).toBeVisible();
  await page.getByRole("link", { name: "SQL for this data source" }).click();
  await expect(page.getByRole("heading", { name: `Snowflake: ${name}` })).toBeVisible();
});

test("an auditor is told what the role lacks; a data source of nobody is not found", async ({ page }) => {
  const { org_id } = demoCredentials();
  await page.goto("/settings/data-sources");
  await signInTo(page, await makePerson({ orgId: org_id, role: "auditor" }));
  await expect(page.getByText("Your role, auditor, may not manage data sources.")).toBeVisible();
  await expect(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Data sources" })).toHaveCount(
    0,
  );
});
