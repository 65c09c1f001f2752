import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** What axe decides by colour. Colours are all that the schemes differ by: everything else is looked at in one of them. */
const BY_COLOUR = "link-in-text-block";
/** Alone three quarters of the time on a page of 4,000 elements. */
const CONTRAST = "color-contrast";
const LOOK = "data-e2e-look";

/**
 * Marks three elements of every look on the page, or all where there are fewer, and says how many looks there are. A look is
 * what the contrast of a text follows from: its own and its ancestors' tags, classes and computed colours, layers beside them, and what makes axe
 * pass over it (disabled, not visible, a single character). Of 32 alike rows one is right or wrong as the others are.
 */
function markLooks(page: Page): Promise<number> {
  return page.evaluate((mark) => {
    const looks = new Map<Element, string>();
    const layers = new Map<Element, string>();
    /** Backgrounds that elements out of the flow may put behind their siblings. */
    const layersIn = (parent: Element): string => {
      const known = layers.get(parent);
      if (known !== undefined) return known;
      const styles = [...parent.children].map((child) => getComputedStyle(child));
      const own = styles.filter(({ position }) => position !== "static").map(({ backgroundColor }) => backgroundColor);
      layers.set(parent, [...new Set(own)].sort().join());
      return layersIn(parent);
    };
    const lookOf = (element: Element): string => {
      const known = looks.get(element);
      if (known !== undefined) return known;
      const { color, backgroundColor, backgroundImage, opacity, fontSize, fontWeight, visibility } =
        getComputedStyle(element);
      const own = [color, backgroundColor, backgroundImage, opacity, fontSize, fontWeight, visibility].join();
      const parent = element.parentElement ? lookOf(element.parentElement) : "";
      const look = `${parent}>${element.tagName}.${element.getAttribute("class") ?? ""}:${own}:${layersIn(element)}`;
      looks.set(element, look);
      return look;
    };
    const textOf = (element: Element) =>
      element.matches("input, select, textarea")
        ? "a field"
        : [...element.childNodes]
            .filter(({ nodeType }) => nodeType === Node.TEXT_NODE)
            .map(({ textContent }) => textContent?.trim() ?? "")
            .join("");
    const disabled = (element: Element) => {
      const control = element.closest("label")?.control;
      const of = control ? [element, control] : [element];
      return of.some((one) => one.closest(":disabled, [aria-disabled=true]") !== null);
    };
    const found = new Map<string, Element[]>();
    for (const element of document.body.querySelectorAll("*")) {
      const text = textOf(element);
      if (!text) continue;
      const key = [lookOf(element), text.length > 1, disabled(element), element.checkVisibility()].join("|");
      found.set(key, [...(found.get(key) ?? []), element]);
    }
    for (const alike of found.values()) {
      for (const element of [alike[0], alike[Math.floor(alike.length / 2)], alike.at(-1)])
        element?.setAttribute(mark, "");
    }
    return found.size;
  }, LOOK);
}

const unmarkLooks = (page: Page) =>
  page.evaluate((mark) => {
    for (const element of document.querySelectorAll(`[${mark}]`)) element.removeAttribute(mark);
  }, LOOK);

/**
 * Runs axe in the page itself: it has no frames, and the other way opens a second page for every run. Its 500 KB are loaded
 * once a page, and not twice a run.
 */
async function axe(page: Page, rules: object): Promise<AxeBuilder> {
  const isThere = await page.evaluate(() => "axe" in window);
  const builder = new AxeBuilder(isThere ? { page, axeSource: "0" } : { page });
  return builder.options({ resultTypes: ["violations"], ...rules }).setLegacyMode();
}
const only = (rule: string) => ({ runOnly: { type: "rule", values: [rule] } });

/** No finding of any impact, in both colour schemes. */
export async function expectAccessible(page: Page, state: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const whole = colorScheme === "light" ? { rules: { [CONTRAST]: { enabled: false } } } : only(BY_COLOUR);
    const runs = [await (await axe(page, whole)).analyze()];
    if ((await markLooks(page)) > 0) {
      runs.push(await (await axe(page, only(CONTRAST))).include(`[${LOOK}]`).analyze());
    }
    await unmarkLooks(page);
    const found = runs
      .flatMap(({ violations }) => violations)
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
    expect(found, `axe, ${state}, ${colorScheme}`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: "light" });
}
