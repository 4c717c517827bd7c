import { expect, it } from "vitest";
import { builtSite, pause, soon } from "../browser.js";

const open = builtSite();

it("a deep Q network balances the pole for a hundred steps and more; a reader plays with the arrow keys", async () => {
  const { page, complaints, close } = await open("learn/agents-and-representations.html");
  const element = page.locator("nn-cart-pole");
  const button = (text: string) => element.getByRole("button", { name: text, exact: true });
  const number = async (attribute: string): Promise<number> => Number(await element.locator(`[${attribute}]`).first().getAttribute(attribute));
  // The reader holds a key: the cart leaves to the right, and the pole falls.
  await button("you").click();
  await page.keyboard.down("ArrowRight");
  await element.getByText(/Fell after \d+ steps/).waitFor(soon);
  await page.keyboard.up("ArrowRight");
  expect(await number("data-game")).toBeLessThan(30);
  await button("nobody").click();
  await button("Train").click();
  await expect.poll(() => number("data-trial"), soon).toBeGreaterThan(100);
  expect(await number("data-episodes")).toBeGreaterThan(20);
  await pause(element);
  // The trained network plays on the screen.
  await button("the network").click();
  await expect.poll(() => number("data-game"), soon).toBeGreaterThan(100);
  await button("0.9").click();
  await expect.poll(() => number("data-steps"), soon).toBe(0);
  expect(new URL(page.url()).searchParams.get("discount")).toBe("0.9");
  expect(complaints).toEqual([]);
  await close();
});

it("contrastive learning finds features from which a few labels suffice", async () => {
  const { page, complaints, close } = await open("learn/agents-and-representations.html");
  const element = page.locator("nn-contrastive");
  const number = async (attribute: string): Promise<number> => Number(await element.locator(`[${attribute}]`).first().getAttribute(attribute));
  await expect.poll(() => number("data-probe"), soon).toBeLessThan(0.5);
  await element.getByRole("button", { name: "Train", exact: true }).click();
  const pixels = await number("data-pixels");
  await expect.poll(() => number("data-probe"), soon).toBeGreaterThan(pixels + 0.05);
  await expect.poll(() => number("data-alike"), soon).toBeGreaterThan(await number("data-alike-pixels"));
  await element.getByRole("slider", { name: "Chosen digit" }).fill("7");
  await expect.poll(() => new URL(page.url()).searchParams.get("digit"), soon).toBe("7");
  expect(complaints).toEqual([]);
  await close();
});

it("in Korean trains too, on a phone, in the dark", async () => {
  const { page, complaints, close } = await open("ko/learn/agents-and-representations.html", { width: 400, colorScheme: "dark" });
  const element = page.locator("nn-cart-pole");
  await element.getByRole("button", { name: "학습", exact: true }).click();
  await expect.poll(async () => Number(await element.locator("[data-episodes]").getAttribute("data-episodes")), soon).toBeGreaterThan(20);
  expect(complaints).toEqual([]);
  await close();
});
