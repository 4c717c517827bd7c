import { expect, it } from "vitest";
import { builtSite, button, number, soon } from "../browser.js";

const open = builtSite();

it("momentum and Adam are ahead of SGD in the ravine; the start can be moved; networks race; small batches are ahead", async () => {
  const { page, address, complaints, close } = await open("learn/optimizers.html");
  const of = (name: string, what: string) => page.locator(`[data-optimizer="${name}"]`).getAttribute(`data-${what}`).then(Number);
  await button(page, "Train").click();
  await expect.poll(() => number(page, "data-steps"), soon).toBe(300);
  const [sgd, momentum, adam] = [await of("SGD", "arrival"), await of("momentum", "arrival"), await of("Adam", "arrival")];
  expect(momentum).toBeLessThan(sgd);
  expect(adam).toBeLessThan(sgd);
  const start = page.getByRole("slider", { name: "the start" });
  await start.press("ArrowUp");
  await expect.poll(() => number(page, "data-steps"), soon).toBe(0);
  expect(new URL(page.url()).searchParams.get("start")).toBe("-3.6,1.7");
  await page.goto(`${address}learn/optimizers.html?surface=ravine&rates=2,0.1,0.1,1,1,0.05,0.2`);
  await button(page, "Train").click();
  await page.getByText("diverged").waitFor(soon);

  await button(page, "a network").click();
  await button(page, "Train").click();
  await expect.poll(() => number(page, "data-epochs"), soon).toBeGreaterThan(20);
  expect(await of("Adam", "loss")).toBeLessThan(await of("SGD", "loss"));

  await button(page, "batches").click();
  await button(page, "÷ 10 at 1/2 and 3/4").click();
  await button(page, "Train").click();
  await expect.poll(() => number(page, "data-epochs"), soon).toBe(60);
  const loss = (batch: number) => page.locator(`[data-batch="${batch}"]`).getAttribute("data-loss").then(Number);
  expect(await loss(16)).toBeLessThan(await loss(128));
  expect(await loss(1)).toBeLessThan(await loss(16));
  expect(complaints).toEqual([]);
  await close();
});

it("in Korean trains too, on a phone, in the dark", async () => {
  const { page, complaints, close } = await open("ko/learn/optimizers.html", { width: 400, colorScheme: "dark" });
  await button(page, "학습").click();
  await page.getByRole("status").getByText("300단계").waitFor(soon);
  expect(complaints).toEqual([]);
  await close();
});
