import type { Page } from "playwright";
import { expect, it } from "vitest";
import { lessons } from "../.vitepress/lessons.js";
import { builtSite, seriousFaults } from "./browser.js";

const open = builtSite();

const pagesOfLessons = lessons.flatMap(({ name }) => [`learn/${name}.html`, `ko/learn/${name}.html`]);

/** Shows each view of each figure of a page, one after the other, and looks at the page each time. */
async function lookAtViews(page: Page, look: () => Promise<void>): Promise<void> {
  await look();
  const others = page.locator(".views button[aria-pressed=false]");
  const count = await others.count();
  for (let at = 0; at < count; at++) {
    // The view that was shown before is among the others again, at its place.
    await page.locator(".views button").nth(at + 1).click();
    await page.waitForLoadState("networkidle");
    await look();
  }
}

it.each(pagesOfLessons)("%s has no serious accessibility fault in any view, and fits narrow screens", async (lesson) => {
  for (const [width, colorScheme] of [[400, "dark"], [1400, "light"]] as const) {
    const { page, complaints, close } = await open(lesson, { width, colorScheme });
    await page.locator(".figure").first().waitFor();
    // A lesson may have several figures.
    await page.waitForLoadState("networkidle");
    await lookAtViews(page, async () => {
      expect(await seriousFaults(page)).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")).toBe(0);
    });
    expect(complaints).toEqual([]);
    await close();
  }
});
