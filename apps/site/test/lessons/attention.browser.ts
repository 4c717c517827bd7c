import { expect, it } from "vitest";
import type { Page } from "playwright";
import { builtSite, button, number, pause, seriousFaults, soon } from "../browser.js";

const open = builtSite();

/** How much each place looks at the digit that it needs. */
const neededShares = (page: Page): Promise<readonly number[]> => page.locator(".cell.needed").evaluateAll((all) => all.map((each) => Number(each.getAttribute("data-share"))));

it("a transformer learns to sort, and its map becomes the right one; without positions it fails", async () => {
  const { page, complaints, close } = await open("learn/attention.html");
  await expect.poll(async () => (await neededShares(page)).length, soon).toBe(6);
  expect(Math.max(...await neededShares(page))).toBeLessThan(0.6);
  await button(page, "Train").click();
  await expect.poll(() => number(page, "data-accuracy"), soon).toBeGreaterThan(0.9);
  await pause(page);
  await expect.poll(async () => Math.min(...await neededShares(page)), soon).toBeGreaterThan(0.5);
  // A digit is changed: 3 becomes 5, and the answers follow.
  await button(page, "3, digit 1 of the list: take the next one").click();
  expect(new URL(page.url()).searchParams.get("list")).toBe("581604");
  await button(page, "Look into place 4").click();
  await page.getByRole("status").getByText("Place 4 writes 5").waitFor(soon);

  await page.getByRole("checkbox", { name: "positions" }).uncheck();
  await expect.poll(() => number(page, "data-steps"), soon).toBe(0);
  await button(page, "Train").click();
  await expect.poll(() => number(page, "data-steps"), soon).toBeGreaterThan(100);
  expect(await number(page, "data-accuracy")).toBeLessThan(0.1);
  expect(complaints).toEqual([]);
  await close();
});

it("a small GPT writes words of its text, and learns what a reader writes", async () => {
  const { page, complaints, close } = await open("learn/attention.html?view=gpt");
  await expect.poll(() => number(page, "data-known"), soon).toBeLessThan(0.5);
  await page.getByLabel("Temperature").fill("0");
  await button(page, "Train").click();
  await expect.poll(() => number(page, "data-steps"), soon).toBeGreaterThan(250);
  await pause(page);
  expect(await number(page, "data-known")).toBeGreaterThan(0.8);
  expect(new URL(page.url()).searchParams.get("temperature")).toBe("0.2");
  expect(await seriousFaults(page)).toEqual([]);
  const text = page.getByLabel("The text that it learns from");
  await text.fill("one two three.\nfour five six.");
  await button(page, "Start again").click();
  await expect.poll(() => number(page, "data-steps"), soon).toBe(0);
  expect(new URL(page.url()).searchParams.get("text")).toBe("one two three.\nfour five six.");
  expect(complaints).toEqual([]);
  await close();
});

it("a small BERT fills a gap from both sides, and cannot from the left alone", async () => {
  const { page, complaints, close } = await open("learn/attention.html?view=bert");
  const frog = async (): Promise<number> => Number(await page.locator('[data-word="frog"]').getAttribute("data-probability", { timeout: 1000 }).catch(() => 0));
  await button(page, "Train").click();
  await expect.poll(frog, soon).toBeGreaterThan(0.8);
  await page.getByLabel("looks only to the left").check();
  await expect.poll(() => number(page, "data-steps"), soon).toBe(0);
  await button(page, "Train").click();
  await expect.poll(() => number(page, "data-steps"), soon).toBeGreaterThan(150);
  expect(await frog()).toBeLessThan(0.5);
  expect(await seriousFaults(page)).toEqual([]);
  expect(complaints).toEqual([]);
  await close();
});

it("in Korean trains too, on a phone, in the dark", async () => {
  const { page, complaints, close } = await open("ko/learn/attention.html?view=bert", { width: 400, colorScheme: "dark" });
  await button(page, "학습").click();
  await page.getByRole("status").getByText("가장 그럴듯한 낱말: 개구리가").waitFor(soon);
  expect(complaints).toEqual([]);
  await close();
});
