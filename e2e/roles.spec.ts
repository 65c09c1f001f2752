import { expect, type Page } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { demoCredentials, test } from "./demo";
import { asOwner, fresh, item, makeApplication, signInTo } from "./journey";
import { makeOrganization, makePerson } from "./people";

const url = process.env.AFFIDAVIT_E2E_URL ?? "";

test("an auditor is told what the role lacks, and sees no button for it", async ({ page }) => {
  const { org_id } = demoCredentials();
  await page.goto("/settings/api-keys");
  await signInTo(page, await makePerson({ orgId: org_id, role: "auditor" }));
  await expect(page.getByText("Your role, auditor, may not manage API keys.")).toBeVisible();
  await expectAccessible(page, "refused page");
  await page.goto("/settings/applications");
  await expect(page.getByText("Your role, auditor, may not manage applications.")).toBeVisible();
  const navigation = page.getByRole("navigation", { name: "Main" });
  await expect(navigation.getByRole("link", { name: "Calls" })).toBeVisible();
  await expect(navigation.getByRole("link", { name: /Applications|API keys/ })).toHaveCount(0);
});

/** Does what `act` does, and returns its server action as it was sent. */
async function captureAction(page: Page, act: () => Promise<void>) {
  const waiting = page.waitForRequest((request) => request.headers()["next-action"] !== undefined);
  await act();
  const request = await waiting;
  const { "next-action": id = "", "content-type": type = "" } = request.headers();
  return { path: new URL(request.url()).pathname, id, type, body: request.postData() ?? "" };
}

test("somebody else's act on one's application or key is not found, and a role that lacks it is refused", async ({
  page,
  browser,
}) => {
  test.slow();
  const name = fresh("Guarded");
  await asOwner(page, "/settings/applications");
  await makeApplication(page, name);
  await page.getByRole("button", { name: `Rename ${name}` }).click();
  await page.getByRole("textbox", { name: "Name" }).fill(`${name} again`);
  const rename = await captureAction(page, () =>
    page.getByRole("dialog").getByRole("button", { name: "Rename" }).click(),
  );
  await expect(item(page, `${name} again`)).toBeVisible();
  const { orgId } = await makeOrganization(fresh("Strangers"));
  const { org_id } = demoCredentials();
  const wanted = { owner: "not_found", auditor: "forbidden", developer: "forbidden" };
  for (const [role, code] of Object.entries(wanted)) {
    const context = await browser.newContext({ baseURL: url });
    const other = await context.newPage();
    await other.goto("/account");
    await signInTo(other, await makePerson({ orgId: role === "owner" ? orgId : org_id, role }));
    const answer = await other.request.post(rename.path, {
      headers: { "next-action": rename.id, "content-type": rename.type, accept: "text/x-component", origin: url },
      data: rename.body.replace(`${name} again`, "Stolen"),
    });
    const text = await answer.text();
    expect(text, role).toContain(`"code":"${code}"`);
    expect(text, role).not.toContain("Stolen");
    await context.close();
  }
  await page.reload();
  await expect(item(page, `${name} again`)).toBeVisible();
  await expect(item(page, "Stolen")).toHaveCount(0);
});
