import { expect, it } from "vitest";
import { builtSite, button, number, soon } from "../browser.js";

const open = builtSite();

it("a large network over-fits, one neuron under-fits; L2 and early stopping end with a lower validation loss", async () => {
  const { page, address, complaints, close } = await open("learn/over-fitting.html");
  const figure = page.locator("nn-over-fitting");
  const train = figure.getByRole("button", { name: "Train", exact: true });
  const done = (text: string) => figure.getByRole("status").getByText(text).waitFor(soon);
  await train.click();
  await done("Over-fitting");
  const without = await number(page, "data-validation");
  expect(await number(page, "data-training")).toBeLessThan(0.01);
  expect(without).toBeGreaterThan(0.7);
  // The run before stays, for comparison.
  await figure.getByRole("group", { name: "L2" }).getByRole("button", { name: "3", exact: true }).click();
  await expect.poll(() => number(page, "data-before"), soon).toBe(without);
  await train.click();
  await done("hardly rose");
  expect(await number(page, "data-validation")).toBeLessThan(without / 2);
  // The address brings the settings back.
  await page.goto(`${address}learn/over-fitting.html?use=earlyStopping`);
  expect(await figure.getByLabel("early stopping").isChecked()).toBe(true);
  await train.click();
  await done("no better validation loss for 100 epochs");
  expect(await number(page, "data-epochs")).toBe(await number(page, "data-best") + 100);
  expect(await number(page, "data-validation")).toBeLessThan(without / 2);
  await figure.getByRole("slider", { name: "Neurons" }).press("Home");
  expect(new URL(page.url()).searchParams.get("neurons")).toBe("1");
  await figure.getByLabel("early stopping").uncheck();
  await train.click();
  await done("Under-fitting");
  expect(complaints).toEqual([]);
  await close();
});

it("cross-validation finds that the best weight decay lies between, and Bayesian optimisation finds a better one", async () => {
  const { page, complaints, close } = await open("learn/over-fitting.html?folds=5");
  const train = (figure: string) => page.locator(figure).getByRole("button", { name: "Train", exact: true }).click();
  await train("nn-cross-validation");
  await expect.poll(() => number(page, "data-networks"), soon).toBe(40);
  await page.locator("nn-cross-validation").getByRole("status").getByText("lowest mean").waitFor(soon);
  const [decay, mean] = [await number(page, "data-decay"), await number(page, "data-mean")];
  expect(decay).toBeGreaterThan(0.1);
  expect(decay).toBeLessThan(20);
  expect(await number(page, "data-std")).toBeGreaterThan(0);
  // A step is a trial; from the third on the next one is where the expected improvement is largest.
  const step = page.locator("nn-bayesian-optimisation").getByRole("button", { name: "One step", exact: true });
  for (const count of [1, 2, 3]) {
    await step.click();
    await expect.poll(() => number(page, "data-trials"), soon).toBe(count);
  }
  await page.locator("nn-bayesian-optimisation").getByRole("status").getByText("expected improvement is largest").waitFor(soon);
  await train("nn-bayesian-optimisation");
  await page.locator("nn-bayesian-optimisation").getByRole("status").getByText("After 12 trials").waitFor(soon);
  expect(await number(page, "data-best-loss")).toBeLessThan(mean);
  expect(complaints).toEqual([]);
  await close();
});

it("trains in Korean too", async () => {
  const { page, complaints, close } = await open("ko/learn/over-fitting.html?use=mixup", { width: 400, colorScheme: "dark" });
  await button(page, "학습").first().click();
  await page.locator("nn-over-fitting").getByRole("status").getByText("거의 올라가지 않았습니다").waitFor(soon);
  expect(await number(page, "data-validation")).toBeLessThan(0.4);
  expect(complaints).toEqual([]);
  await close();
});
