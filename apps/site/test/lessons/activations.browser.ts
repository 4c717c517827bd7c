import { expect, it } from "vitest";
import { builtSite, button, number, soon } from "../browser.js";

const open = builtSite();

it("gradients vanish behind ten sigmoids, and not behind ReLU or with batch normalisation; ReLU units die", async () => {
  const { page, address, complaints, close } = await open("learn/activations.html");
  await expect.poll(() => number(page, "data-ratio"), soon).toBeLessThan(1e-4);
  await page.getByLabel("batch normalisation").check();
  await expect.poll(() => number(page, "data-ratio"), soon).toBeGreaterThan(0.01);
  await page.goto(`${address}learn/activations.html?activation=ReLU&rate=3&depth=4`);
  await expect.poll(() => number(page, "data-ratio"), soon).toBeGreaterThan(0.01);
  await button(page, "Train").click();
  await expect.poll(() => number(page, "data-dead"), soon).toBeGreaterThan(0.3);
  await button(page, "leaky ReLU").click();
  await button(page, "Train").click();
  await expect.poll(() => number(page, "data-steps"), soon).toBeGreaterThan(60);
  expect(await number(page, "data-dead")).toBe(0);
  expect(complaints).toEqual([]);
  await close();
});
