import type { Page } from "playwright";
import { expect, it } from "vitest";
import { builtSite, soon } from "../browser.js";

const open = builtSite();

/** One of the three figures: its buttons and numbers. */
function figureOf(page: Page, name: string) {
  const element = page.locator(name);
  return {
    element,
    button: (text: string) => element.getByRole("button", { name: text, exact: true }),
    number: async (attribute: string): Promise<number> => Number(await element.locator(`[${attribute}]`).first().getAttribute(attribute)),
  };
}

it("an autoencoder squeezes digits into two numbers, and draws a digit at any of them", async () => {
  const { page, complaints, close } = await open("learn/generative.html");
  const { element, button, number } = figureOf(page, "nn-autoencoder");
  await button("Train").click();
  await expect.poll(() => number("data-error"), soon).toBeLessThan(0.028);
  expect(await number("data-divergence")).toBeGreaterThan(1);
  // The ring is moved by keys, and noted in the address.
  const ring = element.getByRole("slider");
  const before = await ring.getAttribute("aria-valuetext");
  await ring.press("ArrowUp");
  await expect.poll(() => ring.getAttribute("aria-valuetext"), soon).not.toBe(before);
  expect(new URL(page.url()).searchParams.get("code")?.split(",").length).toBe(2);
  await button("plain").click();
  await expect.poll(() => number("data-steps"), soon).toBe(0);
  expect(await element.locator("[data-divergence]").count()).toBe(0);
  expect(complaints).toEqual([]);
  await close();
});

it("two networks compete, until the generated points lie like the real ones", async () => {
  const { page, complaints, close } = await open("learn/generative.html?real=spot");
  const { button, number } = figureOf(page, "nn-adversaries");
  await expect.poll(() => number("data-distance"), soon).toBeGreaterThan(0.3);
  await button("Train").click();
  await expect.poll(() => number("data-steps"), soon).toBe(3000);
  expect(await number("data-distance")).toBeLessThan(0.05);
  expect(Math.abs(await number("data-caught") - 0.5)).toBeLessThan(0.15);
  expect(complaints).toEqual([]);
  await close();
});

it("diffusion makes points of the moons out of noise", async () => {
  const { page, complaints, close } = await open("learn/generative.html");
  const { element, button, number } = figureOf(page, "nn-diffusion");
  await button("Train").click();
  await expect.poll(() => number("data-distance"), soon).toBeLessThan(0.06);
  await element.getByRole("slider").fill("40");
  await expect.poll(() => number("data-kept"), soon).toBeLessThan(0.01);
  expect(new URL(page.url()).searchParams.get("level")).toBe("40");
  await button("Run backwards").click();
  await expect.poll(() => number("data-kept"), soon).toBe(1);
  expect(complaints).toEqual([]);
  await close();
});

it("in Korean trains too, on a phone, in the dark", async () => {
  const { page, complaints, close } = await open("ko/learn/generative.html", { width: 400, colorScheme: "dark" });
  const { button, number } = figureOf(page, "nn-diffusion");
  await button("학습").click();
  await expect.poll(() => number("data-distance"), soon).toBeLessThan(0.15);
  expect(complaints).toEqual([]);
  await close();
});
