import type { Page } from "playwright";
import { expect, it } from "vitest";
import { lessons } from "../.vitepress/lessons.js";
import { brokenWords, builtSite, hidden, lookNarrow, narrow, seriousFaults, shown, wide } from "./browser.js";

const open = builtSite();

/** Looks at a page, and then at the other views of its figure: all else on the page is the same there. */
async function lookAtViews(page: Page): Promise<void> {
  const look = async (part?: string): Promise<void> => {
    await shown(page);
    expect(await seriousFaults(page, part)).toEqual([]);
    expect(await hidden(page)).toBe(0);
  };
  await look();
  const views = page.locator(".views");
  for (const name of await views.locator("button[aria-pressed=false]").allTextContents()) {
    await views.getByRole("button", { name, exact: true }).click();
    await look(await views.evaluate((element) => (element.getRootNode() as ShadowRoot).host.localName));
  }
}

it.each(lessons.map(({ name }) => name))("%s has no serious accessibility fault in any view, wide and light, narrow and dark, and fits; in Korean too, with whole words", async (lesson) => {
  const english = await open(`learn/${lesson}.html`, wide);
  await lookAtViews(english.page);
  await lookNarrow(english.page);
  await lookAtViews(english.page);
  expect(english.complaints).toEqual([]);
  await english.close();
  // The Korean page has the same figures with other words.
  const korean = await open(`ko/learn/${lesson}.html`, narrow);
  await lookAtViews(korean.page);
  expect(await brokenWords(korean.page)).toEqual([]);
  expect(korean.complaints).toEqual([]);
  await korean.close();
});
