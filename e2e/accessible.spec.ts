import { expect } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { test } from "./demo";

const rows = (make: (n: number) => string) => Array.from({ length: 32 }, (_, n) => make(n)).join("");

/** What the pages of the portal must not have, among much that is right. */
const BAD: Record<string, string> = {
  "color-contrast": `<p>Black</p><p style="color:#aaa">Grey</p>`,
  "color-contrast, in dark alone": `<style>@media (prefers-color-scheme: dark) { b { color: #eee } }</style><b>Text</b>`,
  "color-contrast, one of many": rows((n) => `<p style="color:${n === 17 ? "#bbb" : "#000"}">Row ${n}</p>`),
  "color-contrast, over a layer": rows(
    (n) =>
      `<div style="position:relative">${n === 20 ? '<i style="position:absolute;inset:0;background:#222"></i>' : ""}<span style="position:relative">Row ${n}</span></div>`,
  ),
  "link-in-text-block": `<p>Black text, and <a href="#" style="color:#00008b;text-decoration:none">a link</a> in it, and more.</p>`,
  "image-alt": `<p>Text</p><img src="data:,">`,
  "button-name": rows((n) => `<button>${n === 31 ? "" : `Button ${n}`}</button>`),
};

for (const [what, html] of Object.entries(BAD)) {
  test(`finds ${what}`, async ({ page }) => {
    await page.setContent(`<html lang="en"><title>Bad</title><main><h1>Bad</h1>${html}</main></html>`);
    const found = await expectAccessible(page, what).then(
      () => "nothing",
      (error: Error) => error.message,
    );
    expect(found).toContain(`${what.split(",")[0]}: `);
  });
}

test("finds nothing in a page that is right", async ({ page }) => {
  const text = rows((n) => `<p>Row ${n}</p>`);
  await page.setContent(`<html lang="en"><title>Good</title><main><h1>Good</h1>${text}</main></html>`);
  await expectAccessible(page, "good");
});
