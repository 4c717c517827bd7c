import { expect, it } from "vitest";
import { lessons } from "../.vitepress/lessons.js";
import { builtSite, seriousFaults } from "./browser.js";

const open = builtSite();

const pagesOfLessons = lessons.flatMap(({ name }) => [`learn/${name}.html`, `ko/learn/${name}.html`]);

it.each(pagesOfLessons)("%s has no serious accessibility fault, and fits narrow screens", async (lesson) => {
  for (const [width, colorScheme] of [[400, "dark"], [1400, "light"]] as const) {
    const { page, complaints, close } = await open(lesson, { width, colorScheme });
    await page.locator(".figure").first().waitFor();
    // A lesson may have several figures.
    await page.waitForLoadState("networkidle");
    expect(await seriousFaults(page)).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")).toBe(0);
    expect(complaints).toEqual([]);
    await close();
  }
});
